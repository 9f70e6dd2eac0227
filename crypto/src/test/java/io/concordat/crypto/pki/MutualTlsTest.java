package io.concordat.crypto.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.random.Randomness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own TLS, both ends, over loopback: what it accepts and what it refuses. */
final class MutualTlsTest {
  private static final Duration LIFE = CertificateAuthority.LEAF_LIFE;

  private final Randomness randomness = new Random(11)::nextBytes;

  /** The JDK's path checker reads the system's clock, so these certificates live around today. */
  private final Instant now = Instant.now();

  private final CertificateAuthority authority = root("cardio-eu");
  private final CertificateAuthority foreign = root("cardio-eu");
  private final HttpsServer server = newServer();

  @TempDir Path folder;

  private CertificateAuthority root(String federation) {
    return CertificateAuthority.create(federation, now, CertificateAuthority.ROOT_LIFE, randomness);
  }

  private static HttpsServer newServer() {
    try {
      return HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private TlsIdentity node(CertificateAuthority issuer, String institution, Instant from)
      throws DecodeException {
    TlsKey key = TlsKey.generate(randomness);
    return new TlsIdentity(
        key,
        List.of(
            issuer.issueNode(
                CertificateRequest.create(key, institution), institution, from, LIFE, randomness)));
  }

  private TlsIdentity aggregator(CertificateAuthority issuer, Instant from) throws DecodeException {
    TlsKey key = TlsKey.generate(randomness);
    return new TlsIdentity(
        key,
        List.of(
            issuer.issueServer(
                CertificateRequest.create(key, "aggregator"),
                List.of("agg.example.org"),
                from,
                LIFE,
                randomness)));
  }

  private void serve(TlsIdentity identity) {
    SSLContext context = TlsContexts.mutual(identity, List.of(authority.certificate()));
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setNeedClientAuth(true);
            parameters.setSSLParameters(tls);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          HttpsExchange https = (HttpsExchange) exchange;
          X509Certificate peer = (X509Certificate) https.getSSLSession().getPeerCertificates()[0];
          String answer;
          try {
            answer = NodeName.of(peer).institution() + " " + https.getSSLSession().getProtocol();
          } catch (DecodeException e) {
            answer = "nobody";
          }
          byte[] body = answer.getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private String ask(SSLContext context, String host) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      URI uri = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @BeforeEach
  void quietServer() {
    server.setExecutor(null);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void letsAnEnrolledNodeInByName() throws Exception {
    serve(aggregator(authority, now));
    SSLContext node =
        TlsContexts.mutual(node(authority, "charite", now), List.of(authority.certificate()));
    assertThat(ask(node, "localhost")).isEqualTo("charite TLSv1.3");
    assertThat(ask(node, "127.0.0.1")).isEqualTo("charite TLSv1.3");
  }

  @Test
  void worksFromStoresOnDisk() throws Exception {
    char[] password = KeyStores.newPassword(randomness);
    Path key = folder.resolve("tls.p12");
    Path trust = folder.resolve("trust.p12");
    node(authority, "mgh", now).save(key, password);
    KeyStores.saveTrust(trust, List.of(authority.certificate()), password);
    serve(aggregator(authority, now));
    SSLContext node =
        TlsContexts.mutual(TlsIdentity.load(key, password), KeyStores.loadTrust(trust, password));
    assertThat(ask(node, "localhost")).isEqualTo("mgh TLSv1.3");
  }

  @Test
  void refusesANodeWithoutCertificate() throws Exception {
    serve(aggregator(authority, now));
    refuses(TlsContexts.client(List.of(authority.certificate())));
  }

  @Test
  void refusesANodeOfAForeignAuthorityOfTheSameName() throws Exception {
    serve(aggregator(authority, now));
    refuses(TlsContexts.mutual(node(foreign, "charite", now), List.of(authority.certificate())));
  }

  @Test
  void refusesANodeWhoseCertificateHasExpired() throws Exception {
    serve(aggregator(authority, now));
    refuses(
        TlsContexts.mutual(
            node(authority, "charite", now.minus(LIFE).minusSeconds(5)),
            List.of(authority.certificate())));
  }

  @Test
  void refusesANodeWhoseCertificateHasNotBegun() throws Exception {
    serve(aggregator(authority, now));
    refuses(
        TlsContexts.mutual(
            node(authority, "charite", now.plus(LIFE)), List.of(authority.certificate())));
  }

  @Test
  void refusesAServersCertificateAsANodes() throws Exception {
    serve(aggregator(authority, now));
    refuses(TlsContexts.mutual(aggregator(authority, now), List.of(authority.certificate())));
  }

  @Test
  void refusesAServerOfAForeignAuthority() throws Exception {
    serve(aggregator(foreign, now));
    refuses(TlsContexts.mutual(node(authority, "charite", now), List.of(authority.certificate())));
  }

  @Test
  void refusesANodesCertificateAsAServers() throws Exception {
    serve(node(authority, "localhost", now));
    refuses(TlsContexts.mutual(node(authority, "charite", now), List.of(authority.certificate())));
  }

  @Test
  void refusesAnExpiredServer() throws Exception {
    serve(aggregator(authority, now.minus(LIFE).minusSeconds(5)));
    refuses(TlsContexts.mutual(node(authority, "charite", now), List.of(authority.certificate())));
  }

  private void refuses(SSLContext context) {
    assertThatThrownBy(() -> ask(context, "localhost")).isInstanceOf(IOException.class);
  }
}
