package io.concordat.verify;

import io.concordat.crypto.bulk.BulkSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A pack's folder. Its files are a stranger's: every one is read with a bound. */
final class PackFiles {
  private final Path root;

  PackFiles(Path root) {
    this.root = root;
  }

  /** A file that cannot be what it should be. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String path, long most) {
      super(path + " is longer than " + most + " bytes");
    }
  }

  /** The whole file, or empty if the pack does not have it. */
  Optional<byte[]> read(String path, int mostBytes) throws IOException {
    Path file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > mostBytes) {
      throw new TooLongException(path, mostBytes);
    }
    return Optional.of(Files.readAllBytes(file));
  }

  /** A file to stream, if the pack has it with exactly this length. */
  Optional<BulkSource> source(String path, long bytes) throws IOException {
    Path file = root.resolve(path);
    return Files.isRegularFile(file) && Files.size(file) == bytes
        ? Optional.of(() -> Files.newInputStream(file))
        : Optional.empty();
  }

  Path root() {
    return root;
  }
}
