package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.network.TlsTrouble;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Certificates that TLS itself refuses: the service's own sockets, and what its operator reads. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class HandshakeTest {
  private static final String WORK = "/node/v1/work?after=0.0&wait=0";
  private static final Logger ROOT = Logger.getLogger("");

  private final TestFederation federation = AggregatorHomeResource.federation();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler reader =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          lines.add(
              record instanceof org.jboss.logmanager.ExtLogRecord ext
                  ? ext.getFormattedMessage()
                  : record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @Inject HttpServer server;

  @BeforeEach
  void read() {
    ROOT.addHandler(reader);
  }

  @AfterEach
  void stopReading() {
    ROOT.removeHandler(reader);
  }

  /**
   * What a node is told. The alert may be overtaken by the closing of the connection (TLS 1.3), so
   * it knocks as a node does until it has heard it; nothing is ever answered.
   */
  private String refused(SSLContext tls, String institution) throws Exception {
    String base = "https://localhost:" + server.getSecurePort();
    String said = "";
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < 50 && said.isEmpty(); i++) {
        try {
          http.send(
              Signed.request(TestFederation.signer(institution), base, "GET", WORK, null).build(),
              HttpResponse.BodyHandlers.discarding());
          return "let in";
        } catch (IOException refused) {
          said = TlsTrouble.of(refused).orElse("");
        }
      }
    }
    return said;
  }

  private void operatorReads(String... words) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (lines.stream().noneMatch(line -> List.of(words).stream().allMatch(line::contains))) {
      assertThat(System.nanoTime()).as("%s", lines).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private void officerReads(String institution, String code) throws Exception {
    Person carl =
        new Person(
            "https://localhost:" + server.getSecurePort(),
            federation.person(),
            Objects.requireNonNull(federation.tokens.get("carl")));
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      String entries = carl.get("/api/v1/audit/entries?limit=500").text();
      if (entries.lines().anyMatch(text -> text.contains(institution) && text.contains(code))) {
        return;
      }
      assertThat(System.nanoTime()).as(entries).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  @Test
  void anExpiredCertificateIsRefusedInTheHandshakeAndBothSidesSayWhy() throws Exception {
    SSLContext expired =
        federation.node(
            federation.authority(), "cleveland", Instant.now().minus(Duration.ofDays(11)));
    assertThat(refused(expired, "cleveland")).contains("this node's certificate").contains("ended");
    operatorReads("Refused a connection of cleveland", "auth.expired", "valid from", "until");
    officerReads("cleveland", "auth.expired");
  }

  @Test
  void aCertificateThatHasNotBegunIsRefusedInTheHandshake() throws Exception {
    SSLContext early =
        federation.node(
            federation.authority(), "long-beach", Instant.now().plus(Duration.ofDays(1)));
    assertThat(refused(early, "long-beach")).contains("this node's certificate");
    operatorReads("Refused a connection of long-beach", "auth.expired", "valid from");
  }

  @Test
  void aCertificateOfAForeignAuthorityOfTheSameNameIsRefusedInTheHandshake() throws Exception {
    CertificateAuthority namesake = foreign("cardio-demo");
    assertThat(refused(federation.node(namesake, "zurich-basel", Instant.now()), "zurich-basel"))
        .contains("this node's certificate")
        .contains("another authority");
    operatorReads("Refused a connection of -", "CN=zurich-basel", "cardio-demo root");
  }

  @Test
  void aCertificateOfAnotherFederationIsNotEvenShownAndOpensNothing() throws Exception {
    String base = "https://localhost:" + server.getSecurePort();
    SSLContext other = federation.node(foreign("other-federation"), "budapest", Instant.now());
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(other).version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer =
          http.send(
              Signed.request(TestFederation.signer("budapest"), base, "GET", WORK, null).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("no client certificate of the federation's authority");
    }
    operatorReads("Refused a request of -", "no client certificate of the federation's authority");
  }

  private static CertificateAuthority foreign(String name) {
    return CertificateAuthority.create(
        name, Instant.now(), Duration.ofDays(30), new SystemRandomness());
  }
}
