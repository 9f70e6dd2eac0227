package io.concordat.e2e.simulation;

import java.util.List;

/**
 * What a simulated federation has to do.
 *
 * @param jobs submitted at the start, one after the other
 * @param roughFrom shortest time until the trouble is over, in milliseconds
 * @param roughUntil longest time until then
 */
record Plan(List<Job> jobs, long roughFrom, long roughUntil) {
  /** One job: that many openings of that many values. */
  record Job(long at, String dataset, int steps, int values) {}

  /** Two jobs that open three sums: thousands of these a run. */
  static final Plan SMALL =
      new Plan(
          List.of(new Job(0, World.OPEN, 1, 9), new Job(0, World.CAPPED, 2, 5)), 4_000, 20_000);

  /** Three jobs that open nine sums, two of them on one budget. */
  static final Plan FULL =
      new Plan(
          List.of(
              new Job(0, World.OPEN, 2, 9),
              new Job(0, World.CAPPED, 3, 40),
              new Job(3_000, World.CAPPED, 4, 5)),
          20_000,
          90_000);

  void submit(World world) {
    for (Job job : jobs) {
      world.network.after(job.at, () -> world.submit(job.dataset, job.steps, job.values));
    }
  }
}
