package io.concordat.bench.round;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.bench.page.Section;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.random.SystemRandomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A private logistic job of 14 values at four silos with an aggregator, five processes on loopback,
 * mutual TLS, every commit on the disk; {@code concordat bench round}. Prints how long a round
 * takes and where the time goes.
 */
public final class RoundBench {
  private static final String USAGE =
      """
      usage: concordat bench round [--rounds N] [--warm-up N] [--json FILE] [--readme FOLDER]
        --rounds N       rounds of a job (default 300, at most 500)
        --warm-up N      jobs before the one that counts (default 3)
        --json FILE      also write the figures as one JSON object
        --readme FOLDER  write the section of README.md there
      """;

  /** Ten features of the heart records make 14 values with categories and the constant term. */
  private static final String JOB =
      """
      schema: job/1
      name: round-bench
      federation: cardio-demo
      dataset: heart
      analysis:
        kind: train
        model: {kind: logistic, features: [age, sex, cp, trestbps, chol, fbs, restecg, thalach, exang, oldpeak], label: disease, scaling: schema}
        strategy: {kind: dp-sgd, rounds: %d, samplingRate: "1", clipNorm: "1.0", optimizer: {kind: sgd, learningRate: "0.5", momentum: "0"}, average: tail}
      privacy: {epsilon: "1.0", delta: "1e-5"}
      """;

  private final LocalFederation federation;
  private final int rounds;

  private RoundBench(LocalFederation federation, int rounds) {
    this.federation = federation;
    this.rounds = rounds;
  }

  private record Options(int rounds, int warmup, Optional<Path> json, Optional<Path> readme) {
    static Options parse(String[] arguments) {
      int rounds = 300;
      int warmup = 3;
      Optional<Path> json = Optional.empty();
      Optional<Path> readme = Optional.empty();
      for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " needs a value\n" + USAGE);
        }
        String value = arguments[i + 1];
        switch (arguments[i]) {
          case "--rounds" -> rounds = number(arguments[i], value, 10, 500);
          case "--warm-up" -> warmup = number(arguments[i], value, 0, 20);
          case "--json" -> json = Optional.of(Path.of(value));
          case "--readme" -> readme = Optional.of(Path.of(value));
          default ->
              throw new IllegalArgumentException("unknown option " + arguments[i] + "\n" + USAGE);
        }
      }
      return new Options(rounds, warmup, json, readme);
    }

    private static int number(String option, String text, int least, int most) {
      try {
        int number = Integer.parseInt(text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        // Told below.
      }
      throw new IllegalArgumentException(
          option + " is " + least + " to " + most + ", found " + text + "\n" + USAGE);
    }
  }

  /** Runs and prints. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    Programs programs = Programs.ofThisProcess();
    String more = System.getProperty("concordat.bench.options", "");
    if (!more.isEmpty()) {
      programs = programs.with(more.split(" "));
    }
    Path home = Files.createTempDirectory("concordat-round-");
    try {
      run(programs, home, options);
    } finally {
      delete(home);
    }
  }

  private static void run(Programs programs, Path home, Options options) throws Exception {
    DemoRecords heart = DemoRecords.heartDisease(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> silos = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = heart.write(hospital, home.resolve("records").resolve(hospital));
      silos.add(new LocalFederation.SiloRecords(hospital, Map.of("heart", file)));
    }
    try (LocalFederation federation =
        LocalFederation.create(home, programs, silos, 0, Instant.now(), new SystemRandomness())) {
      federation.start(name -> System.err.println(name + " runs"));
      RoundBench bench = new RoundBench(federation, options.rounds());
      try (FederationClient client = federation.client("scientist");
          FederationClient officer = federation.client("officer")) {
        RoundReport first = bench.job(client, officer);
        RoundReport last = first;
        for (int job = 1; job <= options.warmup(); job++) {
          System.out.printf(
              Locale.ROOT,
              "warming up, job %d of %d: median %.1f ms, %.1f ms of processor time a round%n",
              job,
              options.warmup(),
              last.median(),
              last.wholeProcessor());
          last = bench.job(client, officer);
        }
        System.out.print(last.text());
        if (options.json().isPresent()) {
          Files.writeString(options.json().get(), last.json());
        }
        if (options.readme().isPresent()) {
          new Section("round")
              .write(
                  options.readme().get().resolve("README.md"),
                  last.markdown(first, options.rounds(), options.warmup(), machine()));
        }
      }
    }
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " cores, Java "
        + Runtime.version().feature();
  }

  /** Runs one job to its end. */
  private RoundReport job(FederationClient client, FederationClient officer) throws Exception {
    byte[] file = String.format(Locale.ROOT, JOB, rounds).getBytes(StandardCharsets.UTF_8);
    SignedJobFile signed = SignedJobFile.sign(file, "round-bench.yaml", federation.submitter());
    Map<String, Double> before = processorMillis();
    StepMeters meters = StepMeters.of(federation);
    String id =
        client
            .submit(signed.text(), signed.submitter(), signed.signature(), false)
            .path("id")
            .asText();
    JsonNode job = client.get("/api/v1/jobs/" + id);
    while (!job.hasNonNull("endedAt")) {
      // Not followed as a stream of events, which would be measured along.
      Thread.sleep(250);
      job = client.get("/api/v1/jobs/" + id);
    }
    if (!job.path("state").asText().equals("Succeeded")) {
      throw new IOException("the job ended as " + job);
    }
    Map<String, Double> processor = processorMillis();
    processor.replaceAll((name, millis) -> (millis - before.getOrDefault(name, 0.0)) / rounds);
    return new RoundReport(
        RoundTimes.of(officer.all("/api/v1/audit/entries"), job.path("digest").asText(), 5),
        processor,
        StepMeters.of(federation).since(meters, rounds),
        job.path("bytesPerSiloAndRound").asLong());
  }

  /** User and system time of each service, from the operating system. */
  private Map<String, Double> processorMillis() {
    Map<String, Double> out = new LinkedHashMap<>();
    out.put("aggregator", processorMillis(federation.aggregator().pid().orElseThrow()));
    for (String hospital : DemoRecords.HOSPITALS) {
      out.put(hospital, processorMillis(federation.silo(hospital).pid().orElseThrow()));
    }
    return out;
  }

  private static double processorMillis(long pid) {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElseThrow()
            .toNanos()
        / 1e6;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
