package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.verify.PackVerifier;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs over real sockets, with the real cores in nodes that keep everything in memory. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class RoundTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestFederation federation = AggregatorHomeResource.federation();
  private final RunningNodes nodes = new RunningNodes(federation, this::base);

  @Inject HttpServer server;
  @TempDir Path folder;

  private String base() {
    return "https://localhost:" + server.getSecurePort();
  }

  private Person person(String name) {
    return new Person(
        base(), federation.person(), Objects.requireNonNull(federation.tokens.get(name)));
  }

  @AfterEach
  void stopNodes() throws InterruptedException {
    nodes.close();
  }

  private void startNodes(boolean chunked) throws Exception {
    nodes.start(chunked);
  }

  private static String submission() throws Exception {
    return RunningNodes.submission();
  }

  private JsonNode submit() throws Exception {
    return nodes.submit(person("ada"));
  }

  private JsonNode ended(String id) throws Exception {
    return nodes.ended(id);
  }

  @Test
  void fourSilosAddUpAndEverybodySeesIt() throws Exception {
    startNodes(false);
    JsonNode job = submit();
    String id = job.path("id").asText();
    JsonNode end = ended(id);
    assertThat(end.path("state").asText()).as(end.toString()).isEqualTo("Succeeded");
    assertThat(end.path("round").asLong()).isEqualTo(1);

    JsonNode release =
        person("ada").get("/api/v1/releases/" + end.path("releaseId").asText() + "/model").body();
    assertThat(release.path("schema").asText()).isEqualTo("statistics/1");
    assertThat(release.path("patients").asLong()).isEqualTo(100 + 110 + 120 + 130);
    assertThat(release.path("columns").get(0).path("mean").asDouble()).isEqualTo(50.0);

    String events = person("ada").get("/api/v1/jobs/" + id + "/events").text();
    assertThat(events)
        .contains("job.submitted", "round.announced", "cohort.fixed", "round.opened", "job.ended");

    JsonNode words = person("carl").get("/api/v1/audit/entries?limit=200").body().path("items");
    assertThat(words.findValuesAsText("words")).anyMatch(w -> w.contains("cohort was fixed"));

    JsonNode pack = person("carl").get("/api/v1/audit/pack").body().path("files");
    assertThat(pack.findValuesAsText("path"))
        .contains("checkpoint", "policy/1/policy.yaml", "policy/1/policy.sig")
        .anyMatch(path -> path.startsWith("keysums/"))
        .anyMatch(path -> path.startsWith("fingerprints/"))
        .anyMatch(path -> path.startsWith("sums/"))
        .anyMatch(path -> path.startsWith("tile/entries/"));
    for (String path : pack.findValuesAsText("path")) {
      Path file = folder.resolve(path);
      Files.createDirectories(file.resolveSibling("."));
      Files.write(file, person("carl").bytes("/api/v1/audit/pack/" + path));
    }
    assertThat(PackVerifier.verify(folder, federation.home.resolve("config/policy.yaml")))
        .isNotEmpty()
        .allSatisfy(check -> assertThat(check.ok()).as(check.toString()).isTrue());
    assertThat(new String(person("ada").bytes("/log/checkpoint"), StandardCharsets.UTF_8))
        .startsWith(TestFederation.ORIGIN + "\n");
  }

  @Test
  void watchersSeeHowFarTheUploadsOfARoundHaveCome() throws Exception {
    startNodes(true);
    int silos = TestFederation.INSTITUTIONS.size();
    FakeNode slow = nodes.node("long-beach");
    slow.holding = true;
    String id = submit().path("id").asText();
    List<JsonNode> seen = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                person("ada").stream("/api/v1/jobs/" + id + "/events"), StandardCharsets.UTF_8))) {
      boolean transientEvent = true;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id:")) {
          transientEvent = false;
        } else if (line.startsWith("data:")) {
          JsonNode event = JSON.readTree(line.substring(5));
          if (event.path("type").asText().equals("round.uploads")) {
            assertThat(transientEvent).as("such an event has no place in the log").isTrue();
            seen.add(event);
            if (arrived(event) == silos - 1) {
              slow.holding = false;
            }
          }
          transientEvent = true;
        }
      }
    }
    assertThat(ended(id).path("state").asText()).isEqualTo("Succeeded");
    JsonNode waiting = seen.stream().filter(e -> arrived(e) == silos - 1).findFirst().orElseThrow();
    assertThat(waiting.path("number").asLong()).isEqualTo(1);
    assertThat(waiting.path("uploads")).hasSize(silos);
    for (JsonNode upload : waiting.path("uploads")) {
      boolean last = upload.path("silo").asText().equals(slow.institution);
      assertThat(upload.path("of").asLong()).isPositive();
      assertThat(upload.path("bytes").asLong()).isEqualTo(last ? 0 : upload.path("of").asLong());
    }
    assertThat(waiting.path("bytes").asLong() * silos)
        .isEqualTo(waiting.path("of").asLong() * (silos - 1));
  }

  private static long arrived(JsonNode event) {
    long whole = 0;
    for (JsonNode upload : event.path("uploads")) {
      whole += upload.path("bytes").asLong() == upload.path("of").asLong() ? 1 : 0;
    }
    return whole;
  }

  @Test
  void aDryRunIsWrittenNowhere() throws Exception {
    startNodes(false);
    JsonNode first = submit();
    ended(first.path("id").asText());
    long log = logSize();
    int jobs = person("ada").get("/api/v1/jobs").body().path("items").size();
    JsonNode price = person("ada").post("/api/v1/jobs?dryRun=true", submission()).body();
    assertThat(price.path("schema").asText()).isEqualTo("price/1");
    assertThat(price.path("allowed").asBoolean()).as(price.toString()).isTrue();
    assertThat(price.path("epsilon").asText()).isEqualTo("not bounded");
    assertThat(price.path("expected").path("basis").asText()).isEqualTo("measured");
    assertThat(price.path("bytesPerSilo").asLong()).isPositive();
    ObjectNode unfit = (ObjectNode) JSON.readTree(submission());
    unfit.put("file", unfit.path("file").asText().replace("area_mean", "shoe_size"));
    JsonNode refused = person("ada").post("/api/v1/jobs?dryRun=true", unfit.toString()).body();
    assertThat(refused.path("allowed").asBoolean(true)).isFalse();
    assertThat(refused.path("refusals").findValuesAsText("code")).contains("job.column");
    assertThat(logSize()).isEqualTo(log);
    assertThat(person("ada").get("/api/v1/jobs").body().path("items")).hasSize(jobs);
  }

  private long logSize() throws Exception {
    return person("ada").get("/api/v1/federation").body().path("log").path("size").asLong();
  }

  @Test
  void budgetsAndClaimsAreThere() throws Exception {
    startNodes(false);
    JsonNode end = ended(submit().path("id").asText());
    JsonNode budget = person("ada").get("/api/v1/budget").body();
    assertThat(budget.path("schema").asText()).isEqualTo("budget/1");
    String release = "/api/v1/releases/" + end.path("releaseId").asText();
    JsonNode claims = person("carl").get(release + "/claims").body();
    assertThat(claims.path("schema").asText()).isEqualTo("claims/1");
    assertThat(claims.path("privacy").path("epsilon").asText()).isEqualTo("not bounded");
    assertThat(new String(person("carl").bytes(release + "/claims.html"), StandardCharsets.UTF_8))
        .startsWith("<!DOCTYPE html>")
        .contains("epsilon: not bounded");
  }

  @Test
  void ciphertextsInChunksGiveTheSameSum() throws Exception {
    startNodes(true);
    JsonNode end = ended(submit().path("id").asText());
    assertThat(end.path("state").asText()).as(end.toString()).isEqualTo("Succeeded");
  }

  @Test
  void submittingTwiceGivesOneJob() throws Exception {
    startNodes(false);
    JsonNode first = submit();
    ended(first.path("id").asText());
    String body = submission();
    Person.Answer once = person("ada").post("/api/v1/jobs", body);
    Person.Answer twice = person("ada").post("/api/v1/jobs", body);
    assertThat(once.status()).isEqualTo(201);
    assertThat(twice.status()).isEqualTo(200);
    assertThat(twice.body().path("id").asText()).isEqualTo(once.body().path("id").asText());
    ended(once.body().path("id").asText());
  }

  @Test
  void aForgedSubmissionIsRefused() throws Exception {
    startNodes(false);
    ObjectNode body = (ObjectNode) JSON.readTree(submission());
    body.put("file", body.path("file").asText().replace("sizes", "other"));
    Person.Answer answer = person("ada").post("/api/v1/jobs", body.toString());
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("job.signature");
  }

  @Test
  void aSubmissionRepeatedUnderItsKeyGetsTheFirstAnswerAndAnotherOneIsRefused() throws Exception {
    startNodes(false);
    String body = submission();
    String key = "key-" + body.hashCode();
    Person ada = person("ada");
    Person.Answer first = ada.post("/api/v1/jobs", body, key);
    for (int i = 0; i < 400 && first.status() != 201; i++) {
      // A refusal is not kept: the endorsement is still on its way.
      assertThat(first.code()).isEqualTo("job.submitter");
      Thread.sleep(50);
      first = ada.post("/api/v1/jobs", body, key);
    }
    assertThat(first.status()).isEqualTo(201);
    ended(first.body().path("id").asText());
    Person.Answer again = ada.post("/api/v1/jobs", body, key);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(ada.post("/api/v1/jobs", body).status()).isEqualTo(200);

    Person.Answer other = ada.post("/api/v1/jobs", submission(), key);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("request.key-reused");
    Person.Answer bad = ada.post("/api/v1/jobs", body, "k".repeat(256));
    assertThat(bad.code()).isEqualTo("request.malformed");
    assertThat(bad.body().path("where").path("field").asText()).isEqualTo("Idempotency-Key");
  }
}
