package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.enrolment.CertificateAsk;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** From an invitation to a certificate that opens the door, to the next one, to none. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class EnrolmentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final String NODE = "zurich-basel";
  private static final String WORK = "/node/v1/work?after=0.0&wait=0";
  private static final String RENEWAL = "/node/v1/certificate";

  private final TestFederation federation = AggregatorHomeResource.federation();

  @Inject HttpServer server;

  private String base() {
    return "https://localhost:" + server.getSecurePort();
  }

  private Person person(String name) {
    return new Person(
        base(), federation.person(), Objects.requireNonNull(federation.tokens.get(name)));
  }

  private HttpResponse<String> send(SSLContext tls, HttpRequest request) throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request, BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> ask(String token, byte[] ask) throws Exception {
    return send(
        federation.person(),
        HttpRequest.newBuilder(java.net.URI.create(base() + "/enrol/v1/request"))
            .header("Concordat-Invitation", token)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(ask))
            .build());
  }

  /** Asks for a certificate by an invitation that was just made; the request's fingerprint. */
  static String ask(String base, TestFederation federation, String institution, JsonNode made)
      throws Exception {
    Bootstrap bootstrap =
        Bootstrap.read(Base64.getUrlDecoder().decode(made.path("file").asText()), Instant.now());
    SigningKey node = TestFederation.nodeKey(institution);
    byte[] ask =
        CertificateAsk.sign(
                CertificateRequest.create(TlsKey.generate(RANDOMNESS), institution),
                node.verifyingKey(),
                node::sign)
            .json();
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(federation.person())
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(java.net.URI.create(base + "/enrol/v1/request"))
                  .header("Concordat-Invitation", bootstrap.token())
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofByteArray(ask))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
    return CertificateAsk.read(ask).request().shortFingerprint().toString();
  }

  private HttpResponse<String> fetch(String token) throws Exception {
    return send(
        federation.person(),
        HttpRequest.newBuilder(java.net.URI.create(base() + "/enrol/v1/certificate"))
            .header("Concordat-Invitation", token)
            .GET()
            .build());
  }

  private Bootstrap invite() throws Exception {
    Person.Answer made =
        person("olga").post("/api/v1/enrolments", "{\"institution\":\"" + NODE + "\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    Bootstrap bootstrap =
        Bootstrap.read(
            Base64.getUrlDecoder().decode(made.body().path("file").asText()), Instant.now());
    assertThat(made.body().path("fingerprint").asText())
        .as("both sides read the same")
        .isEqualTo(bootstrap.fingerprint().toString());
    return bootstrap;
  }

  private static byte[] signed(TlsKey key) {
    SigningKey node = TestFederation.nodeKey(NODE);
    return CertificateAsk.sign(
            CertificateRequest.create(key, NODE), node.verifyingKey(), node::sign)
        .json();
  }

  private JsonNode enrolment(String fingerprint) throws Exception {
    for (JsonNode item : person("olga").get("/api/v1/enrolments").body().path("items")) {
      if (item.path("fingerprint").asText().equals(fingerprint)) {
        return item;
      }
    }
    throw new AssertionError("no enrolment with fingerprint " + fingerprint);
  }

  private X509Certificate issueAndHandIn(String fingerprint) throws Exception {
    String id = enrolment(fingerprint).path("id").asText();
    byte[] request = person("olga").bytes("/api/v1/enrolments/" + id + "/request");
    X509Certificate certificate = federation.issue(CertificateAsk.read(request).request(), NODE);
    Person.Answer taken = handIn(id, certificate);
    assertThat(taken.status()).as(taken.text()).isEqualTo(204);
    return certificate;
  }

  private Person.Answer handIn(String id, X509Certificate certificate) throws Exception {
    return person("olga")
        .put(
            "/api/v1/enrolments/" + id + "/certificate",
            JSON.writeValueAsString(
                JSON.createObjectNode().put("certificate", Certificates.toPem(certificate))));
  }

  private SSLContext tls(TlsKey key, String body) throws Exception {
    List<X509Certificate> chain =
        Certificates.fromPem(JSON.readTree(body).path("certificate").asText());
    return TlsContexts.mutual(
        new TlsIdentity(key, chain), List.of(federation.authority().certificate()));
  }

  private int knock(SSLContext tls) throws Exception {
    return send(tls, Signed.request(TestFederation.signer(NODE), base(), "GET", WORK, null).build())
        .statusCode();
  }

  private String entries() throws Exception {
    return person("carl").get("/api/v1/audit/entries?limit=500").text();
  }

  @Test
  void aNodeEnrolsRenewsAndIsRevoked() throws Exception {
    Bootstrap bootstrap = invite();
    assertThat(bootstrap.policy()).isEqualTo(federation.policy.digest());
    TlsKey key = TlsKey.generate(RANDOMNESS);
    byte[] request = signed(key);
    assertThat(ask(bootstrap.token(), request).statusCode()).isEqualTo(202);
    assertThat(ask(bootstrap.token(), request).statusCode()).as("asked again").isEqualTo(202);
    assertThat(fetch(bootstrap.token()).statusCode()).isEqualTo(204);
    String fingerprint = CertificateAsk.read(request).request().shortFingerprint().toString();
    X509Certificate first = issueAndHandIn(fingerprint);
    HttpResponse<String> fetched = fetch(bootstrap.token());
    assertThat(fetched.statusCode()).isEqualTo(200);
    SSLContext enrolled = tls(key, fetched.body());
    assertThat(knock(enrolled)).isIn(200, 204);
    assertThat(entries())
        .contains("node.enrolled")
        .contains(Certificates.keyDigest(first).toString());

    TlsKey next = TlsKey.generate(RANDOMNESS);
    byte[] renewal = signed(next);
    HttpResponse<String> asked =
        send(
            enrolled,
            Signed.request(TestFederation.signer(NODE), base(), "PUT", RENEWAL, renewal)
                .header("Content-Type", "application/json")
                .build());
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
    issueAndHandIn(CertificateAsk.read(renewal).request().shortFingerprint().toString());
    HttpResponse<String> renewed =
        send(
            enrolled,
            Signed.request(TestFederation.signer(NODE), base(), "GET", RENEWAL, null).build());
    SSLContext second = tls(next, renewed.body());
    assertThat(knock(second)).isIn(200, 204);
    assertThat(entries()).contains("node.renewed");

    Person.Answer revoked =
        person("olga")
            .post(
                "/api/v1/revocations",
                "{\"institution\":\""
                    + NODE
                    + "\",\"key\":\""
                    + Certificates.keyDigest(first)
                    + "\",\"reason\":\"replaced\"}");
    assertThat(revoked.status()).as(revoked.text()).isEqualTo(204);
    assertThat(knock(enrolled)).as("the very next request").isEqualTo(403);
    assertThat(knock(second)).isIn(200, 204);
    assertThat(entries()).contains("node.revoked");
  }

  @Test
  void aTokenIsGoodForOneInstitutionAndOneRequest() throws Exception {
    Bootstrap bootstrap = invite();
    SigningKey other = TestFederation.nodeKey("budapest");
    byte[] foreign =
        CertificateAsk.sign(
                CertificateRequest.create(TlsKey.generate(RANDOMNESS), "budapest"),
                other.verifyingKey(),
                other::sign)
            .json();
    assertThat(ask(bootstrap.token(), foreign).body()).contains("request.malformed");
    assertThat(ask(bootstrap.token(), signed(TlsKey.generate(RANDOMNESS))).statusCode())
        .isEqualTo(202);
    HttpResponse<String> second = ask(bootstrap.token(), signed(TlsKey.generate(RANDOMNESS)));
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(second.body()).contains("auth.failed").contains("used");
    assertThat(ask("cct_nobody", signed(TlsKey.generate(RANDOMNESS))).statusCode()).isEqualTo(401);
    assertThat(fetch("cct_nobody").statusCode()).isEqualTo(401);
  }

  @Test
  void onlyTheAuthoritysCertificateForThatKeyIsHandedOn() throws Exception {
    Bootstrap bootstrap = invite();
    byte[] request = signed(TlsKey.generate(RANDOMNESS));
    assertThat(ask(bootstrap.token(), request).statusCode()).isEqualTo(202);
    CertificateRequest own = CertificateAsk.read(request).request();
    String id = enrolment(own.shortFingerprint().toString()).path("id").asText();
    X509Certificate stranger =
        io.concordat.crypto.pki.CertificateAuthority.create(
                "cardio-demo", Instant.now(), Duration.ofDays(10), RANDOMNESS)
            .issueNode(own, NODE, Instant.now(), Duration.ofDays(1), RANDOMNESS);
    assertThat(handIn(id, stranger).code()).isEqualTo("request.malformed");
    X509Certificate otherKey =
        federation.issue(CertificateRequest.create(TlsKey.generate(RANDOMNESS), NODE), NODE);
    assertThat(handIn(id, otherKey).code()).isEqualTo("request.malformed");
    assertThat(fetch(bootstrap.token()).statusCode()).isEqualTo(204);
  }
}
