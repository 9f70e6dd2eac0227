package io.concordat.protocol.ledger;

import static io.concordat.protocol.testing.Handmade.CAPPED;
import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.PRICE;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Thaw;
import io.concordat.protocol.testing.Handmade;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FederationLedgerTest {
  private final Handmade log = new Handmade().begun();
  private final List<String> all = log.silos;
  private final List<String> three = log.silos.subList(0, 3);

  @Test
  void replayOfTheSameLeavesGivesTheSameVerdictsAndRoot() {
    JobRecord job = log.running(CAPPED, 2);
    log.open(job, all);
    log.byAggregator(log.manifest(job.current().orElseThrow().ctx(), three));
    FederationLedger other = log.emptyLedger();
    log.leaves.forEach(other::apply);
    assertThat(other.frontier().root()).isEqualTo(log.ledger.frontier().root());
    for (int i = 0; i < log.leaves.size(); i++) {
      assertThat(other.verdict(i)).isEqualTo(log.ledger.verdict(i));
    }
    assertThat(other.budgets().committed("silo-0", "capped"))
        .isEqualTo(log.ledger.budgets().committed("silo-0", "capped"));
  }

  @Test
  void keepsAnEntryThatIsNotOneAsAnInvalidLeaf() {
    long before = log.ledger.size();
    assertThat(code(log.ledger.apply(new byte[] {1, 2, 3}))).contains(Code.LOG_ENTRY);
    assertThat(log.ledger.size()).isEqualTo(before + 1);
  }

  /** The time of an entry is the aggregator's to write; everything else is signed by the actor. */
  @Test
  void noFlippedBitOfALeafChangesWhatItsActorSaid() throws Exception {
    log.running(OPEN, 1);
    byte[] leaf = log.leaves.getLast();
    SignedStatement said = LogEntry.read(leaf).signed();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = leaf.clone();
      flipped[random.nextInt(leaf.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(LogEntry.read(flipped).signed()).isEqualTo(said);
      } catch (DecodeException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void theLogBeginsWithItsGenesisAndHasNoSecondOne() {
    Handmade other = new Handmade();
    assertThat(code(other.byNode("silo-0", freeze("silo-0", 1)))).contains(Code.LOG_ENTRY);
    assertThat(
            code(
                log.byAggregator(
                    new io.concordat.protocol.statement.Genesis(
                        Handmade.FEDERATION, 1, log.rules.policy()))))
        .contains(Code.LOG_ENTRY);
  }

  @Test
  void refusesAJobOfASubmitterNobodyEndorsed() {
    Handmade other = new Handmade();
    good(
        other.byAggregator(
            new io.concordat.protocol.statement.Genesis(
                Handmade.FEDERATION, 1, other.rules.policy())));
    assertThat(code(other.submit(other.job(OPEN, 1)))).contains(Code.JOB_SUBMITTER);
  }

  @Test
  void refusesTheSameJobTwice() {
    SignedStatement job = log.job(OPEN, 1);
    good(log.submit(job));
    assertThat(code(log.submit(job))).contains(Code.JOB_DUPLICATE);
  }

  @Test
  void theFirstAnnouncementIsTheRoundAndASecondOneIsRefused() {
    JobRecord job = log.running(OPEN, 2);
    RoundRecord round = log.announce(job);
    log.time = log.time.plusSeconds(1);
    RoundAnnounced again = new Handmade().begun().announcement(job);
    assertThat(code(log.byAggregator(secondRoundOne(round.announcement()))))
        .contains(Code.ROUND_NOT_FIRST);
    assertThat(again.round()).isEqualTo(2);
    assertThat(job.rounds()).hasSize(1);
  }

  private RoundAnnounced secondRoundOne(RoundAnnounced a) {
    return new RoundAnnounced(
        a.federation(),
        a.policy(),
        a.job(),
        a.round(),
        a.state(),
        a.parameters(),
        a.values(),
        a.bits(),
        a.maxCohort(),
        a.roster(),
        a.boxKeys(),
        a.deadline().plusSeconds(1));
  }

  @Test
  void anInvalidFirstAnnouncementBurnsItsNumber() {
    JobRecord job = log.running(OPEN, 2);
    RoundAnnounced a = log.announcement(job);
    RoundAnnounced crafted =
        new RoundAnnounced(
            a.federation(),
            a.policy(),
            a.job(),
            a.round(),
            Digests.sha256("crafted"),
            a.parameters(),
            a.values(),
            a.bits(),
            a.maxCohort(),
            a.roster(),
            a.boxKeys(),
            a.deadline());
    assertThat(code(log.byAggregator(crafted))).contains(Code.ROUND_STATE);
    assertThat(code(log.byAggregator(a))).contains(Code.ROUND_NOT_FIRST);
    assertThat(code(log.byAggregator(log.manifest(crafted.ctx(), all)))).contains(Code.ROUND_STATE);
  }

  @Test
  void refusesAnAnnouncementUnderOldMissingOrForeignBoxKeys() {
    JobRecord job = log.running(OPEN, 2);
    RoundAnnounced a = log.announcement(job);
    RoundAnnounced two =
        new RoundAnnounced(
            a.federation(),
            a.policy(),
            a.job(),
            a.round(),
            a.state(),
            a.parameters(),
            a.values(),
            a.bits(),
            a.maxCohort(),
            a.roster(),
            a.boxKeys().subList(0, 2),
            a.deadline());
    assertThat(code(log.byAggregator(two))).contains(Code.ROUND_HOLDERS_MISSING);
    log.time = log.time.plus(Duration.ofHours(49));
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.BOX_KEY_STALE);
  }

  @Test
  void theFirstManifestIsBindingEvenWhenItBreaksARule() {
    JobRecord job = log.running(OPEN, 1);
    RoundRecord round = log.announce(job);
    assertThat(code(log.byAggregator(log.manifest(round.ctx(), all.subList(0, 2)))))
        .contains(Code.ROUND_COHORT_TOO_SMALL);
    assertThat(code(log.byAggregator(log.manifest(round.ctx(), all))))
        .contains(Code.ROUND_SECOND_COHORT);
    assertThat(round.validManifest()).isEmpty();
  }

  @Test
  void aRoundWithFewerThanTMinusFRecordsIsClosedAndNotCharged() {
    JobRecord job = log.running(CAPPED, 2);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    log.record(manifest, 1);
    assertThat(round.charged()).isTrue();
    log.announce(job);
    assertThat(round.closed()).isTrue();
    assertThat(round.charged()).isFalse();
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(2 * PRICE);
  }

  @Test
  void aRoundWithTMinusFRecordsIsChargedThoughItNeverOpened() {
    JobRecord job = log.running(CAPPED, 2);
    RoundRecord round = log.announce(job);
    log.record(log.fix(round, three), 2);
    log.announce(job);
    assertThat(round.closed()).isFalse();
    assertThat(round.charged()).isTrue();
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(3 * PRICE);
    assertThat(log.ledger.budgets().committed("silo-3", "capped")).isEqualTo(2 * PRICE);
  }

  @Test
  void aRecordAfterTheRoundsEndDoesNotCount() {
    JobRecord job = log.running(CAPPED, 2);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    log.record(manifest, 1);
    log.announce(job);
    assertThat(code(log.byNode("silo-1", new OpeningRecorded(manifest.digest(), 2))))
        .contains(Code.ROUND_ENDED);
    assertThat(round.closed()).isTrue();
  }

  @Test
  void refusesAJobWhosePriceDoesNotFitBesideWhatRunningJobsHoldBack() {
    good(log.submit(log.job(CAPPED, 6)));
    assertThat(code(log.submit(log.job(CAPPED, 5)))).contains(Code.JOB_BUDGET);
    good(log.submit(log.job(CAPPED, 4)));
  }

  @Test
  void whatAJobHeldBackAndDidNotUseIsFreeAgainWhenItEnds() {
    JobRecord job = log.running(CAPPED, 6);
    log.open(job, all);
    good(
        log.byAggregator(
            new JobEnded(
                job.digest(),
                JobEnded.Outcome.CANCELLED,
                Optional.of("job.cancelled"),
                Optional.empty())));
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(PRICE);
    assertThat(log.ledger.budgets().left("silo-0", CAPPED)).contains(9 * PRICE);
  }

  @Test
  void refusesAManifestThatCountedFailuresHaveMadeTooDear() {
    JobRecord job = log.running(CAPPED, 9);
    for (int failure = 0; failure < 2; failure++) {
      log.record(log.fix(log.announce(job), all), 3);
      if (failure == 0) {
        assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(9 * PRICE);
      }
    }
    RoundRecord third = log.announce(job);
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(11 * PRICE);
    assertThat(code(log.byAggregator(log.manifest(third.ctx(), all)))).contains(Code.ROUND_BUDGET);
  }

  @Test
  void threeFailuresInARowEndAJob() {
    JobRecord job = log.running(OPEN, 2);
    log.announce(job);
    log.announce(job);
    log.announce(job);
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_ROUNDS_FAILED);
  }

  @Test
  void anExactJobKeepsItsFirstCountedCohort() {
    JobRecord job = log.running(OPEN, 3);
    log.open(job, three);
    assertThat(code(log.byAggregator(log.manifest(log.announce(job).ctx(), all))))
        .contains(Code.ROUND_COHORT_CHANGED);
  }

  @Test
  void exactCohortsOfADatasetAreAtMostTwoAndFarApart() {
    Handmade eight = new Handmade(8, false).begun();
    JobRecord first = eight.running(OPEN, 1);
    eight.open(first, eight.silos.subList(0, 5));
    JobRecord second = eight.running(OPEN, 1);
    assertThat(
            code(
                eight.byAggregator(
                    eight.manifest(eight.announce(second).ctx(), eight.silos.subList(0, 6)))))
        .contains(Code.ROUND_COHORT_CHANGED);
    eight.open(second, eight.silos.subList(0, 8));
    JobRecord third = eight.running(OPEN, 1);
    assertThat(
            code(
                eight.byAggregator(
                    eight.manifest(eight.announce(third).ctx(), eight.silos.subList(2, 6)))))
        .contains(Code.ROUND_COHORT_CHANGED);
    eight.open(third, eight.silos.subList(0, 5));
  }

  @Test
  void exactCohortsAreCountedByPersonsWhateverTheDatasetIsCalled() {
    Handmade eight = new Handmade(8, false).begun();
    eight.open(eight.running(OPEN, 1), eight.silos.subList(0, 5));
    for (String silo : eight.silos) {
      good(eight.byNode(silo, new DatasetDeclared(Handmade.ALSO_OPEN, silo, 100)));
    }
    JobRecord other = eight.running(Handmade.ALSO_OPEN, 1);
    assertThat(
            code(
                eight.byAggregator(
                    eight.manifest(eight.announce(other).ctx(), eight.silos.subList(0, 6)))))
        .contains(Code.ROUND_COHORT_CHANGED);
    eight.open(other, eight.silos.subList(0, 5));
  }

  @Test
  void aSpoiledRoundStopsTheJobAndItsCohortNeedsApprovalsLater() {
    JobRecord job = log.running(OPEN, 2);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    log.record(manifest, 4);
    good(
        log.byAggregator(
            new RoundFailed(
                RoundFailed.Kind.SPOILED, manifest.digest(), List.of(1, 2, 3, 4), "no subset")));
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.ROUND_SPOILED);
    JobRecord next = log.running(OPEN, 1);
    RoundRecord again = log.announce(next);
    assertThat(code(log.byAggregator(log.manifest(again.ctx(), all)))).contains(Code.ROUND_SPOILED);
    for (String silo : three) {
      good(
          log.byNode(
              silo, new JobDecision(JobDecision.Kind.APPROVED, next.digest(), silo, "seen")));
    }
    log.fix(log.announce(next), all);
  }

  @Test
  void oneInstitutionFreezesAndOnlyTheThresholdThaws() {
    JobRecord job = log.running(OPEN, 2);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    long at = log.ledger.size();
    good(log.byNode("silo-3", freeze("silo-3", 1)));
    assertThat(code(log.byNode("silo-0", new OpeningRecorded(manifest.digest(), 1))))
        .contains(Code.POLICY_FROZEN);
    assertThat(code(log.byNode("silo-3", freeze("silo-3", 1)))).contains(Code.REQUEST_REPLAYED);
    good(log.byNode("silo-0", thaw("silo-0", 1, at)));
    good(log.byNode("silo-1", thaw("silo-1", 1, at)));
    assertThat(log.ledger.frozen()).isTrue();
    good(log.byNode("silo-2", thaw("silo-2", 1, at)));
    assertThat(log.ledger.frozen()).isFalse();
    log.record(manifest, 3);
  }

  private static Freeze freeze(String institution, long number) {
    return new Freeze(institution, number, "stop");
  }

  private static Thaw thaw(String institution, long number, long freeze) {
    return new Thaw(institution, number, freeze, "go on");
  }

  @Test
  void aJobSucceedsOnlyWithAllItsOpeningsAndTheStateTheyLedTo() {
    JobRecord job = log.running(OPEN, 1);
    Digest other = Digests.sha256("another result");
    assertThat(code(log.byAggregator(succeeded(job, job.state())))).contains(Code.ROUND_STATE);
    log.open(job, all);
    assertThat(code(log.byAggregator(succeeded(job, other)))).contains(Code.ROUND_STATE);
    good(log.byAggregator(succeeded(job, job.state())));
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_ENDED);
  }

  private static JobEnded succeeded(JobRecord job, Digest result) {
    return new JobEnded(
        job.digest(), JobEnded.Outcome.SUCCEEDED, Optional.empty(), Optional.of(result));
  }

  @Test
  void manualApprovalKeepsSilosOutOfRostersUntilTheyApprove() {
    Handmade careful = new Handmade(4, true).begun();
    JobRecord job = careful.running(OPEN, 1);
    assertThat(code(careful.byAggregator(careful.announcement(job)))).contains(Code.ROUND_ROSTER);
    for (String silo : careful.silos) {
      good(
          careful.byNode(
              silo, new JobDecision(JobDecision.Kind.APPROVED, job.digest(), silo, "fine")));
    }
    good(careful.byAggregator(careful.announcement(job)));
  }

  @Test
  void refusesAnAnnouncementAfterThePolicyHasExpired() {
    JobRecord job = log.running(OPEN, 1);
    log.time = log.rules.expires();
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.POLICY_EXPIRED);
  }
}
