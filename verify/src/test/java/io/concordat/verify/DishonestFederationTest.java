package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that break the protocol with good signatures and a well-made log: what the carrier of a
 * pack cannot do, they can. Each kind of statement lies once, and the check that is about it says
 * so.
 */
class DishonestFederationTest {
  private static final Digest OTHER = Digests.sha256(new byte[] {1});

  private final LoggedFederation world = new LoggedFederation(7);

  @TempDir Path folder;

  /** One kind of statement, altered before it is signed. */
  private static <T extends Statement> Trouble lie(Class<T> kind, UnaryOperator<T> lie) {
    return new Trouble() {
      @Override
      public Statement says(Statement honest) {
        return kind.isInstance(honest) ? lie.apply(kind.cast(honest)) : honest;
      }
    };
  }

  private static Trouble strangerSigns(Class<? extends Statement> kind, SigningKey stranger) {
    return new Trouble() {
      @Override
      public SigningKey signsWith(Statement statement, SigningKey own) {
        return kind.isInstance(statement) ? stranger : own;
      }
    };
  }

  private List<Check> failed() throws IOException {
    return PackReader.verify(folder, world, world.pack()).stream()
        .filter(check -> !check.ok())
        .toList();
  }

  private List<String> failedNames() throws IOException {
    return failed().stream().map(Check::name).toList();
  }

  private JobRecord runUnder(Trouble trouble) throws IOException {
    world.begin();
    JobRecord job = world.submit(Jobs.STATISTICS);
    world.trouble = trouble;
    world.complete(job);
    return job;
  }

  private void assertNotices(Trouble trouble, String... checks) throws IOException {
    JobRecord job = runUnder(trouble);
    String prefix = JobStage.name(job) + ": ";
    List<String> names = failedNames();
    for (String check : checks) {
      assertThat(names.stream().map(n -> n.replace(prefix, ""))).contains(check);
    }
  }

  @Test
  void aCohortBelowTheMinimum() throws IOException {
    assertNotices(
        lie(
            CohortFixed.class,
            f ->
                new CohortFixed(
                    f.ctx(), f.cohort().subList(0, 2), f.openers(), f.sum(), f.sumLength())),
        ReplayStage.RULES,
        JobStage.COHORTS);
  }

  @Test
  void aSummedCiphertextThatIsNotTheSum() throws IOException {
    assertNotices(
        new Trouble() {
          @Override
          public byte[] fixes(byte[] sum) {
            sum[BulkHead.BYTES] ^= 1;
            return sum;
          }
        },
        JobStage.SUMS);
  }

  @Test
  void aFingerprintThatIsNotTheContributions() throws IOException {
    assertNotices(
        lie(
            FingerprintStated.class,
            f -> {
              byte[] value = f.value();
              value[0] ^= f.silo().equals("budapest") ? 1 : 0;
              return new FingerprintStated(f.manifest(), f.silo(), value);
            }),
        JobStage.SUMS);
  }

  @Test
  void aFingerprintOfAnotherManifest() throws IOException {
    assertNotices(
        lie(FingerprintStated.class, f -> new FingerprintStated(OTHER, f.silo(), f.value())),
        JobStage.SUMS);
  }

  @Test
  void aContributionUnderAStrangersKey() throws IOException {
    assertNotices(strangerSigns(ContributionHeader.class, world.key()), JobStage.CONTRIBUTIONS);
  }

  @Test
  void aContributionThatChargesLessThanItsPrice() throws IOException {
    assertNotices(
        lie(
            ContributionHeader.class,
            h ->
                new ContributionHeader(
                    h.ctx(), h.silo(), h.length(), h.root(), h.boxes(), h.chargeUnits() + 1)),
        JobStage.CONTRIBUTIONS);
  }

  @Test
  void aKeyHolderThatLiesAboutItsShares() throws IOException {
    assertNotices(
        new Trouble() {
          @Override
          public byte[] answers(int position, byte[] keySum) {
            keySum[BulkHead.BYTES] ^= position == 2 ? 1 : 0;
            return keySum;
          }
        },
        JobStage.OPENINGS);
  }

  @Test
  void anAnswerUnderAnotherHoldersKey() throws IOException {
    assertNotices(strangerSigns(KeySumStated.class, world.key()), JobStage.OPENINGS);
  }

  @Test
  void anAnswerToAnotherManifest() throws IOException {
    assertNotices(
        lie(KeySumStated.class, k -> new KeySumStated(OTHER, k.position(), k.object())),
        JobStage.OPENINGS);
  }

  @Test
  void anOpeningThatClaimsAnotherKeySum() throws IOException {
    assertNotices(
        lie(
            RoundOpened.class,
            o -> new RoundOpened(o.manifest(), o.answers(), o.fingerprints(), OTHER, o.state())),
        JobStage.OPENINGS);
  }

  @Test
  void anOpeningThatClaimsOtherFingerprints() throws IOException {
    assertNotices(
        lie(
            RoundOpened.class,
            o -> new RoundOpened(o.manifest(), o.answers(), OTHER, o.keySum(), o.state())),
        JobStage.SUMS);
  }

  @Test
  void anOpeningThatClaimsAnotherState() throws IOException {
    assertNotices(
        lie(
            RoundOpened.class,
            o -> new RoundOpened(o.manifest(), o.answers(), o.fingerprints(), o.keySum(), OTHER)),
        JobStage.STATES);
  }

  @Test
  void anOpeningWithTooFewRecordsBeforeIt() throws IOException {
    assertNotices(
        new Trouble() {
          @Override
          public boolean records(int position) {
            return position <= 2;
          }
        },
        ReplayStage.RULES);
  }

  @Test
  void aRecordInAnothersName() throws IOException {
    assertNotices(strangerSigns(OpeningRecorded.class, world.key()), ReplayStage.SIGNERS);
  }

  @Test
  void anAnnouncementWithAnotherLayout() throws IOException {
    assertNotices(
        lie(
            RoundAnnounced.class,
            a ->
                new RoundAnnounced(
                    a.federation(),
                    a.policy(),
                    a.job(),
                    a.round(),
                    a.state(),
                    a.parameters(),
                    a.values() + 1,
                    a.bits(),
                    a.maxCohort(),
                    a.roster(),
                    a.boxKeys(),
                    a.deadline())),
        JobStage.STATES);
  }

  private static Trouble onState(Digest state) {
    return lie(
        RoundAnnounced.class,
        a ->
            new RoundAnnounced(
                a.federation(),
                a.policy(),
                a.job(),
                a.round(),
                state,
                a.parameters(),
                a.values(),
                a.bits(),
                a.maxCohort(),
                a.roster(),
                a.boxKeys(),
                a.deadline()));
  }

  @Test
  void anAnnouncementOfAnotherModel() throws IOException {
    assertNotices(onState(OTHER), ReplayStage.RULES);
  }

  @Test
  void aResultThatNoRoundLedTo() throws IOException {
    assertNotices(
        lie(JobEnded.class, e -> new JobEnded(e.job(), e.outcome(), e.code(), Optional.of(OTHER))),
        ReplayStage.RULES);
  }

  @Test
  void aSilentSiloIsCheckedFromItsCiphertext() throws IOException {
    JobRecord job =
        runUnder(
            new Trouble() {
              @Override
              public boolean silent(String silo) {
                return silo.equals("long-beach");
              }
            });
    assertThat(failed()).isEmpty();
    world.files.keySet().removeIf(path -> path.startsWith("ciphertexts/"));
    assertThat(failed())
        .extracting(Check::name)
        .contains(JobStage.name(job) + ": " + JobStage.SUMS);
  }

  @Test
  void nothingGoesOnFromARoundThatDoesNotHold() throws IOException {
    world.begin();
    JobRecord job = world.submit(Jobs.AVERAGING);
    new LoggedRound(world, job).run(new TreeSet<>(LoggedFederation.HOSPITALS));
    world.trouble =
        lie(
            RoundOpened.class,
            o -> new RoundOpened(o.manifest(), o.answers(), o.fingerprints(), o.keySum(), OTHER));
    new LoggedRound(world, job).run(new TreeSet<>(LoggedFederation.HOSPITALS));
    // The next round is announced on the state that was claimed, so the log itself is in order.
    world.trouble = onState(OTHER);
    new LoggedRound(world, job).run(new TreeSet<>(LoggedFederation.HOSPITALS));
    assertThat(failed())
        .filteredOn(check -> check.name().endsWith(JobStage.STATES))
        .singleElement()
        .satisfies(check ->
            assertThat(check.detail())
                .contains("round 2: leads to")
                .contains("round 3: round 2 leads to another state")
                .doesNotContain("round 1:"));
  }

  @Test
  void aManifestThatOverstatesItsSumExcusesNoMissingSum() throws IOException {
    JobRecord job =
        runUnder(
            lie(
                CohortFixed.class,
                f ->
                    new CohortFixed(
                        f.ctx(),
                        f.cohort(),
                        f.openers(),
                        f.sum(),
                        2 * PackLayout.LARGEST_SUM_BYTES)));
    world.files.keySet().removeIf(path -> path.startsWith("sums/"));
    assertThat(failed())
        .filteredOn(check -> check.name().equals(JobStage.name(job) + ": " + JobStage.SUMS))
        .singleElement()
        .satisfies(check -> {
          assertThat(check.outcome()).isEqualTo(Check.Outcome.FAILED);
          assertThat(check.detail()).contains("round 1: not in the pack: sums/");
        });
  }
}
