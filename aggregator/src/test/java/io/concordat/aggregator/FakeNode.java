package io.concordat.aggregator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.ExactVector;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * A node with the real cores and worker, memory instead of a disk and constants instead of records.
 * Can be told to send its ciphertexts in chunks although they are small, and to be cut off from the
 * network.
 */
final class FakeNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final String institution;
  private final NodeRequests requests;
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
    this.institution = institution;
    this.patients = patients;
    requests = new NodeRequests(base, TestFederation.signer(institution), tls);
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
                requests,
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
        HttpResponse<byte[]> answer = requests.work(from);
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
              yield requests.statement(body);
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
    Optional<Refusal> refusal = requests.statement(body);
    if (refusal.isEmpty() && signed.statement() instanceof ContributionHeader) {
      headers.add(signed);
    }
    return refusal.isEmpty() && !post.inlineBlob().isEmpty() && chunked
        ? upload(new Outgoing.Upload(post.id(), signed.digest(), post.inlineBlob()))
        : refusal;
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
      Optional<Refusal> refusal = requests.chunk(path + "/chunks/" + i, chunk);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
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
    requests.close();
  }
}
