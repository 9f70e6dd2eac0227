package io.concordat.protocol.contribution;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.box.BoxPublicKey;
import io.concordat.crypto.box.ShareBoxes;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.opening.States;
import io.concordat.protocol.opening.SumCheck;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.RoundAnnounced;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;

/** Does a node's commands. Stateless; may be called from several threads. */
public final class NodeWorker {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Means means;
  private final States states;
  private final SumCheck check;
  private static final int MAX_BOX_KEYS = 256;

  private final Map<Digest, BoxPublicKey> boxKeys = new ConcurrentHashMap<>();
  private final HolderWorker holder;

  /**
   * What the work needs.
   *
   * @param institution the node's own id
   * @param nodeSecret 32 bytes that enter every seed
   * @param clock for the time of a retry
   */
  public record Means(
      String institution,
      Blobs blobs,
      Store store,
      BoxSecrets secrets,
      VectorSource vectors,
      Fetcher fetcher,
      Randomness randomness,
      byte[] nodeSecret,
      RingKernel kernel,
      InstantSource clock) {}

  public NodeWorker(Means means) {
    this.means = means;
    states = new States(means.blobs());
    check = new SumCheck(means.kernel());
    holder = new HolderWorker(means.store(), means.secrets(), means.randomness());
  }

  /**
   * Does one command and gives the event to hand back; nothing for commands without an answer. The
   * event says that the command failed if a disk or the network did; then it is given again.
   */
  public Optional<NodeEvent> run(NodeCommand command) {
    try {
      return switch (command) {
        case NodeCommand.Contribute(ContributorCommand c) ->
            Optional.of(new NodeEvent.Contributed(contribute(c)));
        case NodeCommand.Hold(var c) -> Optional.of(new NodeEvent.Held(holder.run(c)));
        case NodeCommand.Discard(String blob) -> {
          means.blobs().delete(blob);
          yield Optional.empty();
        }
      };
    } catch (IOException | DecodeException e) {
      return Optional.of(new NodeEvent.CommandFailed(command, String.valueOf(e.getMessage())));
    }
  }

  private ContributorEvent contribute(ContributorCommand command)
      throws IOException, DecodeException {
    return switch (command) {
      case ContributorCommand.Prepare prepare -> prepare(prepare);
      case ContributorCommand.ComputeFingerprint print -> {
        Layout layout = layout(print.announcement());
        try (InputStream in = means.blobs().open(Names.prepared(print.manifest().ctx()))) {
          Fingerprint.Taken taken =
              Fingerprint.take(
                  in, BulkHead.Kind.CIPHERTEXT, layout, print.manifestDigest(), means.kernel());
          if (!taken.object().root().equals(print.own().root())) {
            throw new DecodeException("the stored ciphertext is not the sealed one");
          }
          yield new ContributorEvent.FingerprintComputed(
              print.manifestDigest(), taken.fingerprint().encode());
        }
      }
      case ContributorCommand.VerifySum verify -> verify(verify);
    };
  }

  private static Layout layout(RoundAnnounced announcement) throws DecodeException {
    return HeaderRules.layout(announcement)
        .orElseThrow(() -> new DecodeException("the announced layout is none"));
  }

  private ContributorEvent prepare(ContributorCommand.Prepare command)
      throws IOException, DecodeException {
    RoundRecord round = command.round();
    RoundAnnounced announcement = round.announcement();
    SealableVector vector;
    try {
      byte[] state =
          states.load(announcement.job(), announcement.state(), round.job().terms().program());
      vector = means.vectors().vector(round, state, command.counter());
    } catch (RefusedException e) {
      return new ContributorEvent.PrepareFailed(round.ctx(), e.reasons().getFirst());
    }
    try {
      if (vector.length() != announcement.values()) {
        return new ContributorEvent.PrepareFailed(
            round.ctx(),
            Refusal.of(
                Code.ROUND_LAYOUT,
                vector.length() + " values, announced " + announcement.values()));
      }
      return seal(command, vector);
    } finally {
      vector.wipe();
    }
  }

  private ContributorEvent seal(ContributorCommand.Prepare command, SealableVector vector)
      throws IOException, DecodeException {
    RoundRecord round = command.round();
    RoundAnnounced announcement = round.announcement();
    Layout layout = layout(announcement);
    int siloPosition = announcement.roster().indexOf(means.institution()) + 1;
    TreeMap<Integer, BoxPublicKey> keys = new TreeMap<>();
    for (var key : command.boxKeys().entrySet()) {
      keys.put(key.getKey(), boxKey(key.getValue()));
    }
    if (siloPosition == 0
        || !announcement.positions().equals(java.util.List.copyOf(keys.keySet()))) {
      return new ContributorEvent.PrepareFailed(
          round.ctx(), Refusal.of(Code.BOX_KEY_STALE, "box keys of the announcement are missing"));
    }
    IntegerVector values = IntegerVector.of(vector.values());
    byte[] seed =
        SealSeed.derive(
            means.randomness(),
            means.nodeSecret(),
            round.ctx(),
            values.digest(),
            command.counter());
    TreeMap<Integer, byte[]> boxes = new TreeMap<>();
    try (OutputStream out = means.blobs().create(Names.prepared(round.ctx()))) {
      BulkDigest written =
          new ContributionEncryptor(layout, round.ctx(), means.kernel())
              .with(ForkJoinPool.commonPool(), Runtime.getRuntime().availableProcessors())
              .seal(
                  seed,
                  values,
                  round.job().rules().threshold(),
                  keys.keySet().stream().mapToInt(Integer::intValue).toArray(),
                  (position, share, stream) -> {
                    BoxPublicKey key = keys.get(position);
                    if (key == null) {
                      throw new IOException("no box key for position " + position);
                    }
                    byte[] encapsulation = stream.read(ShareBoxes.SEED_BYTES);
                    boxes.put(
                        position,
                        ShareBoxes.seal(
                            round.ctx(), siloPosition, position, key, share, encapsulation));
                    Arrays.fill(encapsulation, (byte) 0);
                  },
                  out);
      return new ContributorEvent.Prepared(
          round.ctx(), written.objectBytes(), written.root(), boxes);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** A holder's key is the same for a day of rounds, and its check costs as much as half a box. */
  private BoxPublicKey boxKey(byte[] encoded) throws DecodeException {
    Digest name = Digests.sha256(encoded);
    BoxPublicKey known = boxKeys.get(name);
    if (known != null) {
      return known;
    }
    BoxPublicKey key = BoxPublicKey.of(encoded);
    if (boxKeys.size() >= MAX_BOX_KEYS) {
      boxKeys.clear();
    }
    boxKeys.put(name, key);
    return key;
  }

  private ContributorEvent verify(ContributorCommand.VerifySum command) throws DecodeException {
    RoundRecord round = command.round();
    CohortFixed manifest = round.validManifest().orElseThrow().fixed();
    Digest digest = round.validManifest().orElseThrow().digest();
    try {
      WorkItem.Opening material =
          command.material().isPresent()
              ? command.material().get()
              : means.fetcher().opening(digest);
      BulkSource sum = sum(material, manifest, digest);
      return switch (check.check(round, material, sum, means.fetcher()::ciphertext)) {
        case SumCheck.Result.Opened(long[] values) -> {
          JobRecord job = round.job();
          yield new ContributorEvent.SumVerified(
              digest,
              states.advance(
                  job.digest(),
                  round.announcement().state(),
                  job.terms().program(),
                  values,
                  job.patientsOf(manifest)));
        }
        case SumCheck.Result.Refuted(Refusal reason) ->
            new ContributorEvent.SumRefuted(digest, reason);
        case SumCheck.Result.Unusable(String reason) -> unavailable(digest);
      };
    } catch (IOException e) {
      return unavailable(digest);
    }
  }

  private ContributorEvent unavailable(Digest manifest) {
    return new ContributorEvent.SumUnavailable(manifest, means.clock().instant().plus(RETRY));
  }

  private BulkSource sum(WorkItem.Opening material, CohortFixed manifest, Digest digest)
      throws IOException {
    if (material.sum().isPresent()) {
      return BulkSource.of(material.sum().get());
    }
    // Read more than once, so it is kept; what came wrong is found by its digest and fetched again.
    String name = Names.sum(manifest);
    try (InputStream in = means.fetcher().sum(digest);
        OutputStream out = means.blobs().create(name)) {
      in.transferTo(out);
    }
    return () -> means.blobs().open(name);
  }
}
