package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.aggregator.people.NodeRoster;
import io.concordat.aggregator.people.RevokedKeyEntity;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.request.RequestSigner;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A right certificate is not enough: each request is the node's own, whole, and new. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class SignedRequestTest {
  private static final String WORK = "/node/v1/work?after=0.0&wait=0";
  private static final String STATEMENTS = "/node/v1/statements";
  private static final byte[] BODY =
      "{\"type\":\"dataset.declared\"}".getBytes(StandardCharsets.US_ASCII);

  private final TestFederation federation = AggregatorHomeResource.federation();

  @Inject HttpServer server;
  @Inject NodeRoster roster;

  private String base() {
    return "https://localhost:" + server.getSecurePort();
  }

  private HttpResponse<String> send(SSLContext tls, HttpRequest.Builder request) throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(
          request.header("Content-Type", "application/json").build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpRequest.Builder with(
      Map<String, String> fields, String method, String target, byte @Nullable [] body) {
    HttpRequest.Builder request = Signed.plain(base(), method, target, body);
    fields.forEach(request::header);
    return request;
  }

  private static Map<String, String> sign(
      String node, String method, String target, byte @Nullable [] body, Instant at) {
    return TestFederation.signer(node).sign(method, target, Optional.ofNullable(body), at);
  }

  private void refused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
  }

  @Test
  void aRightCertificateWithoutASignatureIsRefusedAndLogged() throws Exception {
    SSLContext tls = federation.node("budapest");
    refused(send(tls, Signed.plain(base(), "GET", WORK, null)), 401, "request.signature");
    String entries = entriesWith("request.signature");
    assertThat(entries).contains("auth.failed").contains("request.signature").contains("budapest");
  }

  /** The log in words, as a compliance officer reads it, once something stands in it. */
  private String entriesWith(String text) throws Exception {
    Person carl =
        new Person(
            base(), federation.person(), Objects.requireNonNull(federation.tokens.get("carl")));
    String entries = "";
    for (int i = 0; i < 50 && !entries.contains(text); i++) {
      Thread.sleep(100);
      entries = carl.get("/api/v1/audit/entries?limit=500").text();
    }
    return entries;
  }

  @Test
  void aRequestSentTwiceIsRefusedAndLogged() throws Exception {
    SSLContext tls = federation.node("budapest");
    Map<String, byte[]> posted = Map.of("POST " + STATEMENTS, BODY);
    for (String request : List.of("GET " + WORK, "POST " + STATEMENTS)) {
      String method = request.substring(0, request.indexOf(' '));
      String target = request.substring(request.indexOf(' ') + 1);
      byte[] body = posted.get(request);
      Map<String, String> fields = sign("budapest", method, target, body, Instant.now());
      assertThat(send(tls, with(fields, method, target, body)).body())
          .as(request)
          .doesNotContain("request.replayed");
      HttpResponse<String> again = send(tls, with(fields, method, target, body));
      assertThat(again.statusCode()).as("%s: %s", request, again.body()).isEqualTo(409);
      assertThat(again.body()).as(request).contains("\"code\":\"request.replayed\"");
    }
    assertThat(entriesWith("request.replayed"))
        .contains("auth.failed")
        .contains("request.replayed")
        .contains("budapest");
  }

  @Test
  void aSignatureIsGoodForOneRequest() throws Exception {
    SSLContext tls = federation.node("budapest");
    Map<String, String> fields = sign("budapest", "GET", WORK, null, Instant.now());
    assertThat(send(tls, with(fields, "GET", WORK, null)).statusCode()).isIn(200, 204);
    refused(send(tls, with(fields, "GET", WORK, null)), 409, "request.replayed");
  }

  @Test
  void aSignatureIsForOnePathAndOneBody() throws Exception {
    SSLContext tls = federation.node("budapest");
    Map<String, String> fields = sign("budapest", "GET", WORK, null, Instant.now());
    refused(
        send(tls, with(fields, "GET", WORK.replace("0.0", "1.0"), null)), 401, "request.signature");
    Map<String, String> posting = sign("budapest", "POST", STATEMENTS, BODY, Instant.now());
    byte[] other =
        new String(BODY, StandardCharsets.US_ASCII)
            .replace("d", "e")
            .getBytes(StandardCharsets.US_ASCII);
    refused(send(tls, with(posting, "POST", STATEMENTS, other)), 400, "request.digest");
    Map<String, String> longer = sign("budapest", "POST", STATEMENTS, BODY, Instant.now());
    byte[] appended =
        (new String(BODY, StandardCharsets.US_ASCII) + " ").getBytes(StandardCharsets.US_ASCII);
    refused(send(tls, with(longer, "POST", STATEMENTS, appended)), 400, "request.digest");
  }

  @Test
  void anotherInstitutionsKeyDoesNotFitTheCertificate() throws Exception {
    refused(
        send(
            federation.node("budapest"),
            with(sign("cleveland", "GET", WORK, null, Instant.now()), "GET", WORK, null)),
        401,
        "auth.failed");
  }

  @Test
  void aWrongClockIsNamedWithTheTolerance() throws Exception {
    for (int off : new int[] {-200, 200}) {
      Instant at = Instant.now().plusSeconds(off);
      HttpResponse<String> answer =
          send(
              federation.node("budapest"),
              with(sign("budapest", "GET", WORK, null, at), "GET", WORK, null));
      refused(answer, 401, "request.clock");
      assertThat(answer.body()).contains("clocks may differ by 120 s");
    }
  }

  @Test
  void withoutACertificateOnlyInspectedNetworksComeIn() throws Exception {
    SSLContext tls = federation.person();
    HttpResponse<String> answer =
        send(tls, with(sign("budapest", "GET", WORK, null, Instant.now()), "GET", WORK, null));
    refused(answer, 401, "auth.failed");
    assertThat(answer.body()).contains("concordat.node.inspected");
    assertThat(
            send(tls, with(sign("long-beach", "GET", WORK, null, Instant.now()), "GET", WORK, null))
                .statusCode())
        .isIn(200, 204);
  }

  @Test
  void aRevokedKeyIsRefusedByTheNextRequest() throws Exception {
    SSLContext tls = federation.newNode("zurich-basel");
    RequestSigner signer = TestFederation.signer("zurich-basel");
    assertThat(send(tls, Signed.request(signer, base(), "GET", WORK, null)).statusCode())
        .isIn(200, 204);
    revoke(federation.keyDigest("zurich-basel"));
    refused(send(tls, Signed.request(signer, base(), "GET", WORK, null)), 403, "auth.revoked");
    // Another certificate of the same institution still opens the door.
    assertThat(
            send(
                    federation.newNode("zurich-basel"),
                    Signed.request(signer, base(), "GET", WORK, null))
                .statusCode())
        .isIn(200, 204);
  }

  @Test
  void aRevocationIsSeenByTheNextRequestOnAnOpenConnection() throws Exception {
    SSLContext tls = federation.newNode("zurich-basel");
    RequestSigner signer = TestFederation.signer("zurich-basel");
    try (HttpClient kept =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
      assertThat(knock(kept, signer).statusCode()).isIn(200, 204);
      revoke(federation.keyDigest("zurich-basel"));
      refused(knock(kept, signer), 403, "auth.revoked");
    }
  }

  private HttpResponse<String> knock(HttpClient http, RequestSigner signer) throws Exception {
    return http.send(
        Signed.request(signer, base(), "GET", WORK, null).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aRevokedNodeThatWaitsForNewsIsToldNothingMore() throws Exception {
    SSLContext tls = federation.newNode("zurich-basel");
    Person olga =
        new Person(
            base(), federation.person(), Objects.requireNonNull(federation.tokens.get("olga")));
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
      String polling = "/node/v1/work?wait=20&after=" + newest(http);
      var waiting =
          http.sendAsync(
              Signed.request(TestFederation.signer("zurich-basel"), base(), "GET", polling, null)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      Thread.sleep(1000);
      assertThat(waiting).as("it waits").isNotDone();
      Person.Answer revoked =
          olga.post(
              "/api/v1/revocations",
              "{\"institution\":\"zurich-basel\",\"key\":\""
                  + federation.keyDigest("zurich-basel")
                  + "\",\"reason\":\"lost\"}");
      assertThat(revoked.status()).isEqualTo(204);
      // The revocation itself is the news that wakes it.
      refused(waiting.get(15, TimeUnit.SECONDS), 403, "auth.revoked");
    }
  }

  /** Where a node stands that has heard everything. */
  private String newest(HttpClient http) throws Exception {
    String cursor = "0.0";
    while (true) {
      HttpResponse<String> answer =
          http.send(
              Signed.request(
                      TestFederation.signer("zurich-basel"),
                      base(),
                      "GET",
                      "/node/v1/work?wait=0&after=" + cursor,
                      null)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 204) {
        return cursor;
      }
      cursor = answer.body().replaceFirst("(?s).*\"cursor\":\"([0-9.]+)\".*", "$1");
    }
  }

  @Test
  void aStreamedBodyIsTheOneThatWasSigned() throws Exception {
    byte[] body = new byte[200_000];
    String probe = "/node/v1/probe";
    Map<String, String> fields = sign("budapest", "PUT", probe, body, Instant.now());
    body[150_000] = 1;
    HttpRequest.Builder altered = with(fields, "PUT", probe, body);
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(federation.node("budapest"))
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      refused(
          http.send(
              altered.header("Content-Type", "application/octet-stream").build(),
              HttpResponse.BodyHandlers.ofString()),
          400,
          "request.digest");
    }
  }

  private void revoke(Digest key) {
    QuarkusTransaction.requiringNew()
        .run(() -> {
          RevokedKeyEntity row = new RevokedKeyEntity();
          row.sha256 = key.hex();
          row.institution = "zurich-basel";
          row.reason = "test";
          row.persist();
        });
    roster.reload();
  }
}
