package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.LogLeaf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pack's folder. Its files are a stranger's: every one is read with a bound, and remembered as
 * asked for, so that files which nobody asks for show.
 */
final class PackFiles {
  private final Path root;
  private final Set<String> asked = new HashSet<>();

  PackFiles(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /**
   * The whole file, or empty if the pack does not have it.
   *
   * @throws DecodeException if it is longer than such a file can be
   */
  Optional<byte[]> read(String path, int mostBytes) throws IOException, DecodeException {
    Optional<BulkSource> source = source(path);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    if (Files.size(root.resolve(path)) > mostBytes) {
      throw new DecodeException(path + " is longer than " + mostBytes + " bytes");
    }
    return Optional.of(Files.readAllBytes(root.resolve(path)));
  }

  /** A file to stream. Readers of bulk objects hold the length against the layout themselves. */
  Optional<BulkSource> source(String path) {
    asked.add(path);
    Path file = root.resolve(path);
    return Files.isRegularFile(file)
        ? Optional.of(() -> Files.newInputStream(file))
        : Optional.empty();
  }

  /**
   * The whole entry that a leaf of the tree stands for.
   *
   * @throws DecodeException if the leaf names a manifest that the pack does not have, or has
   *     another
   */
  byte[] entry(byte[] leaf) throws IOException, DecodeException {
    Optional<Digest> manifest = LogLeaf.statementOf(leaf);
    if (manifest.isEmpty()) {
      return leaf;
    }
    String path = PackLayout.manifest(manifest.get());
    byte[] statement =
        read(path, LogLeaf.MAX_ENTRY_BYTES)
            .orElseThrow(() -> new DecodeException("not in the pack: " + path));
    try {
      return LogLeaf.entry(leaf, statement);
    } catch (DecodeException other) {
      throw new DecodeException(path + ": " + other.getMessage());
    }
  }

  /** Files that no check has asked for, those of the log's tree apart. */
  List<String> unasked() throws IOException {
    List<String> out = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> !Files.isDirectory(f)).sorted().toList()) {
        String path = root.relativize(file).toString().replace('\\', '/');
        if (!path.startsWith(PackLayout.TILES) && !asked.contains(path)) {
          out.add(path);
        }
      }
    }
    return out;
  }
}
