package io.concordat.silonode.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.homes.network.ProxyAddress;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.Outgoing;
import io.concordat.silonode.store.SiloDatabase;
import io.concordat.silonode.store.SiloStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link through what stands between a hospital and the world. */
class HospitalNetworkTest {
  private static final String WORK = "GET /node/v1/work";
  private static final Optional<String> USER = Optional.of("ward7");

  @TempDir Path folder;

  private FakeAggregator aggregator;
  private TestProxy proxy;

  @BeforeEach
  void begin() throws Exception {
    aggregator = new FakeAggregator();
    aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 204, ""));
    proxy = new TestProxy();
  }

  @AfterEach
  void end() throws Exception {
    proxy.close();
    aggregator.close();
  }

  private AggregatorLink link(int proxyPort, Optional<String> user, String password)
      throws Exception {
    return link(proxyPort, user, password, List.of());
  }

  private AggregatorLink link(
      int proxyPort, Optional<String> user, String password, List<X509Certificate> bundle)
      throws Exception {
    return new AggregatorLink(
        aggregator.address(),
        new Dialler(
            aggregator.node(bundle),
            Optional.of(new ProxyAddress("localhost", proxyPort, user, password))),
        FakeAggregator.signer(),
        Clock.systemUTC());
  }

  private static void polls(AggregatorLink link) throws Exception {
    assertThat(link.poll(Cursor.START, Duration.ZERO)).isEmpty();
  }

  @Test
  void passesAProxyThatAsksForAPassword() throws Exception {
    proxy.login = Optional.of("ward7:s3cret");
    try (AggregatorLink link = link(proxy.port(), USER, "s3cret")) {
      polls(link);
    }
    assertThat(proxy.targets()).contains("localhost:" + aggregator.address().getPort() + " 200");
    try (AggregatorLink wrong = link(proxy.port(), USER, "wrong")) {
      assertThatThrownBy(() -> polls(wrong)).isInstanceOf(IOException.class);
    }
    assertThat(proxy.targets().getLast()).endsWith(" 407");
    assertThat(aggregator.requests()).as("nothing got past the wrong password").hasSize(1);
  }

  @Test
  void isRecognisedBehindAProxyThatOpensTls() throws Exception {
    CertificateAuthority house = FakeAggregator.authority();
    aggregator.takeWithoutCertificate();
    proxy.inspecting = Optional.of(house);
    proxy.trusted = List.of(aggregator.authorityCertificate());
    try (AggregatorLink link =
        link(proxy.port(), Optional.empty(), "", List.of(house.certificate()))) {
      polls(link);
    }
    assertThat(aggregator.requests()).hasSize(1);
  }

  @Test
  void saysWhenSomethingOpensTlsThatIsNotInTheBundle() throws Exception {
    proxy.inspecting = Optional.of(FakeAggregator.authority());
    proxy.trusted = List.of(aggregator.authorityCertificate());
    try (AggregatorLink link = link(proxy.port(), Optional.empty(), "")) {
      assertThatThrownBy(() -> polls(link)).hasMessageContaining("concordat.ca-bundle");
    }
    assertThat(aggregator.requests()).isEmpty();
  }

  @Test
  void aProxyThatChangesARequestIsFoundOut() throws Exception {
    CertificateAuthority house = FakeAggregator.authority();
    aggregator.takeWithoutCertificate();
    proxy.inspecting = Optional.of(house);
    proxy.trusted = List.of(aggregator.authorityCertificate());
    proxy.change =
        bytes ->
            new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("after=0.0", "after=0.7")
                .getBytes(StandardCharsets.ISO_8859_1);
    try (AggregatorLink link =
        link(proxy.port(), Optional.empty(), "", List.of(house.certificate()))) {
      assertThatThrownBy(() -> polls(link)).hasMessageContaining("request.signature");
    }
  }

  /** Cut every 1.5 MiB on an upload of 8 MiB, it ends, and no chunk is taken twice. */
  @Test
  void anUploadGetsThroughALineThatIsCutAgainAndAgain() throws Exception {
    var database = SiloDatabase.in(folder);
    NamedBlobs blobs = new NamedBlobs(folder.resolve("blobs"), database);
    SiloStore store = new SiloStore(database, blobs);
    byte[] object = new byte[2 * DigestTree.CHUNK_BYTES];
    object[5] = 1;
    Digest name = Digests.sha256(object);
    try (OutputStream out = blobs.create("contribution/x")) {
      out.write(object);
    }
    Set<Integer> taken = new TreeSet<>();
    String path = "/node/v1/contributions/" + name.hex();
    aggregator.on(
        "GET " + path,
        ex -> {
          List<String> missing = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            if (!taken.contains(i)) {
              missing.add(Integer.toString(i));
            }
          }
          FakeAggregator.reply(
              ex,
              200,
              "{\"complete\":"
                  + missing.isEmpty()
                  + ",\"missing\":["
                  + String.join(",", missing)
                  + "]}");
        });
    for (int i = 0; i < 2; i++) {
      int index = i;
      aggregator.on(
          "PUT " + path + "/chunks/" + i,
          ex -> {
            byte[] body = ex.getRequestBody().readAllBytes();
            assertThat(body).hasSize(DigestTree.CHUNK_BYTES);
            assertThat(taken.add(index)).as("chunk %s came twice", index).isTrue();
            FakeAggregator.reply(ex, 204, "");
          });
    }
    Outgoing.Upload upload = new Outgoing.Upload("1-u", name, "contribution/x");
    try (AggregatorLink link = link(proxy.port(), Optional.empty(), "")) {
      // A line holds one chunk and not two; every second one breaks early.
      int breaks = 0;
      boolean done = false;
      for (int attempt = 0; attempt < 10 && !done; attempt++) {
        proxy.cutAfter = attempt % 2 == 0 ? 1_500_000 : 5_500_000;
        try {
          done = link.deliver(upload, store, blobs).equals(new Delivery.Taken());
        } catch (IOException cut) {
          breaks++;
        }
      }
      assertThat(done).isTrue();
      assertThat(breaks).isPositive();
    }
    assertThat(taken).containsExactly(0, 1);
  }

  @Test
  void aSlowLineIsWaitedFor() throws Exception {
    proxy.millisPerPart = 150;
    try (AggregatorLink link = link(proxy.port(), Optional.empty(), "")) {
      long begun = System.nanoTime();
      polls(link);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void anotherCertificateIsUsedFromTheNextConnectionOn() throws Exception {
    try (Dialler dialler = new Dialler(aggregator.node(), Optional.empty());
        AggregatorLink link =
            new AggregatorLink(
                aggregator.address(), dialler, FakeAggregator.signer(), Clock.systemUTC())) {
      polls(link);
      String before = aggregator.lastCertificate();
      dialler.use(aggregator.node());
      polls(link);
      assertThat(aggregator.lastCertificate()).isNotEqualTo(before);
    }
  }

  // ---- proxies of Debian

  @Test
  void passesDebiansTinyproxyWithAPassword() throws Exception {
    Path program = installed("tinyproxy");
    int port = freePort();
    Path config = folder.resolve("tinyproxy.conf");
    Files.writeString(
        config,
        "Port %d\nListen 127.0.0.1\nTimeout 600\nMaxClients 20\nBasicAuth ward7 s3cret\nLogLevel Error\n"
            .formatted(port));
    throughARealProxy(port, program.toString(), "-d", "-c", config.toString());
  }

  @Test
  void passesDebiansSquidWithAPassword() throws Exception {
    Path program = installed("squid");
    Path helper = Path.of("/usr/lib/squid/basic_ncsa_auth");
    Assumptions.assumeTrue(Files.isExecutable(helper), helper + " is missing");
    int port = freePort();
    Path passwords = folder.resolve("passwords");
    // Hash of "s3cret" (MD5 crypt, which the helper reads).
    Process openssl =
        new ProcessBuilder("openssl", "passwd", "-1", "-salt", "ward", "s3cret").start();
    String hash = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    Files.writeString(passwords, "ward7:" + hash);
    Path config = folder.resolve("squid.conf");
    Files.writeString(
        config,
        """
        http_port 127.0.0.1:%d
        auth_param basic program %s %s
        acl known proxy_auth REQUIRED
        http_access allow CONNECT known
        http_access deny all
        cache deny all
        access_log none
        cache_log %s
        cache_store_log none
        pid_filename none
        coredump_dir %s
        shutdown_lifetime 0 seconds
        """
            .formatted(port, helper, passwords, folder.resolve("cache.log"), folder));
    // Started by root, squid becomes another user, who must be able to read these.
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    throughARealProxy(port, program.toString(), "-N", "-f", config.toString());
  }

  @Test
  void isRecognisedBehindDebiansMitmproxyThatOpensTls() throws Exception {
    Path program = installed("mitmdump");
    int port = freePort();
    aggregator.takeWithoutCertificate();
    Path trusted = folder.resolve("aggregator-ca.pem");
    Files.writeString(
        trusted, io.concordat.crypto.pki.Certificates.toPem(aggregator.authorityCertificate()));
    Process running =
        start(
            port,
            program.toString(),
            "--quiet",
            "--listen-host",
            "127.0.0.1",
            "--listen-port",
            Integer.toString(port),
            "--set",
            "confdir=" + folder.resolve("mitm"),
            "--set",
            "ssl_verify_upstream_trusted_ca=" + trusted);
    try {
      Path root = folder.resolve("mitm").resolve("mitmproxy-ca-cert.pem");
      for (int i = 0; i < 100 && !Files.exists(root); i++) {
        Thread.sleep(100);
      }
      try (AggregatorLink link =
          link(
              port,
              Optional.empty(),
              "",
              io.concordat.crypto.pki.Certificates.fromPem(Files.readString(root)))) {
        polls(link);
      }
      assertThat(aggregator.requests()).hasSize(1);
      assertThat(aggregator.lastCertificate()).isEmpty();
    } finally {
      stop(running);
    }
  }

  private void throughARealProxy(int port, String... command) throws Exception {
    Process running = start(port, command);
    try {
      try (AggregatorLink link = link(port, USER, "s3cret")) {
        polls(link);
      }
      try (AggregatorLink wrong = link(port, USER, "wrong")) {
        assertThatThrownBy(() -> polls(wrong)).isInstanceOf(IOException.class);
      }
      assertThat(aggregator.requests()).hasSize(1);
    } finally {
      stop(running);
    }
  }

  private Process start(int port, String... command) throws Exception {
    Process running =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("proxy.out").toFile())
            .start();
    for (int i = 0; i < 300; i++) {
      try (java.net.Socket open = new java.net.Socket("127.0.0.1", port)) {
        return running;
      } catch (IOException notYet) {
        if (!running.isAlive()) {
          break;
        }
        Thread.sleep(100);
      }
    }
    stop(running);
    throw new IllegalStateException(
        command[0] + " does not listen: " + Files.readString(folder.resolve("proxy.out")));
  }

  private static void stop(Process running) throws InterruptedException {
    running.destroy();
    if (!running.waitFor(10, TimeUnit.SECONDS)) {
      running.destroyForcibly();
    }
  }

  private static Path installed(String name) {
    for (String where : List.of("/usr/bin", "/usr/sbin")) {
      Path program = Path.of(where, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    String words =
        "NOT TESTED with Debian's " + name + ": it is not installed (apt-get install " + name + ")";
    System.err.println("\n*** " + words + " ***\n");
    Assumptions.abort(words);
    throw new IllegalStateException(words);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
