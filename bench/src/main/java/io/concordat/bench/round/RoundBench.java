package io.concordat.bench.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.bench.round.RoundTimes.Step;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code RoundBench ROUNDS WARMUP-JOBS [JSON]}: a private logistic job of 14 values at four silos
 * with an aggregator, five processes on loopback, mutual TLS, every commit on the disk. Prints how
 * long a round takes and where the time goes.
 */
public final class RoundBench {
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

  private RoundBench() {}

  /** Runs and prints. */
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    int warmup = Integer.parseInt(args[1]);
    Programs programs = Programs.ofThisProcess();
    String options = System.getProperty("concordat.bench.options", "");
    if (!options.isEmpty()) {
      programs = programs.with(options.split(" "));
    }
    Path home = Files.createTempDirectory("concordat-round-");
    try {
      run(programs, home, rounds, warmup, args.length > 2 ? Path.of(args[2]) : null);
    } finally {
      if (Boolean.getBoolean("concordat.bench.keep")) {
        System.out.println(home);
      } else {
        delete(home);
      }
    }
  }

  private static void run(Programs programs, Path home, int rounds, int warmup, @Nullable Path json)
      throws Exception {
    DemoRecords heart = DemoRecords.heartDisease(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> silos = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = heart.write(hospital, home.resolve("records").resolve(hospital));
      silos.add(new LocalFederation.SiloRecords(hospital, Map.of("heart", file)));
    }
    try (LocalFederation federation =
        LocalFederation.create(home, programs, silos, 0, Instant.now(), new SystemRandomness())) {
      federation.start(name -> System.err.println(name + " runs"));
      try (FederationClient client = federation.client("scientist");
          FederationClient officer = federation.client("officer")) {
        for (int job = 0; job < warmup; job++) {
          Measured cold = measure(federation, client, officer, rounds);
          System.out.printf(
              Locale.ROOT,
              "warming up, job %d of %d: median %.1f ms, %.1f ms of processor time a round%n",
              job + 1,
              warmup,
              RoundTimes.quantile(cold.times().whole(), 0.5),
              cold.processor());
        }
        Measured measured = measure(federation, client, officer, rounds);
        measured.print();
        if (Boolean.getBoolean("concordat.bench.keep")) {
          new java.net.URI(federation.aggregator().awaitReady().managementUrl() + "/q/metrics")
              .toURL()
              .openStream()
              .transferTo(System.out);
        }
        if (json != null) {
          Files.writeString(json, measured.json());
        }
      }
    }
  }

  /** Runs one job to its end. */
  private static Measured measure(
      LocalFederation federation, FederationClient client, FederationClient officer, int rounds)
      throws Exception {
    byte[] file = String.format(Locale.ROOT, JOB, rounds).getBytes(StandardCharsets.UTF_8);
    SignedJobFile signed = SignedJobFile.sign(file, "round-bench.yaml", federation.submitter());
    Map<String, Double> before = processorMillis(federation);
    String id =
        client
            .submit(signed.text(), signed.submitter(), signed.signature(), false)
            .path("id")
            .asText();
    JsonNode ended = client.get("/api/v1/jobs/" + id);
    while (ended.path("endedAt").isMissingNode() || ended.path("endedAt").isNull()) {
      // Not followed as an event stream: that would be measured along.
      Thread.sleep(250);
      ended = client.get("/api/v1/jobs/" + id);
    }
    Map<String, Double> cpu = processorMillis(federation);
    if (!ended.path("state").asText().equals("Succeeded")) {
      throw new IOException("the job ended as " + ended);
    }
    cpu.replaceAll((name, millis) -> (millis - before.getOrDefault(name, 0.0)) / rounds);
    RoundTimes times =
        RoundTimes.of(officer.all("/api/v1/audit/entries"), ended.path("digest").asText(), 5);
    return new Measured(times, cpu, ended.path("bytesPerSiloAndRound").asLong());
  }

  private record Measured(RoundTimes times, Map<String, Double> cpu, long bytes) {
    double processor() {
      return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    void print() {
      System.out.printf(
          Locale.ROOT,
          "a round with %d bytes a silo, %d rounds: median %.1f ms, 9 of 10 below %.1f ms%n",
          bytes,
          times.whole().size(),
          RoundTimes.quantile(times.whole(), 0.5),
          RoundTimes.quantile(times.whole(), 0.9));
      for (Step step : Step.values()) {
        System.out.printf(
            Locale.ROOT,
            "  %6.1f ms  %s%n",
            RoundTimes.quantile(times.of(step), 0.5),
            step.words());
      }
      System.out.printf(
          Locale.ROOT,
          "processor time of all five processes: %.1f ms a round (%s)%n",
          processor(),
          cpu.entrySet().stream()
              .map(e -> String.format(Locale.ROOT, "%s %.1f", e.getKey(), e.getValue()))
              .collect(Collectors.joining(", ")));
    }

    String json() throws IOException {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      ObjectNode out = mapper.createObjectNode();
      out.put("schema", "bench/1");
      ArrayNode figures = out.putArray("figures");
      figure(figures, "round.median", "ms", RoundTimes.quantile(times.whole(), 0.5));
      figure(figures, "round.p90", "ms", RoundTimes.quantile(times.whole(), 0.9));
      for (Step step : Step.values()) {
        figure(
            figures,
            "round.step." + step.name().toLowerCase(Locale.ROOT),
            "ms",
            RoundTimes.quantile(times.of(step), 0.5));
      }
      cpu.forEach((name, millis) -> figure(figures, "round.processor." + name, "ms", millis));
      figure(figures, "round.bytes", "bytes", bytes);
      return mapper.writeValueAsString(out) + "\n";
    }
  }

  private static void figure(ArrayNode figures, String name, String unit, double value) {
    figures.addObject().put("name", name).put("unit", unit).put("value", value);
  }

  /** User and system time of each service, from the operating system. */
  private static Map<String, Double> processorMillis(LocalFederation federation) {
    Map<String, Double> out = new LinkedHashMap<>();
    out.put("aggregator", processorMillis(federation.aggregator().pid().orElseThrow()));
    for (String hospital : DemoRecords.HOSPITALS) {
      out.put(hospital, processorMillis(federation.silo(hospital).pid().orElseThrow()));
    }
    return out;
  }

  private static double processorMillis(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElseThrow().toNanos()
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
