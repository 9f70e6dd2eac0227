package io.concordat.e2e.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.sign.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A data scientist in a test: submits signed jobs, waits for their ends, fetches what came out. */
final class Scientist implements AutoCloseable {
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");
  private final FederationClient client;
  private final SigningKey submitter;
  private final Path folder;

  /**
   * @param folder for what is downloaded
   */
  Scientist(FederationClient client, SigningKey submitter, Path folder) {
    this.client = client;
    this.submitter = submitter;
    this.folder = folder;
  }

  /** Submits a job of the demo's federation and returns its id. */
  String submitFile(String name, String rest) throws Exception {
    String job = "schema: job/1\nname: " + name + "\nfederation: cardio-demo\n" + rest;
    SignedJobFile signed =
        SignedJobFile.sign(job.getBytes(StandardCharsets.UTF_8), name + ".yaml", submitter);
    return client
        .submit(signed.text(), signed.submitter(), signed.signature(), false)
        .path("id")
        .asText();
  }

  /** The job at its end, or as it is after four minutes. */
  JsonNode await(String id) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (true) {
      JsonNode job = job(id);
      if (ENDS.contains(job.path("state").asText()) || System.nanoTime() > deadline) {
        return job;
      }
      Thread.sleep(100);
    }
  }

  /** What a job that succeeded released. */
  JsonNode release(JsonNode job) throws Exception {
    String release = job.path("releaseId").asText();
    Path file = folder.resolve(release + ".json");
    client.download("/api/v1/releases/" + release + "/model", file);
    return new ObjectMapper().readTree(Files.readAllBytes(file));
  }

  JsonNode job(String id) throws Exception {
    return client.get("/api/v1/jobs/" + id);
  }

  JsonNode rounds(String id) throws Exception {
    return client.get("/api/v1/jobs/" + id + "/rounds").path("items");
  }

  @Override
  public void close() {
    client.close();
  }
}
