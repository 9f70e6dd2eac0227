package io.concordat.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.command.ExitStatus;
import io.concordat.client.command.JobProgress;
import io.concordat.client.command.PackDownload;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.policies.PolicyReader;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code concordat demo}: a whole federation on this machine, two real jobs, and the verification
 * of everything it did.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Run a federation of four hospitals on this machine: an aggregator and four silo nodes as processes of their own,",
      "a private model of heart disease at epsilon 1, a model of breast cancer by federated averaging, and the offline",
      "verification of the log."
    },
    footer = {
      "",
      "Examples:",
      "  concordat demo",
      "  concordat demo --json result.json",
      "  concordat demo --keep",
      "  concordat demo --native"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final List<String> JOBS = List.of("heart-disease-risk", "breast-cancer");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results to this file, too.")
  private @Nullable Path json;

  @Option(names = "--keep", description = "Leave the federation running and say how to use it.")
  private boolean keep;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where everything lies (default: a scratch folder, removed at the end).")
  private @Nullable Path folder;

  @Option(
      names = "--native",
      description = "Run the native executables that ./concordat native has built.")
  private boolean executables;

  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() throws Exception {
    long begun = System.nanoTime();
    Programs programs = (executables ? Programs.executables() : Programs.ofThisProcess()).brief();
    Path home =
        folder == null
            ? Files.createTempDirectory("concordat-demo-")
            : Files.createDirectories(folder);
    terminal.line(
        terminal.bold("Concordat demo")
            + ": four hospitals compute together; their records stay apart");
    terminal.line("everything lies in " + home + (keep ? "" : " and is removed at the end"));
    Path data = programs.root().resolve("demo-data");
    Map<String, DemoRecords> records =
        Map.of(
            "heart",
            DemoRecords.heartDisease(data),
            "breast-cancer",
            DemoRecords.breastCancer(data));

    boolean verified = true;
    LocalFederation federation =
        LocalFederation.create(
            home, programs, deal(records, home), 0, Instant.now(), new SystemRandomness());
    // However this ends, no process may outlive it unless that was asked for.
    Thread stop = new Thread(() -> stop(federation, home));
    Runtime.getRuntime().addShutdownHook(stop);
    int services = DemoRecords.HOSPITALS.size() + 1;
    List<String> ready = new ArrayList<>();
    terminal.bar("starting", 0, services, "aggregator");
    federation.start(name -> {
      ready.add(name);
      terminal.bar("starting", ready.size(), services, name);
    });
    terminal.line(
        String.format(
            Locale.ROOT,
            "%d services run: aggregator, %s (%.1f s)",
            services,
            String.join(", ", DemoRecords.HOSPITALS),
            seconds(begun)));

    Policy policy =
        PolicyReader.read(
                "policy.yaml", Files.readAllBytes(federation.folder().resolve("policy.yaml")))
            .orThrow();
    List<DemoReport> reports = new ArrayList<>();
    try (FederationClient client = federation.client("scientist");
        FederationClient officer = federation.client("officer")) {
      List<Ran> ran = new ArrayList<>();
      for (String name : JOBS) {
        ran.add(run(name, client, federation, policy, records, data));
      }
      Path pack = home.resolve("pack");
      PackDownload.Pack fetched = PackDownload.into(pack, officer, terminal);
      Verification verification = Verification.of(pack, federation.folder());
      verified = verification.passed();
      for (Ran job : ran) {
        DemoReport report = job.report(verified);
        terminal.line("");
        terminal.line(terminal.bold(report.name()) + " (" + job.title() + ")");
        report.print(terminal);
        reports.add(report);
      }
      terminal.line("");
      terminal.line(
          terminal.bold("log")
              + String.format(
                  Locale.ROOT,
                  ": %d checks over %d files, offline: %s",
                  verification.checks(),
                  fetched.files(),
                  verified
                      ? terminal.good("all hold")
                      : terminal.bad(verification.firstFailure())));
    }
    if (json != null) {
      writeJson(json, reports, seconds(begun));
    }
    terminal.line(String.format(Locale.ROOT, "whole demo: %.1f s", seconds(begun)));
    next(federation);
    if (keep) {
      Runtime.getRuntime().removeShutdownHook(stop);
    }
    return verified ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }

  /** A job that ran, with what the report needs. */
  private record Ran(
      DemoJob job, String title, JsonNode ended, DemoJob.Comparison comparison, double seconds) {
    DemoReport report(boolean verified) {
      JsonNode opened = ended.path("metrics").path("accuracy");
      return new DemoReport(
          job.name(),
          comparison,
          opened.isMissingNode() || opened.isNull() ? null : opened.asDouble(),
          ended.path("round").asLong(),
          seconds,
          ended.path("bytesPerSiloAndRound").asLong(),
          ended.hasNonNull("epsilon") ? ended.get("epsilon").asText() : null,
          ended.hasNonNull("delta") ? ended.get("delta").asText() : null,
          verified);
    }
  }

  private Ran run(
      String name,
      FederationClient client,
      LocalFederation federation,
      Policy policy,
      Map<String, DemoRecords> records,
      Path data)
      throws Exception {
    Path file = data.resolve("jobs").resolve(name + ".yaml");
    byte[] bytes = Files.readAllBytes(file);
    var specification = JobReader.read(file.toString(), bytes).orThrow();
    Dataset dataset =
        policy
            .dataset(specification.dataset())
            .orElseThrow(
                () -> new IOException("the policy has no dataset " + specification.dataset()));
    DemoRecords rows = records.get(specification.dataset());
    if (rows == null) {
      throw new IOException("the demo has no records for " + specification.dataset());
    }
    DemoJob job = new DemoJob(specification, dataset, rows);
    long begun = System.nanoTime();
    SignedJobFile signed = SignedJobFile.sign(bytes, file.toString(), federation.submitter());
    JsonNode submitted =
        client.submit(signed.text(), signed.submitter(), signed.signature(), false);
    String id = submitted.path("id").asText();
    JsonNode ended = new JobProgress(client, terminal).follow(id);
    double seconds = seconds(begun);
    if (!ended.path("state").asText().equals("Succeeded")) {
      throw new IOException(
          "job "
              + name
              + " ended as "
              + ended.path("state").asText()
              + ": "
              + ended.path("reason").asText()
              + "\n"
              + ended);
    }
    Path release = federation.folder().resolve(name + ".model.json");
    client.download("/api/v1/releases/" + ended.path("releaseId").asText() + "/model", release);
    String title =
        specification.isPrivate()
            ? "private logistic regression, every patient protected"
            : "federated averaging of a neural network, exact sums";
    return new Ran(job, title, ended, job.compare(job.read(release)), seconds);
  }

  private static List<LocalFederation.SiloRecords> deal(Map<String, DemoRecords> records, Path home)
      throws IOException {
    List<LocalFederation.SiloRecords> out = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Map<String, Path> files = new java.util.TreeMap<>();
      for (Map.Entry<String, DemoRecords> dataset : records.entrySet()) {
        files.put(
            dataset.getKey(),
            dataset.getValue().write(hospital, home.resolve("records").resolve(hospital)));
      }
      out.add(new LocalFederation.SiloRecords(hospital, files));
    }
    return out;
  }

  private void next(LocalFederation federation) throws IOException, InterruptedException {
    terminal.line("");
    if (!keep) {
      terminal.line(
          "try next: ./concordat demo --keep      leaves the federation running, with commands to try on it");
      terminal.line("          ./concordat test             every test of the project");
      return;
    }
    Path tokens = federation.writeTokens();
    String options =
        " --server "
            + federation.aggregator().awaitReady().url()
            + " --ca "
            + federation.folder().resolve("ca.pem")
            + " --token-file ";
    terminal.line("the federation keeps running; try");
    terminal.line("  ./concordat job list" + options + tokens.resolve("scientist"));
    terminal.line("  ./concordat audit log --last 12" + options + tokens.resolve("officer"));
    terminal.line("  stop it with: kill " + String.join(" ", federation.pids()));
  }

  private static void writeJson(Path file, List<DemoReport> reports, double seconds)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode node = mapper.createObjectNode();
    node.put("schema", "demo/1");
    node.put("seconds", seconds);
    ArrayNode jobs = node.putArray("jobs");
    reports.forEach(report -> jobs.add(report.json()));
    Files.writeString(file, mapper.writeValueAsString(node) + "\n");
  }

  private void stop(LocalFederation federation, Path home) {
    try {
      federation.close();
      if (folder == null) {
        try (Stream<Path> all = Files.walk(home)) {
          for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(path);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      terminal.error("could not remove " + home + ": " + e.getMessage());
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
