package io.concordat.e2e.simulation;

import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.statement.JobEnded;
import java.util.List;
import java.util.Optional;

/**
 * One run and what came of it.
 *
 * @param seed prints the run again
 * @param violations what must never happen and did
 * @param ended whether every job came to an end after the trouble was over
 * @param unopened how far each round came that ended without an opening
 * @param persisted how often any process persisted something
 */
record Run(
    long seed,
    List<String> violations,
    boolean ended,
    List<Optional<JobEnded>> outcomes,
    List<String> unopened,
    long sums,
    long faults,
    long messages,
    long persisted,
    long simulatedMillis,
    List<String> complaints) {
  /** After the trouble is over, every job has this long to end. */
  private static final long PATIENCE = 900_000;

  /**
   * A federation that goes through trouble for a while and is then left alone. Every third seed has
   * four, three, five silos; every second sends its ciphertexts in chunks.
   */
  static Run of(long seed, Trouble trouble, Plan plan) {
    World world = world(seed, trouble);
    world.start();
    plan.submit(world);
    world.runUntil(world.chance.between(plan.roughFrom(), plan.roughUntil()));
    world.heal();
    return settle(seed, world);
  }

  /** A federation in which one thing goes wrong, at one point where something is persisted. */
  static Run with(long seed, long point, World.Fate fate) {
    World world = world(seed, Trouble.NONE);
    world.plan(point, fate);
    world.start();
    Plan.SMALL.submit(world);
    world.runUntil(10_000);
    return settle(seed, world);
  }

  private static World world(long seed, Trouble trouble) {
    World.Shape shape = World.Shape.ALL.get((int) Math.floorMod(seed, World.Shape.ALL.size()));
    int inline = Math.floorMod(seed, 2) == 0 ? Outgoing.INLINE_BYTES : 0;
    return new World(seed, shape, trouble, inline);
  }

  private static Run settle(long seed, World world) {
    boolean ended = world.runUntilJobsEnd(world.network.now() + PATIENCE);
    if (world.oracle.violations().isEmpty()) {
      world.runUntil(world.network.now() + 10_000);
      world.check();
    }
    return new Run(
        seed,
        world.oracle.violations(),
        ended,
        world.aggregator.up ? world.outcomes() : List.of(),
        world.aggregator.up ? Unopened.of(world.aggregator.core()) : List.of(),
        world.oracle.sumsOpened(),
        world.network.faults(),
        world.network.messages(),
        world.persisted(),
        world.network.now(),
        world.complaints());
  }

  boolean good() {
    return violations.isEmpty() && ended;
  }
}
