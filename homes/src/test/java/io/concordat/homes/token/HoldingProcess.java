package io.concordat.homes.token;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.NodeName;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLParameters;

/**
 * A node's way with a TLS key in its token, in a process of its own since SoftHSM finds its token
 * by the environment: asks, has the certificate issued, and dials a server that demands it.
 */
public final class HoldingProcess {
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final Path AUTHORITY = Path.of("authority.p12");
  private static final char[] PASSWORD = "test".toCharArray();

  private final SiloHome silo;
  private final NodeCertificateFiles files;

  private HoldingProcess(Path home) {
    silo = new SiloHome(home);
    files = new NodeCertificateFiles(silo, RANDOMNESS);
  }

  public static void main(String... arguments) throws Exception {
    HoldingProcess node = new HoldingProcess(Path.of(arguments[1]));
    // A process is slow to start: what needs none of its own comes in one, between commas.
    for (String step : arguments[0].split(",")) {
      node.take(step, arguments);
    }
    if (node.files.current().isPresent()) {
      node.dial();
    }
  }

  private void take(String step, String... arguments) throws Exception {
    switch (step) {
      case "hold" -> {
        HardwareToken.choose(silo.home(), Path.of(arguments[2]), 0, arguments[3]);
        HardwareToken.makeTlsKeys(silo.home(), true);
        System.out.println("due " + (files.current().isEmpty() || due()));
      }
      case "off" -> {
        HardwareToken.makeTlsKeys(silo.home(), false);
        System.out.println("due " + due());
      }
      case "ask" -> {
        String request = files.ask("charite").toPem();
        System.out.println("request " + Digests.sha256(request));
        System.out.println("asked " + CertificateRequest.fromPem(request).shortFingerprint());
      }
      case "issue" -> issue();
      case "dial" -> {}
      default -> throw new IllegalArgumentException(step);
    }
  }

  private boolean due() throws Exception {
    return files.due(files.current().orElseThrow(), Instant.now());
  }

  private CertificateAuthority authority() throws Exception {
    Path file = silo.home().root().resolveSibling(AUTHORITY);
    if (!Files.exists(file)) {
      CertificateAuthority made =
          CertificateAuthority.create(
              "cardio-eu", Instant.now(), CertificateAuthority.ROOT_LIFE, RANDOMNESS);
      made.save(file, PASSWORD);
      Files.writeString(silo.home().authorityFile(), Certificates.toPem(made.certificate()));
    }
    return CertificateAuthority.load(file, PASSWORD);
  }

  private void issue() throws Exception {
    Instant now = Instant.now();
    // As text, the way it travels: the authority checks the request's own signature.
    CertificateRequest request = CertificateRequest.fromPem(files.ask("charite").toPem());
    X509Certificate issued =
        authority().issueNode(request, "charite", now, CertificateAuthority.LEAF_LIFE, RANDOMNESS);
    TlsIdentity identity = files.install(Certificates.toPem(issued), "charite", now);
    System.out.println(
        "held " + identity.isHeld() + " " + Certificates.shortFingerprint(identity.certificate()));
  }

  private void dial() throws Exception {
    TlsIdentity identity = files.current().orElseThrow();
    CertificateAuthority authority = authority();
    TlsKey key = TlsKey.generate(RANDOMNESS);
    TlsIdentity aggregator =
        new TlsIdentity(
            key,
            List.of(
                authority.issueServer(
                    CertificateRequest.create(key, "aggregator"),
                    List.of(),
                    Instant.now(),
                    Duration.ofDays(1),
                    RANDOMNESS)));
    List<X509Certificate> roots = List.of(authority.certificate());
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(TlsContexts.mutual(aggregator, roots)) {
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
          X509Certificate peer =
              (X509Certificate) ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
          byte[] body =
              (peer.getSubjectX500Principal().getName() + " " + Certificates.shortFingerprint(peer))
                  .getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(TlsContexts.mutual(identity, roots)).build()) {
      URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
      System.out.println(
          "let in "
              + http.send(
                      HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body()
              + " as "
              + NodeName.of(identity.certificate()).institution());
    } finally {
      server.stop(0);
    }
  }
}
