package io.concordat.aggregator.audit;

import io.concordat.aggregator.api.Releases;
import io.concordat.aggregator.log.LogLeafEntity;
import io.concordat.aggregator.log.LogSigner;
import io.concordat.aggregator.log.TilePublisher;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.tile.MemoryLogFiles;
import io.concordat.audit.tile.TileWriter;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.ReleasePublished;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Everything an offline verifier needs, as files.
 *
 * <pre>
 * checkpoint                              newest note that the witnesses' quorum has cosigned
 * tile/...                                the log up to exactly that checkpoint
 * manifests/MANIFEST.json                 manifests that stand in it by their digest
 * policy/VERSION/policy.yaml, policy.sig
 * keysums/MANIFEST/POSITION               bulk objects
 * fingerprints/MANIFEST.json              signed headers, fingerprints and key sums
 * sums/MANIFEST                           summed ciphertext
 * ciphertexts/CONTRIBUTION                of silos whose fingerprint did not arrive
 * releases/JOB.json                       the result of a job that succeeded
 * claims/JOB.json                         what is claimed about its privacy
 * </pre>
 *
 * <p>Only what the entries up to the checkpoint speak of is in the pack. A listing fixes its
 * checkpoint, and the files are those of the last listing: a log that grows while somebody fetches
 * them changes nothing.
 */
@ApplicationScoped
public class AuditPack {
  private static final int LEAVES_AT_ONCE = 256;

  /** How long a listing waits for the witnesses to cosign the newest head. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final RoundDriver driver;
  private final Store store;
  private final NamedBlobs blobs;
  private final Federation federation;
  private final Releases releases;
  private final LogSigner signer;
  private final InstantSource clock;
  private volatile Map<String, Source> listed = Map.of();

  AuditPack(
      RoundDriver driver,
      Store store,
      NamedBlobs blobs,
      Federation federation,
      Releases releases,
      LogSigner signer,
      InstantSource clock) {
    this.signer = signer;
    this.clock = clock;
    this.driver = driver;
    this.store = store;
    this.blobs = blobs;
    this.federation = federation;
    this.releases = releases;
  }

  /** A file of the pack. */
  @Schema(name = "AuditPackFile")
  public record FileView(String path, long bytes, @Schema(examples = "sha256:…") String sha256) {}

  /** What a file's bytes come from, opened when they are needed. */
  private interface Source {
    InputStream open() throws IOException;
  }

  /** Lists a pack of the newest cosigned head. */
  public List<FileView> files() throws IOException {
    Map<String, Source> sources = sources();
    List<FileView> files = new ArrayList<>();
    for (Map.Entry<String, Source> file : sources.entrySet()) {
      MessageDigest digest = Digests.newSha256();
      long length = 0;
      try (InputStream in = file.getValue().open()) {
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
          length += read;
        }
      }
      files.add(new FileView(file.getKey(), length, Digests.finish(digest).toString()));
    }
    listed = sources;
    return files;
  }

  /** A file of the pack that was listed last. */
  public Optional<InputStream> open(String path) throws IOException {
    Map<String, Source> sources = listed;
    if (sources.isEmpty()) {
      sources = sources();
      listed = sources;
    }
    Source source = sources.get(path);
    return source == null ? Optional.empty() : Optional.of(source.open());
  }

  private Map<String, Source> sources() throws IOException {
    Map<String, Source> sources = new TreeMap<>();
    long newest = driver.look(core -> core.ledger().rules().version());
    for (SignedPolicy version : federation.policies().versions()) {
      // A version that is only held, and not in force yet, is nothing that the log speaks of.
      if (version.policy().version() <= newest) {
        String policy = "policy/" + version.policy().version() + "/";
        bytes(sources, policy + "policy.yaml", version.file());
        bytes(sources, policy + "policy.sig", version.signatures().write());
      }
    }
    releases.publish();
    String note = head();
    if (note.isEmpty()) {
      return sources;
    }
    long size = log(sources, signer.lasting(note, rulesAt(size(note)), clock.instant()));
    List<LogLeafEntity> outcomes =
        QuarkusTransaction.requiringNew()
            .call(() ->
                LogLeafEntity.list(
                    "type in ?1 and index < ?2 order by index",
                    List.of(
                        StatementType.ROUND_OPENED.wireName(),
                        StatementType.RELEASE_PUBLISHED.wireName()),
                    size));
    for (LogLeafEntity leaf : outcomes) {
      switch (statement(leaf)) {
        case RoundOpened opened -> opening(sources, opened.manifest());
        case ReleasePublished published -> {
          String name = published.job().hex() + ".json";
          releases.document(published.job()).ifPresent(d -> bytes(sources, "releases/" + name, d));
          releases
              .claims(published.job())
              .ifPresent(d -> bytes(sources, "claims/" + name, d.bytes()));
        }
        default -> throw new InvariantViolation("the log's index names another type");
      }
    }
    return sources;
  }

  /**
   * The newest note if the witnesses cosign it while we wait, else the newest that they did cosign:
   * a verifier accepts no other.
   */
  private String head() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String newest = driver.look(AggregatorCore::checkpoint);
      String cosigned = driver.look(AggregatorCore::quorumCheckpoint);
      if (newest.isEmpty() || !cosigned.isEmpty() && size(newest) == size(cosigned)) {
        return cosigned;
      }
      if (System.nanoTime() - end > 0) {
        return cosigned.isEmpty() ? newest : cosigned;
      }
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return cosigned.isEmpty() ? newest : cosigned;
      }
    }
  }

  private FederationRules rulesAt(long size) {
    return driver.look(core -> core.ledger().rulesAt(size));
  }

  private static long size(String note) throws IOException {
    return signed(note).checkpoint().size();
  }

  private static SignedCheckpoint signed(String note) throws IOException {
    try {
      return SignedCheckpoint.parse(note);
    } catch (LogFormatException ours) {
      throw new IOException("our own checkpoint does not read", ours);
    }
  }

  private static Statement statement(LogLeafEntity leaf) {
    try {
      return LogEntry.read(leaf.entry).signed().statement();
    } catch (DecodeException ours) {
      throw new InvariantViolation("a stored leaf does not read", ours);
    }
  }

  private static void bytes(Map<String, Source> sources, String path, byte[] bytes) {
    sources.put(path, () -> new ByteArrayInputStream(bytes));
  }

  private long log(Map<String, Source> sources, String note) throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    SignedCheckpoint signed = signed(note);
    long size = signed.checkpoint().size();
    while (writer.size() < size) {
      List<byte[]> leaves =
          TilePublisher.leaves(
              store.leaves(writer.size(), (int) Math.min(LEAVES_AT_ONCE, size - writer.size())));
      writer.append(leaves);
      for (byte[] leaf : leaves) {
        LogLeaf.statementOf(leaf)
            .ifPresent(m -> bytes(sources, "manifests/" + m.hex() + ".json", manifest(m)));
      }
    }
    writer.publish(signed);
    for (String path : files.paths()) {
      bytes(sources, path, files.get(path).orElseThrow());
    }
    return size;
  }

  private byte[] manifest(Digest digest) {
    return driver
        .look(core -> core.ledger().roundOf(digest))
        .flatMap(RoundRecord::manifest)
        .orElseThrow(() -> new InvariantViolation("a manifest of the log is not in the ledger"))
        .fixed()
        .bytes();
  }

  private void opening(Map<String, Source> sources, Digest manifest) {
    RoundRecord round =
        driver
            .look(core -> core.ledger().roundOf(manifest))
            .filter(r -> r.claim().isPresent())
            .orElseThrow(() -> new InvariantViolation("an opened round is not in the ledger"));
    CohortFixed fixed = round.validManifest().orElseThrow().fixed();
    Optional<WorkItem.Opening> found = driver.look(core -> core.opening(manifest));
    if (found.isEmpty()) {
      return;
    }
    WorkItem.Opening opening = found.get();
    // A fingerprint may still arrive before the round has ended, so the bytes are kept.
    bytes(sources, "fingerprints/" + manifest.hex() + ".json", statements(opening));
    for (int i = 0; i < opening.keySums().size(); i++) {
      KeySumStated stated = (KeySumStated) opening.keySums().get(i).statement();
      String row = Names.keySum(manifest, stated.position());
      sources.put(
          "keysums/" + manifest.hex() + "/" + stated.position(),
          () -> new ByteArrayInputStream(store.get(row).orElseThrow()));
    }
    blob(sources, "sums/" + manifest.hex(), Names.sum(fixed));
    Set<String> stated = new HashSet<>();
    for (SignedStatement signed : opening.fingerprints()) {
      stated.add(((FingerprintStated) signed.statement()).silo());
    }
    for (Member member : fixed.cohort()) {
      if (!stated.contains(member.silo())) {
        blob(
            sources,
            "ciphertexts/" + member.contribution().hex(),
            Names.ciphertext(member.contribution()));
      }
    }
  }

  private void blob(Map<String, Source> sources, String path, String name) {
    if (blobs.exists(name)) {
      sources.put(path, () -> blobs.open(name));
    }
  }

  private static byte[] statements(WorkItem.Opening opening) {
    return JsonObject.builder()
        .put("manifest", opening.manifest().toString())
        .put("headers", json(opening.headers()))
        .put("fingerprints", json(opening.fingerprints()))
        .put("keySums", json(opening.keySums()))
        .bytes();
  }

  private static List<JsonObject> json(List<SignedStatement> statements) {
    return statements.stream().map(SignedStatement::json).toList();
  }
}
