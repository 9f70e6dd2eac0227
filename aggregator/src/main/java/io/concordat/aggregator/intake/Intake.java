package io.concordat.aggregator.intake;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.homes.Home;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.ContributionHeader;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes contributions in chunks of 4 MiB.
 *
 * <p>Bounds: a chunk is read only if a header that the core accepted announced exactly this
 * contribution from exactly this silo; its length follows from the header; at most {@code
 * concurrentChunks} are in memory at once, a quarter of them one silo's, each for no longer than
 * {@link ChunkBody#PATIENCE}; a silo's unfinished contributions stay below its quota.
 *
 * <p>Order for a chunk: bytes into the draft file at their place, flush, then the row with the
 * chunk's digest, then the answer. A crash before the row forgets the chunk and the silo sends it
 * again; a crash after keeps it. When the last one is there, the tree's root is compared with the
 * header's before anything is added to anything.
 */
@ApplicationScoped
public class Intake {
  private static final int MAX_INLINE_BYTES = 1 << 20;

  private final RoundDriver driver;
  private final NamedBlobs blobs;
  private final Home home;
  private final Semaphore places;

  /** Silos are known by their certificates: as many of these as the policy has institutions. */
  private final ConcurrentHashMap<String, Semaphore> placesOfSilo = new ConcurrentHashMap<>();

  private final int placesOfOne;
  private final long quota;
  private final ChunkRows rows;

  Intake(
      RoundDriver driver,
      NamedBlobs blobs,
      Home home,
      AggregatorSettings settings,
      ChunkRows rows) {
    this.driver = driver;
    this.blobs = blobs;
    this.home = home;
    this.places = new Semaphore(settings.intake().concurrentChunks());
    this.placesOfOne = Math.max(1, settings.intake().concurrentChunks() / 4);
    this.quota = settings.intake().unfinishedBytesPerSilo();
    this.rows = rows;
  }

  /** What a silo still has to send. */
  public record Progress(boolean complete, List<Integer> missing) {}

  /**
   * What is missing. The silo forgets its upload when nothing is, so that is said only of what is
   * on the disk; and if this service died between the last chunk and the contribution's end, the
   * question ends it.
   */
  public Progress progress(Digest contribution, String silo)
      throws IOException, InterruptedException {
    ContributionHeader header = header(contribution, silo);
    if (driver.look(core -> core.complete(contribution))) {
      // A repeat: its answer comes when all that was taken before it is on the disk.
      driver.take(new AggregatorEvent.CiphertextStored(contribution));
      return new Progress(true, List.of());
    }
    Incoming incoming = incoming(contribution, header);
    if (incoming.missing().isEmpty()) {
      finish(contribution, header, incoming);
      return new Progress(true, List.of());
    }
    return new Progress(false, incoming.missing());
  }

  /**
   * Takes one chunk; a chunk that is there already is answered like a new one.
   *
   * @param declared the request's Content-Length, or -1
   */
  public void chunk(Digest contribution, String silo, int index, long declared, InputStream body)
      throws IOException, InterruptedException {
    ContributionHeader header = header(contribution, silo);
    if (driver.look(core -> core.complete(contribution))) {
      return;
    }
    Incoming before = incoming(contribution, header);
    if (index < 0 || index >= before.chunks()) {
      throw new ProblemException(
          Code.CONTRIBUTION_LENGTH,
          "chunk " + index + " of a contribution of " + before.chunks() + " chunks");
    }
    int expected = before.chunkBytes(index);
    if (declared != expected) {
      throw new ProblemException(
          Code.CONTRIBUTION_LENGTH,
          "chunk " + index + " has " + expected + " bytes, Content-Length says " + declared);
    }
    if (!before.leaves().isEmpty() || rows.unfinishedBytes(silo) + header.length() <= quota) {
      Semaphore own = placesOfSilo.computeIfAbsent(silo, s -> new Semaphore(placesOfOne));
      if (!own.tryAcquire(10, TimeUnit.SECONDS)) {
        throw new ProblemException(
            Code.NODE_UNAVAILABLE, "too many chunks of " + silo + " at once");
      }
      try {
        if (!places.tryAcquire(10, TimeUnit.SECONDS)) {
          throw new ProblemException(Code.NODE_UNAVAILABLE, "too many chunks arrive at once");
        }
        try {
          store(contribution, header, index, expected, body);
        } finally {
          places.release();
        }
      } finally {
        own.release();
      }
    } else {
      throw new ProblemException(
          Code.REQUEST_TOO_LARGE,
          "unfinished contributions of " + silo + " would exceed " + quota + " bytes");
    }
  }

  private void store(
      Digest contribution, ContributionHeader header, int index, int expected, InputStream body)
      throws IOException, InterruptedException {
    byte[] chunk = ChunkBody.read(body, expected, index, System::nanoTime);
    Digest leaf = DigestTree.leaf(index, chunk);
    Path draft = draft(contribution);
    Files.createDirectories(home.blobs().resolve("incoming"));
    try (FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(chunk);
      long at = (long) index * DigestTree.CHUNK_BYTES;
      while (rest.hasRemaining()) {
        at += channel.write(rest, at);
      }
      channel.force(true);
    }
    Incoming now = rows.add(contribution, header.silo(), header.length(), index, leaf);
    if (now.missing().isEmpty()) {
      finish(contribution, header, now);
    }
  }

  private void finish(Digest contribution, ContributionHeader header, Incoming all)
      throws IOException, InterruptedException {
    if (!all.root().equals(header.root())) {
      // Which chunk is wrong the tree does not say to us; the silo sends all of them again.
      rows.forget(contribution);
      Files.deleteIfExists(draft(contribution));
      throw new ProblemException(
          Code.CONTRIBUTION_DIGEST, "the chunks do not have the header's digest; send all again");
    }
    Path draft = draft(contribution);
    if (Files.exists(draft)) {
      blobs.adopt(Names.ciphertext(contribution), draft);
    }
    driver.take(new AggregatorEvent.CiphertextStored(contribution));
    rows.forget(contribution);
  }

  /**
   * A small ciphertext that came with its header.
   *
   * @return the event to take together with the header's
   */
  public AggregatorEvent whole(Digest contribution, ContributionHeader header, byte[] ciphertext)
      throws IOException {
    if (ciphertext.length > MAX_INLINE_BYTES || ciphertext.length != header.length()) {
      throw new ProblemException(
          Code.CONTRIBUTION_LENGTH,
          "the header says " + header.length() + " bytes, found " + ciphertext.length);
    }
    if (!DigestTree.of(ciphertext).equals(header.root())) {
      throw new ProblemException(
          Code.CONTRIBUTION_DIGEST, "the ciphertext does not have the header's digest");
    }
    blobs.put(Names.ciphertext(contribution), ciphertext);
    return new AggregatorEvent.CiphertextStored(contribution);
  }

  /** Drops drafts of contributions whose round the log has ended. */
  public void forgetUnknown() throws IOException {
    for (String hex : rows.contributions()) {
      Digest contribution;
      try {
        contribution = Digest.parseHex(hex);
      } catch (DecodeException ours) {
        throw new InvariantViolation("a stored chunk's contribution does not read", ours);
      }
      if (driver.look(core -> core.header(contribution)).isEmpty()) {
        Files.deleteIfExists(draft(contribution));
        rows.forget(contribution);
      }
    }
  }

  private ContributionHeader header(Digest contribution, String silo) {
    Optional<ContributionHeader> header = driver.look(core -> core.header(contribution));
    if (header.isEmpty()) {
      throw new ProblemException(
          Code.CONTRIBUTION_UNKNOWN, "no open round has a header " + contribution);
    }
    if (!header.get().silo().equals(silo)) {
      throw new ProblemException(Code.CONTRIBUTION_SILO, "the header is another silo's");
    }
    return header.get();
  }

  private Incoming incoming(Digest contribution, ContributionHeader header) {
    return rows.read(contribution, header.silo(), header.length());
  }

  private Path draft(Digest contribution) {
    return home.blobs().resolve("incoming").resolve(contribution.hex());
  }
}
