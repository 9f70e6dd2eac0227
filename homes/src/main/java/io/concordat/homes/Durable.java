package io.concordat.homes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes that are on the disk when they return.
 *
 * <p>A file is flushed before it gets its name, and the folder is flushed after. Without the second
 * flush a power cut may leave a committed row naming a file that the folder has forgotten.
 */
public final class Durable {
  private static final Set<PosixFilePermission> READABLE_FILE =
      PosixFilePermissions.fromString("rw-r--r--");

  private Durable() {}

  /** Writes and flushes {@code bytes} into {@code file}, replacing what was there. */
  public static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Moves a flushed file onto its final name and flushes the folder. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = to.toAbsolutePath().getParent();
    if (folder != null) {
      flushFolder(folder);
    }
  }

  /** Flushes a folder's names. On Linux a folder opens for reading and takes an fsync. */
  public static void flushFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Replaces a file in one step and flushes it; readers see the old or the new bytes, never a part.
   */
  public static void publish(Path file, byte[] bytes) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " has no folder");
    }
    Path temporary = Files.createTempFile(folder, ".new-", "");
    try {
      write(temporary, bytes);
      Files.setPosixFilePermissions(temporary, READABLE_FILE);
      rename(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
