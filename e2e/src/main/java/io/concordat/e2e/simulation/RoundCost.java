package io.concordat.e2e.simulation;

/**
 * What a round costs in processor time, all five programs of a federation of four in one thread and
 * no network: {@code RoundCost [rounds] [values] [parameter set]}. The machines' own share of a
 * round on real hardware lies below this, since silos work beside each other there.
 */
public final class RoundCost {
  private RoundCost() {}

  /** Prints milliseconds a round after a warm-up. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
    int values = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 14;
    String parameters = arguments.length > 2 ? arguments[2] : "rlwe-8192-150";
    PowersOfTwo.parameters(parameters);
    for (int run = 0; run < 3; run++) {
      World world = new World(run, World.Shape.ALL.getFirst(), Trouble.NONE);
      world.start();
      world.submit(World.OPEN, rounds, values);
      long start =
          java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      boolean ended = world.runUntilJobsEnd(10_000_000);
      long nanos =
          java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
              - start;
      System.out.printf(
          "%d rounds of %d values in %s: %.1f ms a round, %d messages a round, ended %s%n",
          rounds,
          values,
          parameters,
          nanos / 1e6 / rounds,
          world.network.messages() / rounds,
          ended);
    }
  }
}
