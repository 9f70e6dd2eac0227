package io.concordat.bench.privacy;

import io.concordat.bench.page.Section;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The program behind {@code concordat bench privacy}; options as in {@link #USAGE}. */
public final class PrivacyBench {
  static final double[] EPSILONS = {0.5, 1, 2, 4, 8};

  private static final String USAGE =
      """
      usage: concordat bench privacy [--seeds N] [--json FILE] [--readme FOLDER] [--choose-rates]
        --seeds N        trainings for each figure (default 10)
        --json FILE      also write the figures as one JSON object
        --readme FOLDER  also write the section of README.md and privacy.svg there
        --choose-rates   only choose rates on the train rows again and print them as rates.csv
      """;

  private PrivacyBench() {}

  private record Options(
      Path demoData, int seeds, Optional<Path> json, Optional<Path> readme, boolean choose) {
    static Options parse(String[] arguments) {
      int seeds = 10;
      Optional<Path> json = Optional.empty();
      Optional<Path> readme = Optional.empty();
      boolean choose = false;
      for (int i = 1; i < arguments.length; i++) {
        switch (arguments[i]) {
          case "--seeds" -> seeds = Integer.parseInt(value(arguments, ++i));
          case "--json" -> json = Optional.of(Path.of(value(arguments, ++i)));
          case "--readme" -> readme = Optional.of(Path.of(value(arguments, ++i)));
          case "--choose-rates" -> choose = true;
          default ->
              throw new IllegalArgumentException("unknown option " + arguments[i] + "\n" + USAGE);
        }
      }
      if (seeds < 1) {
        throw new IllegalArgumentException("--seeds must be at least 1, is " + seeds);
      }
      return new Options(Path.of(arguments[0]), seeds, json, readme, choose);
    }

    private static String value(String[] arguments, int at) {
      if (at >= arguments.length) {
        throw new IllegalArgumentException(arguments[at - 1] + " needs a value\n" + USAGE);
      }
      return arguments[at];
    }
  }

  /**
   * Runs and prints.
   *
   * @param arguments the folder {@code demo-data}, then options
   */
  public static void main(String[] arguments) throws IOException, RefusedException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    List<Experiment> experiments =
        List.of(
            new Experiment(Benchmark.heart(options.demoData)),
            new Experiment(Benchmark.breastCancer(options.demoData)));
    if (options.choose) {
      chooseRates(experiments);
      return;
    }
    List<Report.Table> tables = new ArrayList<>();
    for (Experiment experiment : experiments) {
      tables.add(table(experiment, options.seeds));
    }
    Report report = new Report(tables, options.seeds);
    System.out.print(report.text());
    if (options.json.isPresent()) {
      Files.writeString(options.json.get(), report.json());
    }
    if (options.readme.isPresent()) {
      new Section("privacy").write(options.readme.get().resolve("README.md"), report.markdown());
      Files.writeString(options.readme.get().resolve("privacy.svg"), new Plot(tables).svg());
    }
  }

  /** All figures of one benchmark, with the stored rates. */
  static Report.Table table(Experiment experiment, int seeds) throws IOException {
    ChosenRates rates = ChosenRates.stored();
    List<Result> results = new ArrayList<>();
    for (NoiseBasis basis : NoiseBasis.values()) {
      for (double epsilon : EPSILONS) {
        say(experiment.benchmark().id() + ", " + basis.words() + ", epsilon " + epsilon);
        Rates chosen = rates.of(experiment.benchmark(), basis, epsilon);
        results.add(experiment.measure(basis, epsilon, chosen, seeds));
      }
    }
    return new Report.Table(
        experiment.benchmark(),
        experiment.trainPatients(),
        experiment.testPatients(),
        experiment.pooledAccuracy(),
        results);
  }

  private static void chooseRates(List<Experiment> experiments) {
    System.out.println(ChosenRates.HEADER);
    for (Experiment experiment : experiments) {
      RateChoice choice = experiment.choice(ChosenRates.SPLITS);
      for (NoiseBasis basis : NoiseBasis.values()) {
        for (double epsilon : EPSILONS) {
          say("choosing: " + experiment.benchmark().id() + ", " + basis.words() + ", " + epsilon);
          RateChoice.Candidate chosen = choice.ranked(basis, epsilon, Benchmark.DELTA).getFirst();
          System.out.println(ChosenRates.line(experiment.benchmark(), basis, epsilon, chosen));
        }
      }
    }
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
