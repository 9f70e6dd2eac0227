package io.concordat.audit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.TlogVectors;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.MerkleTree;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TileLogTest {
  private static final String ORIGIN = "log.example.org/one";

  @Test
  void theTileAndBundleOfTheVectorsAreWritten() throws IOException {
    TlogVectors vectors = TlogVectors.load();
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    writer.append(vectors.entries());
    SignedCheckpoint signed = SignedCheckpoint.parse(vectors.text("checkpoint"));
    writer.publish(signed);
    assertThat(files.paths())
        .containsExactlyInAnyOrder("checkpoint", "tile/0/000.p/7", "tile/entries/000.p/7");
    assertThat(hex(files, "tile/0/000.p/7")).isEqualTo(vectors.text("tile0_hex"));
    assertThat(hex(files, "tile/entries/000.p/7")).isEqualTo(vectors.text("entry_bundle_hex"));
    assertThat(LogCheck.findings(files, signed.checkpoint())).isEmpty();
  }

  @Test
  void whateverTheBatchesAndRestartsTheFilesOfALogAreTheSame() throws IOException {
    long seed = 7;
    Random random = new Random(seed);
    List<byte[]> entries = entries(1400);
    for (int run = 0; run < 8; run++) {
      MemoryLogFiles files = new MemoryLogFiles();
      TileWriter writer = TileWriter.empty(files);
      MerkleFrontier frontier = MerkleFrontier.empty();
      int at = 0;
      while (at < entries.size()) {
        int to = Math.min(entries.size(), at + 1 + random.nextInt(run < 4 ? 300 : 30));
        frontier = frontier.appendAll(entries.subList(at, to));
        assertThat(writer.append(entries.subList(at, to))).isEqualTo(frontier);
        at = to;
        Checkpoint head = new Checkpoint(ORIGIN, at, frontier.root());
        assertThat(LogCheck.findings(files, head)).as("seed %d, size %d", seed, at).isEmpty();
        if (random.nextBoolean()) {
          writer = TileWriter.resume(files, at);
          assertThat(writer.frontier()).isEqualTo(frontier);
        }
      }
      // No partial file stays beside the full one that took its place.
      assertThat(files.paths())
          .filteredOn(p -> p.startsWith("tile/0/000.p/") || p.startsWith("tile/entries/003.p/"))
          .isEmpty();
    }
  }

  @Test
  void aLogOverThreeLevelsIsWrittenReadAndProven() throws IOException {
    int size = 65_536 + 300;
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    List<byte[]> entries = entries(size);
    writer.append(entries.subList(0, 65_535));
    writer.append(entries.subList(65_535, 65_536));
    assertThat(files.paths()).contains("tile/1/000", "tile/2/000.p/1").doesNotContain("tile/2/000");
    MerkleFrontier frontier = writer.append(entries.subList(65_536, size));
    TreeHash root = frontier.root();
    assertThat(LogCheck.findings(files, new Checkpoint(ORIGIN, size, root))).isEmpty();
    TileReader reader = new TileReader(files, size);
    for (long index : new long[] {0, 255, 256, 65_535, 65_536, size - 1}) {
      assertThat(reader.entry(index)).isEqualTo(entries.get((int) index));
      assertThat(reader.inclusion(index).verifies(TreeHash.leaf(entries.get((int) index)), root))
          .isTrue();
    }
    for (int old : new int[] {1, 255, 256, 257, 65_535, 65_536, 65_537, size}) {
      TreeHash oldRoot = MerkleFrontier.empty().appendAll(entries.subList(0, old)).root();
      assertThat(reader.consistency(old).verifies(oldRoot, root)).isTrue();
    }
    assertThat(reader.entries(200, 600))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(entries.subList(200, 600));
    assertThat(reader.entries(5, 5)).isEmpty();
  }

  @Test
  void proofsFromTilesAreThoseFromMemoryAtEverySize() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    MerkleTree tree = new MerkleTree();
    List<byte[]> entries = entries(530);
    for (int size = 1; size <= entries.size(); size++) {
      writer.append(entries.subList(size - 1, size));
      tree.append(entries.get(size - 1));
      TileReader reader = new TileReader(files, size);
      int index = (size * 37) % size + (size > 3 ? (size * 31) % (size - 1) : 0);
      assertThat(reader.inclusion(index)).isEqualTo(tree.inclusion(index, size));
      int old = 1 + (size * 29) % size;
      assertThat(reader.consistency(old)).isEqualTo(tree.consistency(old, size));
    }
    // Older sizes stay readable: their partial tiles, or the full ones in their place.
    for (int size = 1; size <= entries.size(); size += 11) {
      assertThat(new TileReader(files, size).frontier()).isEqualTo(MerkleFrontier.of(tree, size));
    }
  }

  @Test
  void everyFlippedByteOfAThousandEntriesIsFound() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    MerkleFrontier frontier = writer.append(entries(1000));
    Checkpoint head = new Checkpoint(ORIGIN, 1000, frontier.root());
    long seed = 1000;
    long flips =
        TilePath.covering(1000).parallelStream()
            .mapToLong(path -> flipEveryByte(files, path, head, seed))
            .sum();
    assertThat(flips).isGreaterThan(42_000);
  }

  /** One random bit of each byte, each in a log of its own; returns how many were tried. */
  private static long flipEveryByte(
      MemoryLogFiles files, TilePath path, Checkpoint head, long seed) {
    Random random = new Random(seed + path.hashCode());
    byte[] good = files.get(path.path()).orElseThrow();
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      try {
        if (LogCheck.findings(new Overlaid(files, path.path(), bad), head, 1).isEmpty()) {
          throw new AssertionError("byte %d of %s, seed %d".formatted(at, path.path(), seed));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return good.length;
  }

  @Test
  void everyMissingCutLengthenedOrForeignFileIsFound() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    MerkleFrontier frontier = TileWriter.empty(files).append(entries(700));
    Checkpoint head = new Checkpoint(ORIGIN, 700, frontier.root());
    for (TilePath path : TilePath.covering(700)) {
      byte[] good = files.get(path.path()).orElseThrow();
      files.delete(path.path());
      assertThat(LogCheck.findings(files, head)).as("%s missing", path).isNotEmpty();
      for (byte[] bad :
          List.of(
              new byte[0],
              Arrays.copyOf(good, good.length - 1),
              Arrays.copyOf(good, good.length + 1),
              Arrays.copyOf(good, good.length + 32))) {
        assertThat(LogCheck.findings(new Overlaid(files, path.path(), bad), head))
            .as("%s of %d bytes", path, bad.length)
            .isNotEmpty();
      }
      files.put(path.path(), good);
    }
    assertThat(LogCheck.findings(files, head)).isEmpty();
  }

  @Test
  void findingsNameTheFile() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    MerkleFrontier frontier = TileWriter.empty(files).append(entries(300));
    byte[] tile = files.get("tile/0/001.p/44").orElseThrow();
    tile[5] ^= 1;
    files.put("tile/0/001.p/44", tile);
    assertThat(LogCheck.findings(files, new Checkpoint(ORIGIN, 300, frontier.root())))
        .extracting(LogCheck.Finding::path)
        .containsExactly("tile/0/001.p/44");
    MemoryLogFiles sound = new MemoryLogFiles();
    TileWriter.empty(sound).append(entries(300));
    assertThat(LogCheck.findings(sound, new Checkpoint(ORIGIN, 300, TreeHash.emptyTree())))
        .extracting(LogCheck.Finding::path)
        .containsExactly("checkpoint");
  }

  @Test
  void theEmptyLogIsSoundWithItsOwnRootOnly() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    assertThat(LogCheck.findings(files, new Checkpoint(ORIGIN, 0, TreeHash.emptyTree()))).isEmpty();
    assertThat(LogCheck.findings(files, new Checkpoint(ORIGIN, 0, TreeHash.leaf(new byte[0]))))
        .hasSize(1);
    assertThat(TileWriter.resume(files, 0).append(entries(1)).size()).isEqualTo(1);
    assertThat(TileWriter.empty(files).append(List.of())).isEqualTo(MerkleFrontier.empty());
  }

  @Test
  void killedAtAnyWriteTheWriterGoesOnFromThePublishedSizeToTheSameFiles() throws IOException {
    List<byte[]> entries = entries(520);
    MemoryLogFiles expected = new MemoryLogFiles();
    TileWriter whole = TileWriter.empty(expected);
    whole.append(entries.subList(0, 250));
    whole.append(entries);
    // Nine writes, then the removal of what they supersede.
    for (int allowed = 0; allowed <= 9; allowed++) {
      MemoryLogFiles files = new MemoryLogFiles();
      Failing failing = new Failing(files);
      TileWriter writer = TileWriter.empty(failing);
      writer.append(entries.subList(0, 250));
      failing.writesLeft = allowed;
      assertThatThrownBy(() -> writer.append(entries)).isInstanceOf(IOException.class);
      assertThat(writer.size()).isEqualTo(250);
      failing.writesLeft = Integer.MAX_VALUE;
      // Both ways out: the same writer again, and a new process.
      TileWriter next = allowed % 2 == 0 ? writer : TileWriter.resume(files, 250);
      assertThat(next.append(entries)).isEqualTo(whole.frontier());
      assertThat(files.paths()).isEqualTo(expected.paths());
      for (String path : files.paths()) {
        assertThat(files.get(path))
            .hasValueSatisfying(b -> assertThat(b).isEqualTo(expected.get(path).orElseThrow()));
      }
    }
  }

  @Test
  void publishesTheWrittenHeadAndNoOther() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    MerkleFrontier frontier = writer.append(entries(3));
    SignedCheckpoint good = signed(new Checkpoint(ORIGIN, 3, frontier.root()));
    for (Checkpoint bad :
        List.of(
            new Checkpoint(ORIGIN, 2, frontier.root()),
            new Checkpoint(ORIGIN, 3, TreeHash.emptyTree()))) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.publish(signed(bad)));
    }
    assertThat(files.paths()).doesNotContain("checkpoint");
    writer.publish(good);
    assertThat(SignedCheckpoint.parse(files.get("checkpoint").orElseThrow())).isEqualTo(good);
  }

  @Test
  void refusesAnOversizedEntryBeforeItWritesAnything() {
    MemoryLogFiles files = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(files);
    List<byte[]> entries = new ArrayList<>(entries(300));
    entries.add(new byte[65_536]);
    assertThatIllegalArgumentException().isThrownBy(() -> writer.append(entries));
    assertThat(files.paths()).isEmpty();
    assertThat(writer.size()).isZero();
  }

  @Test
  void refusesToReadBeyondTheSize() {
    TileReader reader = new TileReader(new MemoryLogFiles(), 10);
    assertThatIllegalArgumentException().isThrownBy(() -> reader.entries(5, 11));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.entries(-1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.entries(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.hash(3, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.hash(70, 0));
    assertThatThrownBy(() -> reader.entry(3))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("tile/entries/000.p/10: missing");
  }

  @Test
  void aFolderHoldsTheSameLogAndNothingOutsideItsPaths(@TempDir Path folder) throws IOException {
    Path root = folder.resolve("log");
    for (DirectoryLogFiles files :
        List.of(DirectoryLogFiles.rebuildable(root), DirectoryLogFiles.durable(root))) {
      TileWriter writer = TileWriter.empty(files);
      MerkleFrontier frontier = MerkleFrontier.empty();
      for (int at = 0; at < 600; at += 50) {
        frontier = writer.append(entries(600).subList(at, at + 50));
      }
      Checkpoint head = new Checkpoint(ORIGIN, 600, frontier.root());
      writer.publish(signed(head));
      assertThat(LogCheck.findings(files, head)).isEmpty();
      assertThat(TileWriter.resume(files, 600).frontier()).isEqualTo(frontier);
    }
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(Files::isRegularFile).map(p -> root.relativize(p).toString()))
          .allSatisfy(p -> assertThat(p).matches("checkpoint|tile/.*"))
          .noneSatisfy(p -> assertThat(p).contains("unfinished"));
    }
    Files.writeString(folder.resolve("secret"), "x");
    DirectoryLogFiles files = DirectoryLogFiles.rebuildable(root);
    for (String outside : List.of("../secret", "/etc/passwd", "tile/../../secret", "", "tile/0")) {
      assertThatThrownBy(() -> files.get(outside)).isInstanceOf(LogFormatException.class);
      assertThatThrownBy(() -> files.put(outside, new byte[1]))
          .isInstanceOf(LogFormatException.class);
      assertThatThrownBy(() -> files.delete(outside)).isInstanceOf(LogFormatException.class);
    }
    assertThat(files.get("tile/7/000")).isEmpty();
  }

  private static List<byte[]> entries(int count) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(("entry " + i).getBytes(StandardCharsets.UTF_8));
    }
    return entries;
  }

  private static SignedCheckpoint signed(Checkpoint checkpoint) {
    TestKeys log = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 1);
    return new SignedCheckpoint(
        checkpoint,
        List.of(
            CheckpointSignatures.sign(
                log.key(), log.signer(), checkpoint, Instant.ofEpochSecond(1))));
  }

  private static String hex(MemoryLogFiles files, String path) {
    return HexFormat.of().formatHex(files.get(path).orElseThrow());
  }

  /** A log with one file replaced. */
  private record Overlaid(LogFiles below, String path, byte[] bytes) implements LogFiles {
    @Override
    public Optional<byte[]> get(String asked) throws IOException {
      return asked.equals(path) ? Optional.of(bytes) : below.get(asked);
    }

    @Override
    public void put(String asked, byte[] ignored) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String asked) {
      throw new UnsupportedOperationException();
    }
  }

  /** A disk that is full after so many writes. */
  private static final class Failing implements LogFiles {
    private final LogFiles below;
    private int writesLeft = Integer.MAX_VALUE;

    Failing(LogFiles below) {
      this.below = below;
    }

    @Override
    public Optional<byte[]> get(String path) throws IOException {
      return below.get(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
      if (writesLeft-- <= 0) {
        throw new IOException("no space left");
      }
      below.put(path, bytes);
    }

    @Override
    public void delete(String path) throws IOException {
      if (writesLeft <= 0) {
        throw new IOException("no space left");
      }
      below.delete(path);
    }
  }
}
