package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.statement.JobSubmitted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log in which something stands that ought not to, or ought to and does not, though it is well
 * made and cosigned: the check that is about it says so.
 */
class DishonestLogTest {
  private final LoggedFederation world = new LoggedFederation(7);

  @TempDir Path folder;

  private List<Check> failed() throws IOException {
    return PackReader.verify(folder, world, world.pack()).stream()
        .filter(check -> !check.ok())
        .toList();
  }

  private List<String> failedNames() throws IOException {
    return failed().stream().map(Check::name).toList();
  }

  @Test
  void aJobOfAPersonWhomNobodyEndorsed() throws IOException {
    world.begin();
    SigningKey stranger = world.key();
    byte[] file = Jobs.STATISTICS.getBytes(StandardCharsets.UTF_8);
    world.append(
        LogEntry.SUBMITTER,
        stranger,
        new JobSubmitted(new String(file, StandardCharsets.UTF_8), stranger.verifyingKey()));
    assertThat(failed())
        .singleElement()
        .satisfies(check -> {
          assertThat(check.name()).isEqualTo(ReplayStage.RULES);
          assertThat(check.detail()).contains("job.submitted").contains("job.submitter");
        });
  }

  @Test
  void anEntryWhoseSignatureDoesNotHold() throws IOException {
    world.begin();
    world.submit(Jobs.STATISTICS);
    // One letter of a signature, in a log that was then hashed and cosigned as it stands.
    int index = world.leaves().size() - 1;
    String leaf = new String(world.leaves().get(index), StandardCharsets.UTF_8);
    int at = leaf.indexOf("\"signature\":\"") + 20;
    char other = leaf.charAt(at) == 'A' ? 'B' : 'A';
    world.replaceLeaf(
        index,
        (leaf.substring(0, at) + other + leaf.substring(at + 1)).getBytes(StandardCharsets.UTF_8));
    assertThat(failedNames()).contains(ReplayStage.SIGNERS);
  }

  @Test
  void aHeadThatTooFewWitnessesCosigned() throws IOException {
    world.begin();
    List<Check> failed =
        PackReader.verify(folder, world, world.pack(List.of("cleveland", "budapest"))).stream()
            .filter(check -> !check.ok())
            .toList();
    assertThat(failed)
        .singleElement()
        .satisfies(check -> {
          assertThat(check.name()).isEqualTo(LogStage.QUORUM);
          assertThat(check.detail()).contains("budapest, cleveland").contains("1 missing");
        });
  }

  @Test
  void aJobThatDoesNotFitTheCap() throws IOException {
    LoggedFederation poor = new LoggedFederation(17, "epsilonCap: \"8.0\"", "epsilonCap: \"2.0\"");
    poor.begin();
    int fitting = 0;
    while (poor.ledger.job(poor.submitOnly(Jobs.PRIVATE)).isPresent()) {
      fitting++;
    }
    // As many as the filter admits of epsilon 1 under a cap of 2.
    assertThat(fitting).isBetween(1, 4);
    assertThat(PackReader.verify(folder, poor, poor.pack()))
        .filteredOn(check -> !check.ok())
        .singleElement()
        .satisfies(check -> {
          assertThat(check.name()).isEqualTo(ReplayStage.RULES);
          assertThat(check.detail()).contains("job.budget");
        });
  }

  @Test
  void aRoundThatWasRecordedAndNeverOpenedIsNamedAndCharged() throws IOException {
    world.begin();
    JobRecord job = world.submit(Jobs.PRIVATE);
    new LoggedRound(world, job).run(new TreeSet<>(LoggedFederation.HOSPITALS));
    new LoggedRound(world, job).runUnopened(new TreeSet<>(LoggedFederation.HOSPITALS));
    List<Check> checks = PackReader.verify(folder, world, world.pack());
    assertThat(checks).allMatch(Check::ok);
    assertThat(checks)
        .filteredOn(check -> check.name().endsWith(JobStage.UNOPENED))
        .singleElement()
        .satisfies(check ->
            assertThat(check.detail()).contains("1 round without an opening; 1 of them charged"));
    assertThat(checks)
        .filteredOn(check -> check.name().endsWith(BudgetStage.EPSILON))
        .singleElement()
        .satisfies(check -> assertThat(check.detail()).contains("2 of 3 planned openings counted"));
  }
}
