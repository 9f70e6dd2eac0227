package io.concordat.silonode.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.silonode.store.SiloDatabase;
import io.concordat.silonode.store.SiloStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregatorLinkTest {
  private static final Cursor START = Cursor.START;
  private static final String WORK = "GET /node/v1/work";
  private static final String STATEMENTS = "POST /node/v1/statements";
  private static final Duration NO_WAIT = Duration.ZERO;

  @TempDir Path folder;

  private FakeAggregator aggregator;
  private AggregatorLink link;
  private NamedBlobs blobs;
  private SiloStore store;

  @BeforeEach
  void connect() throws Exception {
    aggregator = new FakeAggregator();
    link = link(aggregator.address(), aggregator.node());
    var database = SiloDatabase.in(folder);
    blobs = new NamedBlobs(folder.resolve("blobs"), database);
    store = new SiloStore(database, blobs);
  }

  private static AggregatorLink link(java.net.URI address, SSLContext tls) {
    return new AggregatorLink(
        address,
        new Dialler(tls, Optional.empty()),
        FakeAggregator.signer(),
        java.time.Clock.systemUTC());
  }

  @AfterEach
  void disconnect() {
    link.close();
    aggregator.close();
  }

  @Test
  void hearsNothingNewAsEmpty() throws Exception {
    aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 204, ""));
    assertThat(link.poll(START, NO_WAIT)).isEmpty();
  }

  @Test
  void readsEntriesAndCursor() throws Exception {
    WorkReply sent =
        new WorkReply(new Cursor(2, 7), List.of(new byte[] {1}, new byte[0]), "", List.of());
    aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 200, sent.bytes()));
    WorkReply got = link.poll(START, NO_WAIT).orElseThrow();
    assertThat(got.cursor()).isEqualTo(new Cursor(2, 7));
    assertThat(got.entries()).hasSize(2);
  }

  @Test
  void callsABrokenBodyAFailureAndGoesOn() throws Exception {
    for (String broken : List.of("", "{", "[]", "{\"cursor\":\"x\"}", "\u0000\u0001")) {
      aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 200, broken));
      assertThatThrownBy(() -> link.poll(START, NO_WAIT)).isInstanceOf(IOException.class);
    }
    aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 204, ""));
    assertThat(link.poll(START, NO_WAIT)).isEmpty();
  }

  @Test
  void comesBackAfterTheAggregatorWasAway() throws Exception {
    aggregator.on(WORK, ex -> FakeAggregator.reply(ex, 204, ""));
    assertThat(link.poll(START, NO_WAIT)).isEmpty();
    aggregator.goAway();
    assertThatThrownBy(() -> link.poll(START, NO_WAIT)).isInstanceOf(IOException.class);
    aggregator.comeBack();
    assertThat(link.poll(START, NO_WAIT)).isEmpty();
  }

  @Test
  void doesNotSpeakToAServerOfAnotherAuthority() throws Exception {
    try (AggregatorLink stranger =
        link(aggregator.address(), aggregator.node(FakeAggregator.authority()))) {
      assertThatThrownBy(() -> stranger.poll(START, NO_WAIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("that the federation's authority did not issue");
    }
    assertThat(aggregator.requests()).isEmpty();
  }

  @Test
  void anExpiredAggregatorIsSentNothingAndIsNamed() throws Exception {
    Instant longAgo = Instant.now().minus(Duration.ofDays(31));
    try (FakeAggregator expired = new FakeAggregator(longAgo);
        AggregatorLink dialling = link(expired.address(), expired.node())) {
      assertThatThrownBy(() -> dialling.poll(START, NO_WAIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the aggregator's certificate has expired (")
          .hasMessageContaining("CN=")
          .hasMessageContaining(
              "until "
                  + longAgo.plus(CertificateAuthority.LEAF_LIFE).truncatedTo(ChronoUnit.SECONDS));
      assertThat(expired.requests()).isEmpty();
    }
  }

  @Test
  void anAggregatorWhoseCertificateHasNotBegunPointsAtTheClock() throws Exception {
    Instant later = Instant.now().plus(Duration.ofDays(2));
    try (FakeAggregator early = new FakeAggregator(later);
        AggregatorLink dialling = link(early.address(), early.node())) {
      assertThatThrownBy(() -> dialling.poll(START, NO_WAIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not valid yet, or this clock is behind");
      assertThat(early.requests()).isEmpty();
    }
  }

  /**
   * Why polls fail. The server says so in an alert and closes; now and then the closing is seen
   * first (TLS 1.3 refuses a client after the client's part of the handshake is over), so it takes
   * as a node does another try.
   */
  private static String refusal(AggregatorLink dialling) throws InterruptedException {
    String said = "";
    for (int i = 0; i < 50 && !said.contains("certificate"); i++) {
      try {
        dialling.poll(START, NO_WAIT);
        return "let in";
      } catch (IOException refused) {
        said = String.valueOf(refused.getMessage());
      }
    }
    return said;
  }

  @Test
  void itsOwnExpiredCertificateIsSaidToBeTheReason() throws Exception {
    Instant longAgo = Instant.now().minus(Duration.ofDays(31));
    try (AggregatorLink dialling =
        link(aggregator.address(), aggregator.node(aggregator.ownAuthority(), longAgo))) {
      assertThat(refusal(dialling))
          .contains("did not take this node's certificate")
          .contains("ended");
    }
    assertThat(aggregator.requests()).isEmpty();
  }

  @Test
  void aCertificateOfAForeignAuthorityIsSaidToBeTheReason() throws Exception {
    try (AggregatorLink dialling =
        link(aggregator.address(), aggregator.node(FakeAggregator.authority(), Instant.now()))) {
      assertThat(refusal(dialling))
          .contains("did not take this node's certificate")
          .contains("another authority");
    }
    assertThat(aggregator.requests()).isEmpty();
  }

  @Test
  void doesNotSpeakPlainHttp() {
    assertThatThrownBy(() -> link(java.net.URI.create("http://localhost:1"), aggregator.node()))
        .hasMessageContaining("https");
  }

  @Test
  void sendsAStatementWithItsAttachments() throws Exception {
    store.commit(
        List.of(new Write.Put("box/1", new byte[] {1, 2}), new Write.Put("box/2", new byte[] {3})));
    try (OutputStream out = blobs.create("prepared/a")) {
      out.write(new byte[] {9, 9, 9});
    }
    List<JsonObject> got = new ArrayList<>();
    aggregator.on(
        STATEMENTS,
        ex -> {
          got.add(body(ex));
          FakeAggregator.reply(ex, 200, "{}");
        });
    SignedStatement signed = declaration();
    Outgoing.Post post = new Outgoing.Post("1-a", signed, List.of("box/1", "box/2"), "prepared/a");
    assertThat(link.deliver(post, store, blobs)).isEqualTo(new Delivery.Taken());
    JsonObject body = got.getFirst();
    assertThat(body.bytes("statement")).isEqualTo(signed.bytes());
    assertThat(body.bytes("signature")).isEqualTo(signed.signature());
    assertThat(body.strings("attachments")).containsExactly("AQI", "Aw", "CQkJ");
  }

  @Test
  void aPollTakesMessagesAlongAndReadsTheirAnswers() throws Exception {
    List<JsonObject> got = new ArrayList<>();
    WorkReply.Answer taken = WorkReply.Answer.taken("1-a");
    WorkReply.Answer refused =
        new WorkReply.Answer(
            "2-cosignature", Optional.of(Refusal.of(Code.ROUND_ENDED, "over")), false);
    WorkReply reply = new WorkReply(START, List.of(), "", List.of(), List.of(taken, refused));
    aggregator.on(
        "POST /node/v1/work",
        ex -> {
          got.add(body(ex));
          FakeAggregator.reply(ex, 200, reply.bytes());
        });
    SignedStatement signed = declaration();
    WorkReply read =
        link.poll(
                START,
                NO_WAIT,
                List.of(
                    new Outgoing.Post("1-a", signed, List.of(), ""),
                    new Outgoing.Cosignature("2-cosignature", "a line")),
                store,
                blobs)
            .orElseThrow();
    assertThat(read.hasNews()).isFalse();
    assertThat(read.answers()).containsExactly(taken, refused);
    List<JsonObject> messages = got.getFirst().objects("messages");
    assertThat(messages).hasSize(2);
    assertThat(messages.get(0).string("id")).isEqualTo("1-a");
    assertThat(messages.get(0).bytes("statement")).isEqualTo(signed.bytes());
    assertThat(messages.get(1).string("type")).isEqualTo("cosignature");
  }

  private static JsonObject body(HttpExchange exchange) throws IOException {
    try {
      return CanonicalJson.readObject(exchange.getRequestBody().readAllBytes());
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }

  private static SignedStatement declaration() {
    return SignedStatement.sign(
        new DatasetDeclared("heart", "charite", 12),
        StatementSigner.of(SigningKey.generate(new SystemRandomness())));
  }

  @Test
  void takesARefusalAsFinalAndTroubleAsPassing() throws Exception {
    Outgoing.Post post = new Outgoing.Post("1-a", declaration(), List.of(), "");
    aggregator.on(
        STATEMENTS,
        ex ->
            FakeAggregator.reply(
                ex, 403, "{\"code\":\"statement.signer\",\"detail\":\"not your key\"}"));
    assertThat(link.deliver(post, store, blobs))
        .isInstanceOfSatisfying(
            Delivery.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo(Code.STATEMENT_SIGNER));
    for (int passing : new int[] {401, 408, 429, 500, 502, 503}) {
      aggregator.on(STATEMENTS, ex -> FakeAggregator.reply(ex, passing, "<html>proxy</html>"));
      assertThatThrownBy(() -> link.deliver(post, store, blobs))
          .as("status %s", passing)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void resumesAnUploadWithoutSendingAChunkTwice() throws Exception {
    byte[] object = bytes(2 * DigestTree.CHUNK_BYTES + 1000);
    Digest name = Digests.sha256(object);
    try (OutputStream out = blobs.create("contribution/x")) {
      out.write(object);
    }
    TreeMap<Integer, byte[]> chunks = new TreeMap<>();
    AtomicInteger failures = new AtomicInteger(1);
    String path = "/node/v1/contributions/" + name.hex();
    aggregator.on("GET " + path, ex -> FakeAggregator.reply(ex, 200, progress(chunks, 3)));
    for (int i = 0; i < 3; i++) {
      int index = i;
      aggregator.on(
          "PUT " + path + "/chunks/" + index,
          ex -> {
            byte[] body = ex.getRequestBody().readAllBytes();
            if (index == 1 && failures.getAndDecrement() > 0) {
              ex.close();
              return;
            }
            assertThat(chunks.put(index, body)).as("chunk %s came twice", index).isNull();
            FakeAggregator.reply(ex, 204, "");
          });
    }
    Outgoing.Upload upload = new Outgoing.Upload("1-u", name, "contribution/x");
    assertThatThrownBy(() -> link.deliver(upload, store, blobs)).isInstanceOf(IOException.class);
    assertThat(chunks.keySet()).containsExactly(0);
    assertThat(link.deliver(upload, store, blobs)).isEqualTo(new Delivery.Taken());
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    chunks.values().forEach(all::writeBytes);
    assertThat(all.toByteArray()).isEqualTo(object);
  }

  private static String progress(TreeMap<Integer, byte[]> chunks, int count) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!chunks.containsKey(i)) {
        missing.add(Integer.toString(i));
      }
    }
    return "{\"complete\":"
        + missing.isEmpty()
        + ",\"missing\":["
        + String.join(",", missing)
        + "]}";
  }

  @Test
  void goesOnWithADownloadWhereItBrokeOff() throws Exception {
    byte[] sum = bytes(300_000);
    Digest manifest = Digests.sha256(new byte[] {1});
    String path = "/node/v1/rounds/" + manifest.hex() + "/sum";
    aggregator.on(
        "GET " + path,
        ex -> {
          String range = ex.getRequestHeaders().getFirst("Range");
          int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
          ex.sendResponseHeaders(from == 0 ? 200 : 206, sum.length - from);
          int until = from == 0 ? 100_000 : sum.length;
          ex.getResponseBody().write(sum, from, until - from);
          ex.getResponseBody().flush();
        });
    try (InputStream in = link.sum(manifest)) {
      assertThat(in.readAllBytes()).isEqualTo(sum);
    }
    assertThat(aggregator.requests()).hasSize(2);
    assertThat(aggregator.requests().getLast()).startsWith("GET " + path + " bytes=");
  }

  @Test
  void refusesAServerThatStartsOverInsteadOfResuming() throws Exception {
    Digest manifest = Digests.sha256(new byte[] {1});
    aggregator.on(
        "GET /node/v1/rounds/" + manifest.hex() + "/sum",
        ex -> {
          ex.sendResponseHeaders(404, -1);
        });
    assertThatThrownBy(() -> link.sum(manifest))
        .isInstanceOf(AggregatorLink.ProblemException.class);
  }

  private static byte[] bytes(int count) {
    byte[] out = new byte[count];
    new SplittableRandom(7).nextBytes(out);
    return out;
  }
}
