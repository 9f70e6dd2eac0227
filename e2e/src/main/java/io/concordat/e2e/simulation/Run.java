package io.concordat.e2e.simulation;

import io.concordat.protocol.statement.JobEnded;
import java.util.List;
import java.util.Optional;

/**
 * One run and what came of it.
 *
 * @param seed prints the run again
 * @param violations what must never happen and did
 * @param ended whether every job came to an end after the trouble was over
 */
record Run(
    long seed,
    List<String> violations,
    boolean ended,
    List<Optional<JobEnded>> outcomes,
    long sums,
    long faults,
    long messages,
    long simulatedMillis,
    List<String> complaints) {

  /**
   * A federation that goes through trouble for a simulated minute or two and is then left alone.
   */
  static Run of(long seed, Trouble trouble) {
    World.Shape shape = World.Shape.ALL.get((int) Math.floorMod(seed, World.Shape.ALL.size()));
    World world = new World(seed, shape, trouble);
    world.start();
    world.submit(World.OPEN, 2, 9);
    world.submit(World.CAPPED, 3, 40);
    world.network.after(3000, () -> world.submit(World.CAPPED, 4, 5));
    world.runUntil(world.chance.between(20_000, 90_000));
    world.heal();
    boolean ended = world.runUntilJobsEnd(world.network.now() + 900_000);
    if (world.oracle.violations().isEmpty()) {
      world.runUntil(world.network.now() + 10_000);
      world.check();
    }
    return new Run(
        seed,
        world.oracle.violations(),
        ended,
        world.aggregator.up ? world.outcomes() : List.of(),
        world.oracle.sumsOpened(),
        world.network.faults(),
        world.network.messages(),
        world.network.now(),
        world.complaints());
  }

  boolean good() {
    return violations.isEmpty() && ended;
  }
}
