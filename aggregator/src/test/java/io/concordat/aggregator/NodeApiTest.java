package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node may not do. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class NodeApiTest {
  private final TestFederation federation = AggregatorHomeResource.federation();

  @Inject HttpServer server;

  private HttpResponse<String> send(String node, HttpRequest request) throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(federation.node(node))
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> send(
      String node, String method, String target, String type, byte @Nullable [] body)
      throws Exception {
    String base = "https://localhost:" + server.getSecurePort();
    return send(
        node,
        Signed.request(TestFederation.signer(node), base, method, target, body)
            .header("Content-Type", type)
            .build());
  }

  private HttpResponse<String> get(String node, String target) throws Exception {
    return send(node, "GET", target, "application/json", null);
  }

  private HttpResponse<String> post(String node, String json) throws Exception {
    return send(
        node,
        "POST",
        "/node/v1/statements",
        "application/json",
        json.getBytes(StandardCharsets.UTF_8));
  }

  private static String declared(String silo, SigningKey key) {
    return SignedStatement.sign(new DatasetDeclared("heart", silo, 100), StatementSigner.of(key))
        .json()
        .toString();
  }

  @Test
  void aNodeSpeaksForItsOwnInstitutionOnly() throws Exception {
    HttpResponse<String> answer =
        post("budapest", declared("cleveland", TestFederation.nodeKey("cleveland")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("statement.signer");
  }

  @Test
  void aForgedSignatureIsRefusedWithoutDiagnostics() throws Exception {
    String good = declared("budapest", TestFederation.nodeKey("budapest"));
    HttpResponse<String> answer =
        post("budapest", good.replace("\"signature\":\"", "\"signature\":\"AAAA"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("statement.signature").doesNotContain("Exception");
  }

  @Test
  void aMemberThatNobodyReadsIsRefused() throws Exception {
    HttpResponse<String> answer = post("budapest", "{\"type\":\"dataset.declared\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("request.malformed");
  }

  @Test
  void chunksOfAnUnknownContributionAreNotStored() throws Exception {
    String unknown = Digests.sha256("nothing").hex();
    HttpResponse<String> answer =
        send(
            "budapest",
            "PUT",
            "/node/v1/contributions/" + unknown + "/chunks/0",
            "application/octet-stream",
            new byte[1000]);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("contribution.unknown");
  }

  @Test
  void aBodyBeyondEveryBoundIsCutOff() throws Exception {
    byte[] huge =
        ("{\"type\":\"" + "x".repeat(17 << 20) + "\"}").getBytes(StandardCharsets.US_ASCII);
    int status;
    try {
      status =
          send("budapest", "POST", "/node/v1/statements", "application/json", huge).statusCode();
    } catch (java.io.IOException closed) {
      // The server may close the connection before all of it was sent.
      status = 413;
    }
    assertThat(status).isEqualTo(413);
  }

  @Test
  void aCertificateWithoutTokenOpensNoPageOfPeople() throws Exception {
    HttpResponse<String> answer = get("budapest", "/api/v1/jobs");
    assertThat(answer.statusCode()).isIn(401, 403);
  }

  @Test
  void aWrongCursorIsRefusedByField() throws Exception {
    HttpResponse<String> answer = get("budapest", "/node/v1/work?after=x&wait=0");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"after\"");
  }

  private HttpResponse<String> bring(String node, String after, String... messages)
      throws Exception {
    String body = "{\"messages\":[" + String.join(",", messages) + "]}";
    return send(
        node,
        "POST",
        "/node/v1/work?wait=5&after=" + after,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String named(String id, String message) {
    return "{\"id\":\"" + id + "\"," + message.substring(1);
  }

  /** Brings messages and polls until each has its answer. */
  private Map<String, WorkReply.Answer> answers(String node, String... messages) throws Exception {
    // From the log's end on, so that the first news are the answers or an entry of theirs.
    WorkReply now =
        WorkReply.read(
            get(node, "/node/v1/work?after=0.0&wait=0").body().getBytes(StandardCharsets.UTF_8));
    String cursor = now.cursor().toString();
    Map<String, WorkReply.Answer> answers = new HashMap<>();
    for (int poll = 0; poll < 10 && answers.size() < messages.length; poll++) {
      HttpResponse<String> reply = bring(node, cursor, poll == 0 ? messages : new String[0]);
      if (reply.statusCode() == 204) {
        continue;
      }
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      WorkReply read = WorkReply.read(reply.body().getBytes(StandardCharsets.UTF_8));
      cursor = read.cursor().toString();
      read.answers().forEach(a -> answers.put(a.message(), a));
    }
    return answers;
  }

  private static Map<String, Optional<Code>> codes(Map<String, WorkReply.Answer> answers) {
    Map<String, Optional<Code>> codes = new HashMap<>();
    answers.forEach((id, answer) -> {
      codes.put(id, answer.refusal().map(Refusal::code));
      assertThat(answer.repeat()).as(id).isFalse();
    });
    return codes;
  }

  @Test
  void hostileMessagesAreEachAnsweredAndSpoilNoOther() throws Exception {
    String good = declared("long-beach", TestFederation.nodeKey("long-beach"));
    String bulk = ",\"attachments\":[" + "\"AA\",".repeat(33) + "\"AA\"]}";
    Map<String, WorkReply.Answer> answers =
        answers(
            "long-beach",
            named("1-base64", good.replace("\"statement\":\"", "\"statement\":\"!")),
            named("2-type", good.replace("dataset.declared", "dataset.forgotten")),
            named("3-forged", good.replace("\"signature\":\"", "\"signature\":\"AAAA")),
            named("4-key", good.replace("\"key\":\"ed25519:", "\"key\":\"rsa:")),
            named("5-bulk", good.substring(0, good.length() - 1) + bulk),
            "{\"id\":\"6-line\",\"type\":\"cosignature\",\"statement\":\"bm90IGEgbGluZQ\"}",
            "{\"id\":\"7 \\\"\\u0000\\n\"}",
            named("8-good", good));
    answers
        .values()
        .forEach(answer ->
            answer
                .refusal()
                .ifPresent(
                    r -> assertThat(r.detail()).doesNotContain("Exception", "io.concordat")));
    assertThat(answers.remove("6-line"))
        .isNotNull()
        .satisfies(answer -> assertThat(answer.refusal()).isPresent());
    assertThat(codes(answers))
        .containsOnly(
            Map.entry("1-base64", Optional.of(Code.REQUEST_MALFORMED)),
            Map.entry("2-type", Optional.of(Code.STATEMENT_TYPE)),
            Map.entry("3-forged", Optional.of(Code.STATEMENT_SIGNATURE)),
            Map.entry("4-key", Optional.of(Code.STATEMENT_TYPE)),
            Map.entry("5-bulk", Optional.of(Code.REQUEST_MALFORMED)),
            Map.entry("7 \"\u0000\n", Optional.of(Code.REQUEST_MALFORMED)),
            Map.entry("8-good", Optional.empty()));
  }

  @Test
  void answersAreForTheirSenderOnly() throws Exception {
    String message = "{\"id\":\"77-mine\"}";
    String heard = bring("zurich-basel", "0.0", message).body();
    assertThat(get("budapest", "/node/v1/work?after=0.0&wait=0").body()).doesNotContain("77-mine");
    heard += get("zurich-basel", "/node/v1/work?after=0.0&wait=0").body();
    assertThat(heard).containsOnlyOnce("77-mine");
  }

  @Test
  void aMessagesIdHasOneTo300Signs() throws Exception {
    String longest = "i".repeat(300);
    assertThat(codes(answers("long-beach", "{\"id\":\"" + longest + "\"}")))
        .containsOnly(Map.entry(longest, Optional.of(Code.REQUEST_MALFORMED)));
    for (String id : List.of("", longest + "i")) {
      HttpResponse<String> answer = bring("long-beach", "0.0", "{\"id\":\"" + id + "\"}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"field\":\"id\"");
    }
  }

  @Test
  void aPollBringsMessagesAndHearsWhatBecameOfEach() throws Exception {
    String good = declared("budapest", TestFederation.nodeKey("budapest"));
    String foreign = declared("cleveland", TestFederation.nodeKey("cleveland"));
    Map<String, WorkReply.Answer> answers =
        answers(
            "budapest", named("1-good", good), named("2-foreign", foreign), "{\"id\":\"3-empty\"}");
    assertThat(answers).containsOnlyKeys("1-good", "2-foreign", "3-empty");
    Map<String, Optional<Code>> codes = codes(answers);
    assertThat(codes)
        .containsEntry("1-good", Optional.empty())
        .containsEntry("2-foreign", Optional.of(Code.STATEMENT_SIGNER))
        .containsEntry("3-empty", Optional.of(Code.REQUEST_MALFORMED));
  }

  @Test
  void aPollWithOneWrongMessageInFormTakesNone() throws Exception {
    String good = declared("zurich-basel", TestFederation.nodeKey("zurich-basel"));
    assertThat(bring("zurich-basel", "0.0", named("1-a", good), good).statusCode()).isEqualTo(400);
    assertThat(bring("zurich-basel", "x", named("1-a", good)).statusCode()).isEqualTo(400);
    assertThat(bring("zurich-basel", "0.0", named("1-a", good), "null").statusCode())
        .isEqualTo(400);
    String cut = "{\"messages\":[" + named("1-a", good);
    assertThat(
            send(
                    "zurich-basel",
                    "POST",
                    "/node/v1/work?wait=0&after=0.0",
                    "application/json",
                    cut.getBytes(StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(400);
    String[] many = new String[9];
    java.util.Arrays.fill(many, named("1-a", good));
    HttpResponse<String> answer = bring("zurich-basel", "0.0", many);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"messages\"");
    assertThat(get("zurich-basel", "/node/v1/work?after=0.0&wait=0").body())
        .doesNotContain("answers");
  }

  @Test
  void everyMemberReadsTheLog() throws Exception {
    HttpResponse<String> answer = get("budapest", "/log/checkpoint");
    assertThat(answer.statusCode()).isIn(200, 404);
  }
}
