package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.JobEnded;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ways in which a federation once came to a standstill; found by seeds, named here. */
final class LivenessTest {
  /**
   * The aggregator passes a restarted witness's question on from memory. If it restarts, too, the
   * question is gone, though its arrival was acknowledged.
   */
  @Test
  void aWitnessWhoseQuestionTheAggregatorForgotAsksAgain() {
    for (long apart = 2; apart < 40; apart += 6) {
      World world = new World(apart, World.Shape.ALL.getFirst(), Trouble.NONE);
      world.start();
      world.runUntil(4_000);
      world.nodes.values().forEach(n -> n.restartOn(n.store, 1));
      world.runUntil(4_000 + apart);
      world.aggregator.restartOn(world.aggregator.store, 50);
      world.submit(World.OPEN, 1, 3);
      assertThat(world.runUntilJobsEnd(300_000)).as(apart + " ms apart").isTrue();
      assertThat(world.outcomes())
          .as(apart + " ms apart")
          .allMatch(o -> o.map(JobEnded::outcome).equals(Optional.of(JobEnded.Outcome.SUCCEEDED)));
    }
  }

  /** A box can wait for company longer than its round lasts; its row goes with the round. */
  @Test
  void aJobCancelledWhileItsBoxesWaitLeavesPollsAnswered() {
    World world = new World(1, World.Shape.ALL.getFirst(), Trouble.NONE);
    world.start();
    world.submit(World.OPEN, 3, 3);
    boolean cancelled = false;
    while (!cancelled && world.network.step()) {
      for (JobRecord job : world.aggregator.core().ledger().jobs()) {
        Optional<RoundState> round =
            job.current().flatMap(r -> world.aggregator.core().round(r.ctx()));
        if (round.isPresent() && round.get().complete().size() == 2) {
          world.aggregator.cancel(job.digest());
          cancelled = true;
        }
      }
    }
    assertThat(cancelled).isTrue();
    world.runUntil(world.network.now() + 5_000);
    world.submit(World.OPEN, 1, 3);
    assertThat(world.runUntilJobsEnd(300_000)).isTrue();
    assertThat(world.outcomes().getLast().map(JobEnded::outcome))
        .contains(JobEnded.Outcome.SUCCEEDED);
  }

  /** Three of four are needed. With two nothing is opened; nothing is lost either. */
  @Test
  void fewerThanTHoldersOpenNothingAndWhenTheyAreBackTheNextJobOpens() {
    World world = new World(2, World.Shape.ALL.getFirst(), Trouble.NONE);
    world.start();
    world.runUntil(3_000);
    world.network.cutOff("silo-1", 100_000);
    world.network.cutOff("silo-3", 100_000);
    world.submit(World.CAPPED, 1, 5);
    world.runUntil(90_000);
    assertThat(world.oracle.sumsOpened()).isZero();
    assertThat(world.aggregator.core().ledger().jobs()).hasSize(1);
    world.runUntil(110_000);
    world.submit(World.CAPPED, 2, 5);
    assertThat(world.runUntilJobsEnd(600_000)).isTrue();
    assertThat(world.outcomes().getLast().map(JobEnded::outcome))
        .contains(JobEnded.Outcome.SUCCEEDED);
    world.check();
    assertThat(world.oracle.violations()).isEmpty();
  }

  /**
   * If the aggregator dies between the last chunk and the end of a contribution, nothing is missing
   * and nothing is complete. The silo's question must end it, or the round waits in vain.
   */
  @Test
  void anUploadWhoseEndTheAggregatorForgotIsEndedByTheNextQuestion() {
    for (long point = 115; point < 125; point++) {
      Run run = Run.with(1, point, World.Fate.DIES_AFTER);
      assertThat(run.unopened()).as("point " + point).isEmpty();
      assertThat(run.good()).as("point " + point).isTrue();
    }
  }
}
