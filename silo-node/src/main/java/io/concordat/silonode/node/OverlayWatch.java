package io.concordat.silonode.node;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the overlay's file is still the one that the node started with. Its rules are read at
 * start only; a node on which somebody believes a restriction in force that is not must say so.
 */
final class OverlayWatch {
  private final Path file;
  private final Optional<Digest> read;

  /**
   * @param file the overlay, which need not be there
   */
  OverlayWatch(Path file) throws IOException {
    this.file = file;
    this.read = digest();
  }

  /** A sentence, if the file came, went or changed since. */
  Optional<String> trouble() {
    try {
      return digest().equals(read)
          ? Optional.empty()
          : Optional.of(
              "The overlay "
                  + file.getFileName()
                  + " is another one than this node started with, which still holds: restart it.");
    } catch (IOException unreadable) {
      return Optional.of("The overlay cannot be read: " + unreadable.getMessage());
    }
  }

  private Optional<Digest> digest() throws IOException {
    return Files.exists(file)
        ? Optional.of(Digests.sha256(Files.readAllBytes(file)))
        : Optional.empty();
  }
}
