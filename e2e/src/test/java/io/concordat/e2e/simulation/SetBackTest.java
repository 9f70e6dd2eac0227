package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Machines that come back on an old snapshot, at the worst moments. */
final class SetBackTest {
  /**
   * An aggregator on an old disk would write other entries where the lost ones stood. Whoever saw
   * the lost ones finds that out and stops; no round is answered for two manifests.
   */
  @Test
  void anAggregatorSetBackToAnOldLogIsFoundOutAndOpensNothingTwice() {
    for (long at = 2_000; at < 4_000; at += 700) {
      World world = new World(at, World.Shape.ALL.getFirst(), Trouble.NONE);
      world.start();
      world.submit(World.OPEN, 100, 9);
      world.runUntil(at);
      MemoryStore old = world.aggregator.store.copy();
      int size = old.size();
      world.runUntil(at + 700);
      boolean lost = world.aggregator.store.size() > size;
      world.aggregator.restartOn(old, 100);
      world.runUntil(at + 45_000);
      assertThat(world.oracle.answeredManifests().values()).allMatch(m -> m.size() == 1);
      assertThat(world.oracle.violations()).isEmpty();
      long stopped =
          world.nodes.values().stream()
              .filter(n ->
                  n.core().trouble().map(Refusal::code).stream()
                      .anyMatch(c -> c == Code.LOG_INCONSISTENT))
              .count();
      assertThat(lost).isTrue();
      assertThat(stopped).as("set back at " + at).isEqualTo(4);
    }
  }

  @Test
  void aNodeSetBackInTheMiddleOfAJobHarmsNobody() {
    for (long at = 1_000; at < 2_600; at += 400) {
      World world = new World(at, World.Shape.ALL.getFirst(), Trouble.NONE);
      world.start();
      world.submit(World.OPEN, 12, 9);
      SimulatedNode node = Objects.requireNonNull(world.nodes.get("silo-1"));
      world.runUntil(at);
      MemoryStore old = node.store.copy();
      world.runUntil(at + 700);
      world.oracle.wasSetBack(node.id);
      node.restartOn(old, 100);
      assertThat(world.runUntilJobsEnd(at + 600_000)).as("set back at " + at).isTrue();
      world.check();
      assertThat(world.oracle.violations()).as("set back at " + at).isEmpty();
    }
  }
}
