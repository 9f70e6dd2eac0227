package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class AccessTest {
  private final TestFederation federation = AggregatorHomeResource.federation();

  @Inject HttpServer server;

  private String base() {
    return "https://localhost:" + server.getSecurePort();
  }

  private Person person(String name) {
    return new Person(
        base(), federation.person(), Objects.requireNonNull(federation.tokens.get(name)));
  }

  private Person stranger() {
    return new Person(base(), federation.person(), null);
  }

  @Test
  void withoutTokenNothingIsAnswered() throws Exception {
    for (String path :
        List.of(
            "/api/v1/jobs",
            "/api/v1/federation",
            "/api/v1/releases",
            "/api/v1/audit/entries",
            "/api/v1/tokens",
            "/log/checkpoint",
            "/node/v1/work")) {
      Person.Answer answer = stranger().get(path);
      assertThat(answer.status()).as(path).isEqualTo(401);
      assertThat(answer.code()).as(path).isEqualTo("auth.failed");
    }
  }

  @Test
  void aWrongTokenIsRefusedInTheSameWords() throws Exception {
    Person.Answer answer = new Person(base(), federation.person(), "cct_wrong").get("/api/v1/jobs");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.code()).isEqualTo("auth.failed");
  }

  @Test
  void eachRoleSeesItsOwnPagesOnly() throws Exception {
    Map<String, List<String>> allowed =
        Map.of(
            "/api/v1/jobs", List.of("ada", "carl", "olga"),
            "/api/v1/federation", List.of("ada", "carl", "olga"),
            "/api/v1/releases", List.of("ada", "carl"),
            "/api/v1/audit/entries", List.of("carl", "olga"),
            "/api/v1/audit/pack", List.of("carl", "olga"),
            "/api/v1/tokens", List.of("olga"),
            "/node/v1/work", List.of());
    for (Map.Entry<String, List<String>> page : allowed.entrySet()) {
      for (String name : List.of("ada", "carl", "olga")) {
        Person.Answer answer = person(name).get(page.getKey());
        if (page.getKey().startsWith("/node/")) {
          assertThat(answer.status()).as(name + " " + page.getKey()).isEqualTo(401);
        } else if (page.getValue().contains(name)) {
          assertThat(answer.status()).as(name + " " + page.getKey()).isEqualTo(200);
        } else {
          assertThat(answer.status()).as(name + " " + page.getKey()).isEqualTo(403);
          assertThat(answer.code()).isEqualTo("auth.forbidden");
        }
      }
    }
  }

  @Test
  void aRevokedTokenIsRefusedByTheNextRequest() throws Exception {
    Person.Answer made =
        person("olga")
            .post("/api/v1/tokens", "{\"name\":\"zoe\",\"role\":\"data-scientist\",\"days\":1}");
    assertThat(made.status()).isEqualTo(201);
    Person zoe = new Person(base(), federation.person(), made.body().path("token").asText());
    assertThat(zoe.get("/api/v1/jobs").status()).isEqualTo(200);
    String id = made.body().path("id").asText();
    assertThat(person("olga").delete("/api/v1/tokens/" + id).status()).isEqualTo(204);
    assertThat(zoe.get("/api/v1/jobs").status()).isEqualTo(401);
    assertThat(person("olga").get("/api/v1/tokens").text())
        .doesNotContain(made.body().path("token").asText());
  }

  @Test
  void aTokenForAnUnknownRoleIsRefusedByField() throws Exception {
    Person.Answer answer =
        person("olga").post("/api/v1/tokens", "{\"name\":\"zoe\",\"role\":\"node\"}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("request.malformed");
    assertThat(answer.body().path("where").path("field").asText()).contains("role");
  }

  @Test
  void anUnknownJobIsUnknown() throws Exception {
    Person.Answer answer = person("ada").get("/api/v1/jobs/0123456789ab");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("job.unknown");
  }

  @Test
  void theFederationNamesItsInstitutionsAndItsLog() throws Exception {
    Person.Answer answer = person("ada").get("/api/v1/federation");
    assertThat(answer.body().path("federation").asText()).isEqualTo("cardio-demo");
    assertThat(answer.body().path("institutions")).hasSize(4);
    assertThat(answer.body().path("log").path("size").asLong()).isPositive();
  }

  @Test
  void aBadJobIsRefusedWithPlaceAndHint() throws Exception {
    Person.Answer answer =
        person("ada")
            .post(
                "/api/v1/jobs?dryRun=true",
                "{\"file\":\"schema: job/1\\nname: x\\nfoo: 1\\n\",\"submitter\":\"ed25519:x\",\"signature\":\"AA\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).startsWith("file.");
    assertThat(answer.body().path("where").path("line").asInt()).isPositive();
    assertThat(answer.body().path("hint").asText()).isNotEmpty();
  }

  @Test
  void theDescriptionNamesEveryProblemAndShowsAnExampleOfEveryBody() throws Exception {
    com.fasterxml.jackson.databind.JsonNode document =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree(person("ada").get("/q/openapi?format=json").text());
    com.fasterxml.jackson.databind.JsonNode components = document.path("components");
    String codes =
        components.path("schemas").path("Problem").path("properties").path("code").toString();
    for (io.concordat.protocol.refusal.Code code : io.concordat.protocol.refusal.Code.values()) {
      assertThat(codes).contains("\"" + code.text() + "\"");
      assertThat(
              components
                  .path("examples")
                  .path("problem." + code.text())
                  .path("value")
                  .path("hint")
                  .asText())
          .isEqualTo(code.remedy());
    }
    for (String name : List.of("Job", "JobSubmission", "Round", "Federation", "Token", "Release")) {
      assertThat(components.path("schemas").path(name).path("examples")).as(name).isNotEmpty();
    }
    assertThat(
            document.path("paths").path("/api/v1/jobs").path("post").path("responses").toString())
        .contains("#/components/examples/problem.job.outside-policy");
  }
}
