package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.statement.JobEnded;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What encryption does not bound, shown: a silo whose code was altered adds any vector that fits
 * the slots, and everybody opens, checks and believes the sum. SECURITY.md says so under "Correct
 * sums".
 */
final class AlteredSiloTest {
  /** 16 bits a value: what the layout of {@link PowersOfTwo} lets a contribution hold. */
  private static final long LARGEST = (1L << 15) - 1;

  @Test
  void aSiloWithAlteredCodeShiftsTheSumByAnythingThatFitsAndNobodyCanTell() {
    World world = new World(4, World.Shape.ALL.getFirst(), Trouble.NONE);
    Objects.requireNonNull(world.nodes.get("silo-2")).alter(PowersOfTwo.multiplesOf(LARGEST));
    world.start();
    world.submit(World.OPEN, 1, 6);
    while (world.network.now() < 20_000 && world.network.step()) {
      // To the end, whatever the oracle thinks of it.
    }
    // Every check of every member passes: fingerprints, key sums, check block, next state.
    assertThat(world.outcomes())
        .singleElement()
        .satisfies(o -> assertThat(o.map(JobEnded::outcome)).contains(JobEnded.Outcome.SUCCEEDED));
    for (SimulatedNode node : world.nodes.values()) {
      assertThat(node.core().trouble()).as(node.id).isEmpty();
    }
    // Only the oracle, who knows what silo-2 should have sent, sees it: 1 + 2 + 8 + LARGEST.
    assertThat(world.oracle.violations())
        .isNotEmpty()
        .allMatch(v -> v.contains("value 0 is " + (11 + LARGEST)) || v.contains("wrong sum"));
  }
}
