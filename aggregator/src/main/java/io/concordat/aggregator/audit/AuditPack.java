package io.concordat.aggregator.audit;

import io.concordat.aggregator.blobs.NamedBlobs;
import io.concordat.aggregator.log.RoundEntity;
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
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.SignedStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Everything an offline verifier needs, as files.
 *
 * <pre>
 * checkpoint                              newest note with its cosignatures
 * tile/...                                the log up to exactly that checkpoint
 * policy/VERSION/policy.yaml, policy.sig
 * keysums/MANIFEST/POSITION               bulk objects
 * fingerprints/MANIFEST.json              signed headers, fingerprints and key sums
 * sums/MANIFEST                           summed ciphertext, while it is kept
 * </pre>
 *
 * <p>The list and the files are made from one checkpoint if nothing is appended in between; a
 * verifier notices if not, since every file has its digest in the list.
 */
@ApplicationScoped
public class AuditPack {
  private static final int LEAVES_AT_ONCE = 256;

  private final RoundDriver driver;
  private final Store store;
  private final NamedBlobs blobs;
  private final Federation federation;

  AuditPack(RoundDriver driver, Store store, NamedBlobs blobs, Federation federation) {
    this.driver = driver;
    this.store = store;
    this.blobs = blobs;
    this.federation = federation;
  }

  /** A file of the pack. */
  @Schema(name = "AuditPackFile")
  public record FileView(String path, long bytes, @Schema(examples = "sha256:…") String sha256) {}

  /** What a file's bytes come from, opened when they are needed. */
  private interface Source {
    InputStream open() throws IOException;
  }

  public List<FileView> files() throws IOException {
    List<FileView> files = new ArrayList<>();
    for (Map.Entry<String, Source> file : sources().entrySet()) {
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
    return files;
  }

  public Optional<InputStream> open(String path) throws IOException {
    Source source = sources().get(path);
    return source == null ? Optional.empty() : Optional.of(source.open());
  }

  private Map<String, Source> sources() throws IOException {
    Map<String, Source> sources = new TreeMap<>();
    log(sources);
    String policy = "policy/" + federation.policy().version() + "/";
    bytes(sources, policy + "policy.yaml", federation.file());
    bytes(sources, policy + "policy.sig", federation.signatures());
    List<RoundEntity> rounds =
        QuarkusTransaction.requiringNew()
            .call(() -> RoundEntity.list("manifest is not null and state = 'Opened'"));
    for (RoundEntity round : rounds) {
      opening(sources, round);
      String name = String.valueOf(round.sumBlob);
      if (blobs.exists(name)) {
        sources.put("sums/" + round.manifest, () -> blobs.open(name));
      }
    }
    return sources;
  }

  private static void bytes(Map<String, Source> sources, String path, byte[] bytes) {
    sources.put(path, () -> new ByteArrayInputStream(bytes));
  }

  private void log(Map<String, Source> sources) throws IOException {
    String note = driver.look(AggregatorCore::checkpoint);
    if (note.isEmpty()) {
      return;
    }
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    try {
      SignedCheckpoint signed = SignedCheckpoint.parse(note);
      long size = signed.checkpoint().size();
      while (writer.size() < size) {
        writer.append(
            store.leaves(writer.size(), (int) Math.min(LEAVES_AT_ONCE, size - writer.size())));
      }
      writer.publish(signed);
    } catch (LogFormatException ours) {
      throw new IOException("our own checkpoint does not read", ours);
    }
    for (String path : files.paths()) {
      bytes(sources, path, files.get(path).orElseThrow());
    }
  }

  private void opening(Map<String, Source> sources, RoundEntity round) {
    Optional<WorkItem.Opening> found = driver.look(core -> core.opening(digest(round.manifest)));
    if (found.isEmpty()) {
      return;
    }
    WorkItem.Opening opening = found.get();
    JsonObject signed =
        JsonObject.builder()
            .put("manifest", "sha256:" + round.manifest)
            .put("headers", json(opening.headers()))
            .put("fingerprints", json(opening.fingerprints()))
            .put("keySums", json(opening.keySums()))
            .build();
    bytes(sources, "fingerprints/" + round.manifest + ".json", signed.bytes());
    for (int i = 0; i < opening.keySums().size(); i++) {
      KeySumStated stated = (KeySumStated) opening.keySums().get(i).statement();
      bytes(
          sources, "keysums/" + round.manifest + "/" + stated.position(), opening.objects().get(i));
    }
  }

  private static Digest digest(String hex) {
    try {
      return Digest.parseHex(hex);
    } catch (DecodeException ours) {
      throw new InvariantViolation("a stored digest does not read", ours);
    }
  }

  private static List<JsonObject> json(List<SignedStatement> statements) {
    return statements.stream().map(SignedStatement::json).toList();
  }
}
