package io.concordat.e2e.simulation;

import java.util.TreeMap;

/** Runs many seeds: {@code SimulationMain [first seed] [count] [none|rough]}. */
public final class SimulationMain {
  private SimulationMain() {}

  /** Prints one line a bad run and a summary; exits with 1 if there was a bad one. */
  public static void main(String[] arguments) {
    long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
    long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1000;
    Trouble trouble =
        arguments.length > 2 && arguments[2].equals("none") ? Trouble.NONE : Trouble.ROUGH;
    long bad = 0;
    long faults = 0;
    long sums = 0;
    long messages = 0;
    TreeMap<String, Long> outcomes = new TreeMap<>();
    for (long seed = first; seed < first + count; seed++) {
      Run run = Run.of(seed, trouble);
      faults += run.faults();
      sums += run.sums();
      messages += run.messages();
      run.outcomes()
          .forEach(o ->
              outcomes.merge(
                  o.map(e -> e.outcome() + e.code().map(c -> " " + c).orElse("")).orElse("running"),
                  1L,
                  Long::sum));
      if (!run.good()) {
        bad++;
        System.out.println("seed " + seed + ": " + run.violations() + " ended " + run.ended());
        run.complaints().stream().limit(20).forEach(c -> System.out.println("    " + c));
      }
    }
    outcomes.forEach((outcome, jobs) -> System.out.println("jobs " + outcome + ": " + jobs));
    System.out.printf(
        "%d runs, %d faults, %d messages, %d sums opened, %d bad%n",
        count, faults, messages, sums, bad);
    if (bad > 0) {
      System.exit(1);
    }
  }
}
