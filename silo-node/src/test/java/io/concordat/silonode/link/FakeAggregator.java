package io.concordat.silonode.link;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.request.ReplayWindow;
import io.concordat.protocol.request.RequestCheck;
import io.concordat.protocol.request.RequestHead;
import io.concordat.protocol.request.RequestSigner;
import io.concordat.protocol.request.RequestVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An HTTPS server under mutual TLS that answers what a test tells it to. */
public final class FakeAggregator implements AutoCloseable {
  /** What to do with one request. */
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static final Randomness RANDOM = new SystemRandomness();

  private final CertificateAuthority authority;
  private final SSLContext server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean anyone;
  private volatile String lastCertificate = "";
  private HttpsServer http;
  private final RequestVerifier verifier =
      new RequestVerifier(
          "test",
          key -> key.equals(NODE_KEY.verifyingKey()) ? Optional.of("charite") : Optional.empty(),
          new ReplayWindow(Duration.ofMinutes(2), Instant.now().minusSeconds(10)));

  /** One whose certificate is good. */
  public FakeAggregator() throws IOException, DecodeException {
    this(Instant.now());
  }

  /** One whose own certificate begins then. */
  FakeAggregator(Instant certified) throws IOException, DecodeException {
    authority = authority();
    server = TlsContexts.mutual(server(authority, certified), List.of(authority.certificate()));
    http = start(0);
  }

  static CertificateAuthority authority() {
    return CertificateAuthority.create(
        "test", Instant.now(), CertificateAuthority.ROOT_LIFE, RANDOM);
  }

  private static TlsIdentity server(CertificateAuthority authority, Instant certified)
      throws DecodeException {
    TlsKey key = TlsKey.generate(RANDOM);
    return new TlsIdentity(
        key,
        List.of(
            authority.issueServer(
                CertificateRequest.create(key, "aggregator"),
                List.of(),
                certified,
                CertificateAuthority.LEAF_LIFE,
                RANDOM)));
  }

  private static final SigningKey NODE_KEY = SigningKey.generate(RANDOM);

  /** Signs as the node does whose requests this server accepts. */
  public static RequestSigner signer() {
    return new RequestSigner("test", NODE_KEY.verifyingKey(), NODE_KEY::signForeign, RANDOM);
  }

  private HttpsServer start(int port) throws IOException {
    HttpsServer made =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    made.setHttpsConfigurator(
        new HttpsConfigurator(server) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = server.getDefaultSSLParameters();
            if (anyone) {
              tls.setWantClientAuth(true);
            } else {
              tls.setNeedClientAuth(true);
            }
            parameters.setSSLParameters(tls);
          }
        });
    made.setExecutor(threads);
    made.createContext("/", this::handle);
    made.start();
    return made;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String request = exchange.getRequestMethod() + " " + path;
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(range == null ? request : request + " " + range);
    lastCertificate = certificate(exchange);
    String method = exchange.getRequestMethod();
    RequestHead head =
        RequestHead.of(
            method, "", exchange.getRequestURI().toString(), exchange.getRequestHeaders());
    if (verifier.check(head, Instant.now()) instanceof RequestCheck.Refused refused) {
      try (exchange) {
        reply(exchange, 400, "{\"code\":\"" + refused.reason().code().text() + "\"}");
      }
      return;
    }
    try (exchange) {
      answers.getOrDefault(request, ex -> reply(ex, 404, "{}")).to(exchange);
    }
  }

  private static String certificate(HttpExchange exchange) {
    try {
      return ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0].toString();
    } catch (SSLPeerUnverifiedException none) {
      return "";
    }
  }

  /** The client certificate of the newest request; empty if there was none. */
  String lastCertificate() {
    return lastCertificate;
  }

  /** From now on a signature is enough. */
  void takeWithoutCertificate() {
    anyone = true;
  }

  X509Certificate authorityCertificate() {
    return authority.certificate();
  }

  /** Answers requests such as {@code GET /node/v1/work} so from now on. */
  public void on(String request, Answer answer) {
    answers.put(request, answer);
  }

  /** All requests so far: method, path, range. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The server is gone and its port refuses connections. */
  void goAway() {
    http.stop(0);
  }

  /** The server is back on the same port. */
  void comeBack() throws IOException {
    http = start(http.getAddress().getPort());
  }

  /** Reads the request to its end and answers. */
  public static void reply(HttpExchange exchange, int status, String body) throws IOException {
    reply(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the request to its end and answers. */
  public static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("https://localhost:" + http.getAddress().getPort());
  }

  /** A node's side of TLS that trusts {@code trusted}, certified by this server's authority. */
  SSLContext node(CertificateAuthority trusted) throws DecodeException {
    return identity(authority, List.of(trusted.certificate()), Instant.now());
  }

  /** A node's side of TLS whose certificate this issuer gave, beginning then. */
  SSLContext node(CertificateAuthority issuer, Instant from) throws DecodeException {
    return identity(issuer, List.of(authority.certificate()), from);
  }

  CertificateAuthority ownAuthority() {
    return authority;
  }

  /** As {@link #node()}, with more roots. */
  SSLContext node(List<X509Certificate> bundle) throws DecodeException {
    List<X509Certificate> roots = new ArrayList<>(bundle);
    roots.add(authority.certificate());
    return identity(authority, roots, Instant.now());
  }

  private static SSLContext identity(
      CertificateAuthority issuer, List<X509Certificate> roots, Instant from)
      throws DecodeException {
    TlsKey key = TlsKey.generate(RANDOM);
    TlsIdentity identity =
        new TlsIdentity(
            key,
            List.of(
                issuer.issueNode(
                    CertificateRequest.create(key, "charite"),
                    "charite",
                    from,
                    CertificateAuthority.LEAF_LIFE,
                    RANDOM)));
    return TlsContexts.mutual(identity, roots);
  }

  /** A node's side of TLS that this server lets in. */
  public SSLContext node() throws DecodeException {
    return node(authority);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
