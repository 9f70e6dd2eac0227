package io.concordat.e2e.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.random.Randomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo's federation for tests that ask the same of programs of either form. */
final class Hospitals implements AutoCloseable {
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");

  private final Path folder;
  private final LocalFederation federation;
  private @Nullable FederationClient scientist;

  private Hospitals(Path folder, LocalFederation federation) {
    this.folder = folder;
    this.federation = federation;
  }

  /** Makes keys, policy and homes; nothing runs yet. */
  static Hospitals create(Path folder, Programs programs, Randomness randomness) throws Exception {
    Path data = programs.root().resolve("demo-data");
    List<DemoRecords> all = List.of(DemoRecords.breastCancer(data), DemoRecords.heartDisease(data));
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path records = folder.resolve("records").resolve(hospital);
      Map<String, Path> files = new java.util.TreeMap<>();
      for (DemoRecords one : all) {
        files.put(one.name(), one.write(hospital, records));
      }
      hospitals.add(new LocalFederation.SiloRecords(hospital, files));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    return new Hospitals(
        folder, LocalFederation.create(home, programs, hospitals, 0, Instant.now(), randomness));
  }

  Hospitals start() throws Exception {
    try {
      federation.start(name -> {});
      scientist = federation.client("scientist");
    } catch (Exception failed) {
      // Those that did start would outlive the test.
      federation.close();
      throw failed;
    }
    return this;
  }

  /**
   * Puts a service that does not run yet onto a database of its own.
   *
   * @return the database's name
   */
  String use(Postgres server, String service) throws IOException, InterruptedException {
    String database = service.replace('-', '_');
    Path home =
        service.equals("aggregator")
            ? federation.aggregator().home()
            : federation.silo(service).home();
    Files.writeString(
        home.resolve("config/application.yaml"),
        "\nconcordat.database.url: \""
            + server.database(database)
            + "\"\nconcordat.database.user: concordat\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.APPEND);
    return database;
  }

  LocalFederation federation() {
    return federation;
  }

  FederationClient scientist() {
    return Objects.requireNonNull(scientist, "start() comes first");
  }

  /** Exact counts and moments of two columns. */
  String submitStatistics(String name) throws Exception {
    return submit(
        "schema: job/1\nname: "
            + name
            + "\nfederation: cardio-demo\ndataset: breast-cancer\n"
            + "analysis: {kind: statistics, columns: [radius_mean, diagnosis]}\n");
  }

  String submit(String file) throws Exception {
    SignedJobFile signed =
        SignedJobFile.sign(
            file.getBytes(StandardCharsets.UTF_8), "job.yaml", federation.submitter());
    return scientist()
        .submit(signed.text(), signed.submitter(), signed.signature(), false)
        .path("id")
        .asText();
  }

  JsonNode await(String id) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (true) {
      JsonNode job = scientist().get("/api/v1/jobs/" + id);
      if (ENDS.contains(job.path("state").asText()) || System.nanoTime() > deadline) {
        return job;
      }
      Thread.sleep(50);
    }
  }

  JsonNode release(JsonNode job) throws Exception {
    String release = job.path("releaseId").asText();
    Path file = folder.resolve(release + ".json");
    scientist().download("/api/v1/releases/" + release + "/model", file);
    return new ObjectMapper().readTree(Files.readAllBytes(file));
  }

  @Override
  public void close() throws Exception {
    if (scientist != null) {
      scientist.close();
    }
    federation.close();
  }
}
