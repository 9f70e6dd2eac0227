package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concordat job watch} against a server that tells of uploads. */
class JobWatchTest {
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final String JOB = "00".repeat(32);

  @TempDir Path folder;

  private HttpsServer server;

  /** What each connection to the event stream is told, and then it breaks. */
  private final List<String> streams = new ArrayList<>();

  private final List<String> resumedAfter = new ArrayList<>();
  private String end = "Succeeded";

  @BeforeEach
  void start() throws Exception {
    Instant now = Instant.now();
    CertificateAuthority authority =
        CertificateAuthority.create("test", now, CertificateAuthority.ROOT_LIFE, RANDOMNESS);
    TlsKey key = TlsKey.generate(RANDOMNESS);
    TlsIdentity identity =
        new TlsIdentity(
            key,
            List.of(
                authority.issueServer(
                    CertificateRequest.create(key, "aggregator"),
                    List.of(),
                    now,
                    CertificateAuthority.LEAF_LIFE,
                    RANDOMNESS)));
    Files.writeString(folder.resolve("ca.pem"), Certificates.toPem(authority.certificate()));
    Files.writeString(folder.resolve("token"), "cct_0123456789abcdef0123\n");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(TlsContexts.mutual(identity, List.of(authority.certificate()))));
    server.createContext("/api/v1/jobs/" + JOB, this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean events = exchange.getRequestURI().getPath().endsWith("/events");
      String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
      if (events) {
        resumedAfter.add(String.valueOf(last));
      }
      String state = streams.isEmpty() ? end : "Running";
      String body =
          events
              ? streams.removeFirst()
              : "{\"id\":\"" + JOB + "\",\"name\":\"heart\",\"state\":\"" + state + "\"}";
      exchange
          .getResponseHeaders()
          .add("Content-Type", events ? "text/event-stream" : "application/json");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Bytes of each silo in thousands, of 10 MB each. */
  private static String uploads(int number, int... kilobytes) {
    String each =
        IntStream.range(0, kilobytes.length)
            .mapToObj(i ->
                String.format(
                    Locale.ROOT,
                    "{\"silo\":\"silo-%d\",\"bytes\":%d,\"of\":10000000}",
                    i,
                    1000L * kilobytes[i]))
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "event: round.uploads\ndata: {\"type\":\"round.uploads\",\"round\":0,\"rounds\":2,"
            + "\"state\":\"Running\",\"number\":%d,\"bytes\":%d,\"of\":%d,\"uploads\":[%s]}\n\n",
        number,
        1000L * IntStream.of(kilobytes).sum(),
        10_000_000L * kilobytes.length,
        each);
  }

  private static String logged(int id, String type, int round, String state) {
    return String.format(
        Locale.ROOT,
        "id: %d\nevent: %s\ndata: {\"seq\":%d,\"type\":\"%s\",\"round\":%d,\"rounds\":2,\"state\":\"%s\"}\n\n",
        id,
        type,
        id,
        type,
        round,
        state);
  }

  private Typed watch(String... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "job",
                "watch",
                JOB,
                "--server",
                "https://localhost:" + server.getAddress().getPort(),
                "--ca",
                folder.resolve("ca.pem"),
                "--token-file",
                folder.resolve("token"),
                "--profile",
                folder.resolve("no-profile.yaml")));
    words.addAll(List.of(more));
    return Typed.command(words.toArray());
  }

  private static List<String> linesAboutUploads(Typed typed) {
    return typed.all().lines().filter(line -> line.contains("uploads")).toList();
  }

  @Test
  void tellsOfUploadsAtEachTenthAndAnewInAnotherRound() {
    streams.add(
        logged(7, "job.submitted", 0, "Running")
            + uploads(1, 0, 0)
            + uploads(1, 500, 900)
            + uploads(1, 9999, 0)
            + uploads(1, 9999, 100)
            + uploads(1, 10_000, 10_000)
            + logged(9, "round.opened", 1, "Running")
            + uploads(2, 10_000, 10_000)
            + logged(12, "job.ended", 2, "Succeeded"));
    Typed typed = watch().done();
    assertThat(linesAboutUploads(typed))
        .containsExactly(
            "heart: round 1, uploads 0.0 of 20.0 MB (silo-0 0 %, silo-1 0 %)",
            "heart: round 1, uploads 10.0 of 20.0 MB (silo-0 99 %, silo-1 0 %)",
            "heart: round 1, uploads 10.1 of 20.0 MB (silo-0 99 %, silo-1 1 %)",
            "heart: round 1, uploads 20.0 of 20.0 MB (silo-0 100 %, silo-1 100 %)",
            "heart: round 2, uploads 20.0 of 20.0 MB (silo-0 100 %, silo-1 100 %)");
    assertThat(typed.out()).contains("heart: round.opened, round 1 of 2").contains("succeeded");
  }

  @Test
  void countsManySilosInsteadOfNamingThem() {
    streams.add(uploads(1, 1, 2, 3, 4, 5, 6, 7, 8, 9) + logged(12, "job.ended", 2, "Succeeded"));
    assertThat(linesAboutUploads(watch().done()))
        .containsExactly("heart: round 1, uploads 0.0 of 90.0 MB (9 silos)");
  }

  @Test
  void uploadsOfNothingAreNoneYet() {
    streams.add(uploads(1) + logged(12, "job.ended", 2, "Succeeded"));
    assertThat(linesAboutUploads(watch().done()))
        .containsExactly("heart: round 1, uploads 0.0 of 0.0 MB ()");
  }

  @Test
  void aBrokenStreamIsTakenUpAfterTheNewestEntryForUploadsAreNone() {
    streams.add(logged(7, "job.submitted", 0, "Running") + uploads(1, 5000, 5000));
    streams.add(uploads(1, 5500, 5500) + logged(12, "job.ended", 2, "Succeeded"));
    assertThat(linesAboutUploads(watch().done())).as("the tenth was told before").hasSize(1);
    assertThat(resumedAfter).containsExactly("null", "7");
  }

  @Test
  void forAScriptStandardOutputIsTheJobAlone() throws Exception {
    streams.add(uploads(1, 5000, 5000) + logged(12, "job.ended", 2, "Failed"));
    end = "Failed";
    Typed typed = watch("--json");
    assertThat(typed.status()).as(typed.all()).isEqualTo(ExitStatus.REFUSED);
    assertThat(new ObjectMapper().readTree(typed.out()).path("state").asText()).isEqualTo("Failed");
  }
}
