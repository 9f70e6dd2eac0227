package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A log's files in a folder, laid out as they are served. One process writes; readers may be many.
 *
 * <p>Every path is parsed before it touches the disk, so no request can name a file outside.
 */
public final class DirectoryLogFiles implements LogFiles {
  private static final String UNFINISHED = ".unfinished";

  /** The largest honest file: 256 entries of 65,535 bytes with their lengths. */
  private static final long MAX_FILE_BYTES = 256L * (EntryBundle.MAX_ENTRY_BYTES + 2);

  private final Path root;
  private final boolean forced;

  private DirectoryLogFiles(Path root, boolean forced) {
    this.root = root;
    this.forced = forced;
  }

  /** Forces each file to the disk before its name appears: for folders that are the only copy. */
  public static DirectoryLogFiles durable(Path root) {
    return new DirectoryLogFiles(root, true);
  }

  /** Leaves flushing to the system: for folders that are rebuilt from a durable store. */
  public static DirectoryLogFiles rebuildable(Path root) {
    return new DirectoryLogFiles(root, false);
  }

  @Override
  public Optional<byte[]> get(String path) throws IOException {
    Path file = file(path);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new LogFormatException(path + ": larger than any file of a log");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void put(String path, byte[] bytes) throws IOException {
    Path file = file(path);
    Path folder = file.resolveSibling(".").normalize();
    Files.createDirectories(folder);
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (forced) {
        channel.force(true);
      }
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (forced) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(file(path));
  }

  private Path file(String path) throws LogFormatException {
    if (!path.equals(CHECKPOINT)) {
      TilePath.parse(path);
    }
    return root.resolve(path);
  }
}
