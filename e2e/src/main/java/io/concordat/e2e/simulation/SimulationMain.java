package io.concordat.e2e.simulation;

import io.concordat.protocol.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/** Runs many federations, several at once: {@code concordat bench simulation} and its options. */
public final class SimulationMain {
  private long first = 1;
  private long seeds = 1000;
  private Plan plan = Plan.SMALL;
  private Trouble trouble = Trouble.ROUGH;
  private boolean everyPoint;
  private int threads = Runtime.getRuntime().availableProcessors();
  private Path json = Path.of("");

  private SimulationMain() {}

  /** Prints one line a bad run and a summary; exits with 4 if there was a bad one. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    SimulationMain main = new SimulationMain();
    for (int i = 0; i < arguments.length; i += 2) {
      main.option(arguments[i], i + 1 < arguments.length ? arguments[i + 1] : "");
    }
    Tally tally = main.run();
    if (!main.json.toString().isEmpty()) {
      Files.writeString(main.json, tally.json().toString());
    }
    if (tally.bad() > 0) {
      System.exit(4);
    }
  }

  private void option(String name, String value) {
    switch (name) {
      case "--first" -> first = Long.parseLong(value);
      case "--seeds" -> seeds = Long.parseLong(value);
      case "--size" -> plan = value.equals("full") ? Plan.FULL : Plan.SMALL;
      case "--trouble" -> trouble = value.equals("none") ? Trouble.NONE : Trouble.ROUGH;
      case "--every-point" -> everyPoint = Boolean.parseBoolean(value);
      case "--threads" -> threads = Integer.parseInt(value);
      case "--json" -> json = Path.of(value);
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  private Tally run() throws InterruptedException, ExecutionException {
    Tally tally = new Tally(System.nanoTime());
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      for (long seed = first; seed < first + seeds; seed++) {
        if (everyPoint) {
          everyPoint(seed, workers, tally);
        }
      }
      if (!everyPoint) {
        gather(workers, tally, seeds, i -> Run.of(first + i, trouble, plan));
      }
    }
    tally.print();
    return tally;
  }

  /**
   * Each way in which persisting can go wrong, at each point of a run in which nothing else does.
   */
  private static void everyPoint(long seed, ExecutorService workers, Tally tally)
      throws InterruptedException, ExecutionException {
    List<World.Fate> fates =
        List.of(World.Fate.DIES_BEFORE, World.Fate.FAILS, World.Fate.DIES_AFTER);
    long points = Run.with(seed, -1, World.Fate.NONE).persisted();
    gather(
        workers,
        tally,
        points * fates.size(),
        i -> Run.with(seed, i / fates.size(), fates.get((int) (i % fates.size()))));
  }

  private static void gather(ExecutorService workers, Tally tally, long runs, LongFunction<Run> run)
      throws InterruptedException, ExecutionException {
    ExecutorCompletionService<Run> done = new ExecutorCompletionService<>(workers);
    // No more than this wait at a time: a run is a closure over a seed, a million are a list.
    long begun = 0;
    long taken = 0;
    while (taken < runs) {
      while (begun < runs && begun - taken < 256) {
        long index = begun++;
        done.submit(() -> run.apply(index));
      }
      tally.add(done.take().get());
      taken++;
    }
  }

  /** What came of all runs. */
  private static final class Tally {
    private final long start;
    private final java.util.TreeMap<String, Long> outcomes = new java.util.TreeMap<>();
    private final java.util.TreeMap<String, Long> unopened = new java.util.TreeMap<>();
    private final List<Long> badSeeds = new ArrayList<>();
    private long runs;
    private long violations;
    private long unfinished;
    private long faults;
    private long messages;
    private long persisted;
    private long sums;

    Tally(long start) {
      this.start = start;
    }

    long bad() {
      return badSeeds.size();
    }

    void add(Run run) {
      runs++;
      violations += run.violations().size();
      unfinished += run.ended() ? 0 : 1;
      faults += run.faults();
      messages += run.messages();
      persisted += run.persisted();
      sums += run.sums();
      run.outcomes()
          .forEach(o ->
              outcomes.merge(
                  o.map(e -> e.outcome() + e.code().map(c -> " " + c).orElse("")).orElse("running"),
                  1L,
                  Long::sum));
      run.unopened().forEach(why -> unopened.merge(why, 1L, Long::sum));
      if (!run.good()) {
        badSeeds.add(run.seed());
        System.out.println(
            "seed " + run.seed() + ": " + run.violations() + " ended " + run.ended());
        run.complaints().stream().limit(20).forEach(c -> System.out.println("    " + c));
      }
      if (runs % 500 == 0) {
        System.out.printf("%d runs, %d faults, %d bad%n", runs, faults, badSeeds.size());
      }
    }

    double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    void print() {
      outcomes.forEach((outcome, jobs) -> System.out.println("jobs " + outcome + ": " + jobs));
      unopened.forEach(
          (why, rounds) -> System.out.println("rounds unopened, " + why + ": " + rounds));
      System.out.printf(
          "%d runs, %d faults, %d messages, %d persistence points, %d sums opened, %d violations, %d"
              + " unfinished, %.0f s (%.0f runs a minute)%n",
          runs,
          faults,
          messages,
          persisted,
          sums,
          violations,
          unfinished,
          seconds(),
          60 * runs / seconds());
    }

    JsonObject json() {
      JsonObject.Builder jobs = JsonObject.builder();
      outcomes.forEach((outcome, n) -> jobs.put(outcome, n));
      JsonObject.Builder rounds = JsonObject.builder();
      unopened.forEach((why, n) -> rounds.put(why, n));
      return JsonObject.builder()
          .put("schema", "bench-simulation/1")
          .put("runs", runs)
          .put("faults", faults)
          .put("messages", messages)
          .put("persistencePoints", persisted)
          .put("sumsOpened", sums)
          .put("violations", violations)
          .put("unfinished", unfinished)
          .put("badSeeds", badSeeds.stream().map(s -> Long.toString(s)).toList())
          .put("jobs", jobs.build())
          .put("roundsUnopened", rounds.build())
          .put("milliseconds", (long) (1000 * seconds()))
          .build();
    }
  }
}
