package io.concordat.crypto.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Writes, reads and erases a file that only its owner may read (0600 in a 0700 folder). */
public final class SecretFile {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private SecretFile() {}

  /** Creates the folder with its parents; what is created is for the owner alone. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, ownerOnly(folder, OWNER_FOLDER));
  }

  /**
   * Replaces the file's content. The bytes are flushed to the disk under another name before they
   * take the file's place, so a crash leaves the old content or the new, never a part.
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IOException(file + " is not a place for a file");
    }
    createFolder(folder);
    Path draft = Files.createTempFile(folder, ".secret-", ".tmp", ownerOnly(folder, OWNER_FILE));
    try {
      try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        writeFully(out, content);
        out.force(true);
      }
      try {
        Files.move(
            draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException("the file system of " + folder + " cannot replace files at once", e);
      }
      flushFolder(folder);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws IOException if it is longer than {@code maxBytes}, or if anyone but its owner may open
   *     it
   */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    requireOwnerOnly(file);
    long size = Files.size(file);
    if (size > maxBytes) {
      throw new IOException(file + " has " + size + " bytes, at most " + maxBytes + " expected");
    }
    return Files.readAllBytes(file);
  }

  /**
   * Refuses a file or folder that group or others may open.
   *
   * @throws IOException naming the path, what was found and the command that mends it
   */
  public static void requireOwnerOnly(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> found = view.readAttributes().permissions();
    if (found.stream().anyMatch(OTHERS::contains)) {
      throw new IOException(
          path
              + " holds secrets but has permissions "
              + PosixFilePermissions.toString(found)
              + "; others must not open it: chmod "
              + (Files.isDirectory(path) ? "700 " : "600 ")
              + path);
    }
  }

  /** Overwrites the content with zeros, flushes, and deletes. A missing file is no error. */
  public static void erase(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        byte[] zeros = new byte[4096];
        for (long left = out.size(); left > 0; left -= zeros.length) {
          writeFully(out, left < zeros.length ? new byte[(int) left] : zeros);
        }
        out.force(true);
      }
    }
    Files.delete(file);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      flushFolder(folder);
    }
  }

  private static void writeFully(FileChannel out, byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  /** The rename or deletion itself must reach the disk: that is the folder's content. */
  private static void flushFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path where, Set<PosixFilePermission> permissions) {
    return where.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }
}
