package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.statement.JobEnded;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The limits of the formats, met by whole programs rather than by made-up statements. Seven holders
 * and not thirty-two: each box is sealed once and opened twice, and 16,000 of them take minutes.
 */
final class LargestFederationTest {
  private static final int SILOS = 500;

  /** Silos that go on to check the opening; that all of them do takes minutes and says no more. */
  private static final List<Integer> CHECKING = List.of(0, 6, 7, 499);

  @Test
  void fiveHundredSilosOfTheLongestIdsOpenASum() throws Exception {
    World world = new World(1, World.Shape.LARGEST, Trouble.NONE);
    world.start();
    world.submit(World.OPEN, 1, SILOS + 1);
    assertThat(world.runUntilJobsEnd(600_000)).as("%s", world.complaints()).isTrue();

    JobRecord job = world.aggregator.core().ledger().jobs().iterator().next();
    assertThat(job.end().map(JobEnded::outcome)).contains(JobEnded.Outcome.SUCCEEDED);
    RoundRecord round = job.rounds().getFirst();
    RoundRecord.Manifest manifest = round.validManifest().orElseThrow();
    assertThat(manifest.fixed().cohort()).hasSize(SILOS);
    assertThat(manifest.fixed().openers()).hasSize(7);
    assertThat(round.announcement().positions()).hasSize(7);

    List<String> ids = List.copyOf(world.nodes.keySet());
    assertThat(ids).allMatch(id -> id.length() == 64);
    for (int i = 0; i < ids.size(); i++) {
      if (!CHECKING.contains(i)) {
        world.network.cutOff(ids.get(i), Long.MAX_VALUE / 2);
      }
    }
    world.runUntil(world.network.now() + 10_000);
    world.check();
    assertThat(world.oracle.violations()).isEmpty();
    assertThat(world.oracle.sumsOpened()).isGreaterThanOrEqualTo(1 + CHECKING.size());
    for (int i : CHECKING) {
      assertThat(Objects.requireNonNull(world.nodes.get(ids.get(i))).core().ledger().size())
          .isEqualTo(world.aggregator.core().ledger().size());
    }

    byte[] entry = world.aggregator.store.leaves(manifest.index(), 1).getFirst();
    assertThat(entry.length).isGreaterThan(LogLeaf.MAX_BYTES);
    assertThat(LogLeaf.of(entry).length).isLessThan(1000);
    assertThat(world.longestAnswer()).isBetween(1 << 18, WorkReply.MAX_BYTES / 2);
  }
}
