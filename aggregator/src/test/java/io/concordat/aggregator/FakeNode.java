package io.concordat.aggregator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.ExactVector;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.contribution.Fetcher;
import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.request.RequestSigner;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A node with the real cores and worker, memory instead of a disk and constants instead of records.
 * Can be told to send its ciphertexts in chunks although they are small, and to be cut off from the
 * network.
 */
final class FakeNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final String institution;
  private final String base;
  private final HttpClient http;
  private final RequestSigner signer;
  private final MemoryStore store = new MemoryStore();
  private final MemoryBlobs blobs = new MemoryBlobs();
  private final NodeCore core;
  private final NodeWorker worker;
  private final LinkedBlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();
  private volatile String cursor = "0.0";
  private final long patients;
  private final Thread loop;
  private final Thread poller;
  volatile boolean chunked;

  /** Announces contributions and keeps their chunks back. */
  volatile boolean holding;

  /** Headers sent, oldest first. */
  final List<SignedStatement> headers = new CopyOnWriteArrayList<>();

  volatile boolean offline;

  private volatile boolean stopping;
  private volatile String last = "";

  FakeNode(String base, Policy policy, String institution, SSLContext tls, long patients)
      throws RefusedException {
    this.base = base;
    this.institution = institution;
    this.patients = patients;
    signer = TestFederation.signer(institution);
    http = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
    FederationRules rules = RulesOfPolicy.of(policy);
    NodeSetup setup =
        new NodeSetup(
            institution,
            rules,
            PolicyBook.of(rules),
            new PinnedJobReader(
                digest -> digest.equals(policy.digest()) ? Optional.of(policy) : Optional.empty()),
            StatementSigner.of(TestFederation.nodeKey(institution)),
            new SystemRandomness());
    core = NodeCore.open(setup, store);
    worker =
        new NodeWorker(
            new NodeWorker.Means(
                institution,
                blobs,
                store,
                new MemorySecrets(),
                (round, state, counter) ->
                    ExactVector.of(
                        vector((int) round.announcement().values()),
                        ExactGrant.from(new Constants())),
                new Remote(),
                new SystemRandomness(),
                new byte[32],
                RingKernels.best(),
                Clock.systemUTC()));
    loop = Thread.ofPlatform().name(institution).unstarted(this::loop);
    poller = Thread.ofVirtual().unstarted(this::poll);
  }

  private record Constants() implements ExactDecision {
    @Override
    public String dataset() {
      return "breast-cancer";
    }

    @Override
    public String job() {
      return "statistics";
    }

    @Override
    public boolean exactSumsAllowed() {
      return true;
    }
  }

  /** Patients, rows, and per column a count, half of it as mean and a third as square. */
  private long[] vector(int values) {
    long[] vector = new long[values];
    vector[0] = patients;
    vector[1] = patients;
    for (int j = 2; j + 2 < values; j += 3) {
      vector[j] = patients;
      vector[j + 1] = patients << 23;
      vector[j + 2] = (patients << 24) / 3;
    }
    return vector;
  }

  void start() {
    events.add(new NodeEvent.DatasetReady("breast-cancer", patients));
    loop.start();
    poller.start();
  }

  void endorse(io.concordat.crypto.sign.VerifyingKey submitter) {
    events.add(new NodeEvent.Endorse(submitter, "ada"));
  }

  private void poll() {
    while (!stopping) {
      try {
        if (offline) {
          Thread.sleep(20);
          continue;
        }
        String from = cursor;
        HttpResponse<byte[]> answer =
            http.send(
                request("GET", "/node/v1/work?wait=5&after=" + from, null).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          events.add(new NodeEvent.Received(WorkReply.read(answer.body())));
          // The core says where to go on; ask again only when it has taken this.
          while (cursor.equals(from) && !stopping) {
            Thread.sleep(1);
          }
        } else if (answer.statusCode() != 204) {
          last = answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
          Thread.sleep(100);
        }
      } catch (IOException | DecodeException away) {
        last = away.toString();
        pause();
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (!stopping) {
      try {
        NodeEvent event = events.poll(100, TimeUnit.MILLISECONDS);
        take(event == null ? new NodeEvent.Tick() : event);
        if (event == null && !offline) {
          // What an outage left over.
          core.undelivered().forEach(this::send);
        }
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private void take(NodeEvent event) {
    NodeEffects effects = core.handle(event, Instant.now());
    store.commit(effects.writes());
    cursor = core.cursor().toString();
    effects.send().forEach(this::send);
    for (NodeCommand command : effects.commands()) {
      worker.run(command).ifPresent(events::add);
    }
  }

  private void send(Outgoing message) {
    if (offline) {
      return;
    }
    try {
      Optional<Refusal> refusal =
          switch (message) {
            case Outgoing.Post post -> post(post);
            case Outgoing.Upload upload -> upload(upload);
            case Outgoing.Cosignature cosignature -> {
              ObjectNode body = JSON.createObjectNode().put("type", "cosignature");
              body.put("statement", base64(cosignature.line().getBytes(StandardCharsets.UTF_8)));
              yield statement(body);
            }
          };
      events.add(
          refusal
              .map(reason -> {
                last = message.id() + ": " + reason;
                return reason;
              })
              .<NodeEvent>map(reason -> new NodeEvent.Refused(message.id(), reason))
              .orElseGet(() -> new NodeEvent.Delivered(message.id())));
    } catch (IOException again) {
      last = again.toString();
      // Stays in the outbox.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Refusal> post(Outgoing.Post post) throws IOException, InterruptedException {
    SignedStatement signed = post.statement();
    ObjectNode body = JSON.createObjectNode().put("type", signed.type().wireName());
    body.put("statement", base64(signed.bytes()));
    body.put("signature", base64(signed.signature()));
    body.put("key", signed.signer().toString());
    signed
        .lasting()
        .ifPresent(second -> {
          ObjectNode lasting = body.putObject("mldsa");
          lasting.put("key", base64(second.key().bytes()));
          lasting.put("signature", base64(second.bytes()));
        });
    ArrayNode attachments = body.putArray("attachments");
    for (String row : post.attachments()) {
      attachments.add(base64(store.get(row).orElseThrow()));
    }
    if (!post.inlineBlob().isEmpty() && !chunked) {
      attachments.add(base64(blobs.bytes(post.inlineBlob())));
    }
    Optional<Refusal> refusal = statement(body);
    if (refusal.isEmpty() && signed.statement() instanceof ContributionHeader) {
      headers.add(signed);
    }
    return refusal.isEmpty() && !post.inlineBlob().isEmpty() && chunked
        ? upload(new Outgoing.Upload(post.id(), signed.digest(), post.inlineBlob()))
        : refusal;
  }

  private Optional<Refusal> statement(ObjectNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request("POST", "/node/v1/statements", JSON.writeValueAsBytes(body))
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return refusal(answer);
  }

  private Optional<Refusal> upload(Outgoing.Upload upload)
      throws IOException, InterruptedException {
    if (holding) {
      throw new IOException("held back");
    }
    byte[] bytes = blobs.bytes(upload.blob());
    String path = "/node/v1/contributions/" + upload.contribution().hex();
    for (int i = 0; i < DigestTree.chunks(bytes.length); i++) {
      int from = i * DigestTree.CHUNK_BYTES;
      byte[] chunk =
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + DigestTree.CHUNK_BYTES));
      HttpResponse<String> answer =
          http.send(
              request("PUT", path + "/chunks/" + i, chunk)
                  .header("Content-Type", "application/octet-stream")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      Optional<Refusal> refusal = refusal(answer);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refusal(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 == 2) {
      return Optional.empty();
    }
    if (answer.statusCode() >= 500) {
      throw new IOException("status " + answer.statusCode());
    }
    var problem = JSON.readTree(answer.body());
    return Optional.of(
        Refusal.of(
            Code.byText(problem.path("code").asText()).orElse(Code.REQUEST_MALFORMED),
            problem.path("detail").asText()));
  }

  private HttpRequest.Builder request(String method, String target, byte @Nullable [] body) {
    return Signed.request(signer, base, method, target, body).timeout(Duration.ofSeconds(60));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What the aggregator hands out beside the polls. */
  private final class Remote implements Fetcher {
    @Override
    public InputStream sum(Digest manifest) throws IOException {
      return stream("/node/v1/rounds/" + manifest.hex() + "/sum");
    }

    @Override
    public WorkItem.Opening opening(Digest manifest) throws IOException {
      try (InputStream in = stream("/node/v1/rounds/" + manifest.hex() + "/opening")) {
        return (WorkItem.Opening) WorkItem.read(CanonicalJson.readObject(in.readAllBytes()));
      } catch (DecodeException bad) {
        throw new IOException(bad);
      }
    }

    @Override
    public InputStream ciphertext(Digest contribution) throws IOException {
      return stream("/node/v1/contributions/" + contribution.hex() + "/ciphertext");
    }

    private InputStream stream(String path) throws IOException {
      try {
        HttpResponse<InputStream> answer =
            http.send(
                request("GET", path, null).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
          throw new IOException(path + " answered " + answer.statusCode());
        }
        return answer.body();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IOException(stopped);
      }
    }
  }

  /** Why the node takes no part, if so. */
  List<String> trouble() {
    return List.of(
        institution,
        core.trouble().map(Refusal::toString).orElse("no trouble"),
        core.cursor().toString(),
        "quorum " + core.quorumSize(),
        core.acting() ? "acting" : "not acting",
        core.undelivered().size() + " undelivered",
        last);
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    loop.interrupt();
    poller.interrupt();
    loop.join(5000);
    http.shutdownNow();
  }
}
