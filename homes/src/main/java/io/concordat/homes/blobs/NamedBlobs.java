package io.concordat.homes.blobs;

import io.concordat.homes.Durable;
import io.concordat.protocol.core.Blobs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Blobs by name: up to 256 KiB in the database, longer ones in files.
 *
 * <p>Files: written beside their place, flushed, renamed, folder flushed; then the name exists.
 * Small ones: visible at once to this process and written by the next transaction, which is the
 * first that can name them. A crash before that loses bytes that nothing refers to; so a round of a
 * small model costs no flush of its own for its blobs, nor for removing them.
 *
 * <p>A write that fails, on a full disk for one, leaves no name and no half of a file behind. A
 * process that is killed does leave what it was writing: {@link #sweep} removes that at the next
 * start.
 */
public final class NamedBlobs implements Blobs {
  /**
   * Above this a file's two flushes cost less than pushing the bytes through the database's own
   * log.
   */
  public static final int INLINE_BYTES = 256 * 1024;

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+){0,7}");

  /** Of files that are being written. No blob is called so: its names have no dots. */
  private static final String DRAFT = ".part-";

  private final Path root;
  private final DataSource database;
  private final PartOpener opener;
  private final Map<String, Optional<byte[]>> waiting = new ConcurrentHashMap<>();

  /**
   * @param root the home's blobs folder
   * @param database has a table {@code blobs (name, bytes)}
   */
  public NamedBlobs(Path root, DataSource database) {
    this(root, database, FilePart::open);
  }

  /** For tests: files that run out of room when a test says so. */
  NamedBlobs(Path root, DataSource database, PartOpener opener) {
    this.root = root;
    this.database = database;
    this.opener = opener;
  }

  /**
   * Removes what a killed process was writing, and says how much that was. Nothing refers to it: a
   * file has no name until it is whole. The caller holds the home's lock, so nobody writes now.
   *
   * @param root the home's blobs folder, which need not exist
   * @return bytes
   */
  public static long sweep(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return 0;
    }
    long swept = 0;
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.getFileName().toString().startsWith(DRAFT)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          swept += Files.size(file);
          Files.delete(file);
        }
      }
    }
    return swept;
  }

  /** A file that is being written. */
  interface Part extends Closeable {
    void write(byte[] bytes, int offset, int count) throws IOException;

    void flush() throws IOException;
  }

  /** Opens an empty file for writing. */
  interface PartOpener {
    Part open(Path file) throws IOException;
  }

  /** On the disk. */
  private record FilePart(FileChannel channel) implements Part {
    static FilePart open(Path file) throws IOException {
      return new FilePart(FileChannel.open(file, StandardOpenOption.WRITE));
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void flush() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public OutputStream create(String name) throws IOException {
    return new Draft(file(name), name);
  }

  /** Gives small bytes a name without a stream. The array must not change any more. */
  public void put(String name, byte[] bytes) throws IOException {
    if (bytes.length <= INLINE_BYTES) {
      file(name);
      waiting.put(name, Optional.of(bytes));
    } else {
      try (OutputStream out = create(name)) {
        out.write(bytes);
      }
    }
  }

  /** Takes over a complete, flushed file. */
  public void adopt(String name, Path flushed) throws IOException {
    Path file = file(name);
    createFolder(file);
    Durable.rename(flushed, file);
  }

  /** Small blobs that the next transaction must write; those without bytes it must remove. */
  public Map<String, Optional<byte[]>> unwritten() {
    return new LinkedHashMap<>(waiting);
  }

  /** Writes them on the transaction's connection. */
  public void write(Connection connection, Map<String, Optional<byte[]>> blobs)
      throws SQLException {
    if (blobs.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
            connection.prepareStatement(
                "insert into blobs (name, bytes) values (?, ?)"
                    + " on conflict (name) do update set bytes = excluded.bytes");
        PreparedStatement delete =
            connection.prepareStatement("delete from blobs where name = ?")) {
      for (Map.Entry<String, Optional<byte[]>> blob : blobs.entrySet()) {
        if (blob.getValue().isPresent()) {
          insert.setString(1, blob.getKey());
          insert.setBytes(2, blob.getValue().get());
          insert.executeUpdate();
        } else {
          delete.setString(1, blob.getKey());
          delete.executeUpdate();
        }
      }
    }
  }

  /** The transaction has committed: these are on the disk. */
  public void written(Map<String, Optional<byte[]>> blobs) {
    blobs.forEach(waiting::remove);
  }

  @Override
  public InputStream open(String name) throws IOException {
    return open(name, 0);
  }

  @Override
  public InputStream open(String name, long offset) throws IOException {
    Optional<byte[]> small = small(name);
    if (small.isPresent()) {
      int from = (int) Math.clamp(offset, 0, small.get().length);
      return new ByteArrayInputStream(small.get(), from, small.get().length - from);
    }
    FileChannel channel = FileChannel.open(file(name), StandardOpenOption.READ);
    channel.position(offset);
    return Channels.newInputStream(channel);
  }

  @Override
  public boolean exists(String name) {
    try {
      return small(name).isPresent() || Files.exists(file(name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public long length(String name) throws IOException {
    Optional<byte[]> small = small(name);
    return small.isPresent() ? small.get().length : Files.size(file(name));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
    waiting.put(name, Optional.empty());
  }

  private Optional<byte[]> small(String name) throws IOException {
    Optional<byte[]> unwritten = waiting.get(name);
    if (unwritten != null) {
      return unwritten;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select bytes from blobs where name = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException failed) {
      throw new IOException("blob " + name + " could not be read", failed);
    }
  }

  private Path file(String name) throws NoSuchFileException {
    // Names come from our own code, but one slip must not become a path outside the folder.
    if (!NAME.matcher(name).matches()) {
      throw new NoSuchFileException(name, null, "not a blob's name");
    }
    return root.resolve(name);
  }

  private static void createFolder(Path file) throws IOException {
    Path folder = file.resolveSibling(".").normalize();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Durable.flushFolder(folder.resolveSibling(".").normalize());
    }
  }

  /** Bytes in memory until they are too many, then in a file beside their place. */
  private final class Draft extends OutputStream {
    private final Path file;
    private final String name;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<Part> part = Optional.empty();
    private Optional<Path> beside = Optional.empty();
    private boolean closed;
    private boolean failed;

    Draft(Path file, String name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        append(bytes, offset, count);
      } catch (IOException full) {
        // Whoever writes closes the stream on the way out; that must not give the torso its name.
        failed = true;
        throw full;
      }
    }

    private void append(byte[] bytes, int offset, int count) throws IOException {
      if (part.isEmpty() && memory.size() + (long) count > INLINE_BYTES) {
        createFolder(file);
        Path draft = Files.createTempFile(file.resolveSibling(".").normalize(), DRAFT, "");
        beside = Optional.of(draft);
        part = Optional.of(opener.open(draft));
        byte[] soFar = memory.toByteArray();
        memory = new ByteArrayOutputStream();
        part.get().write(soFar, 0, soFar.length);
      }
      if (part.isPresent()) {
        part.get().write(bytes, offset, count);
      } else {
        memory.write(bytes, offset, count);
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      if (failed) {
        discard();
        return;
      }
      if (part.isEmpty()) {
        waiting.put(name, Optional.of(memory.toByteArray()));
        return;
      }
      try (Part open = part.get()) {
        open.flush();
      } catch (IOException unflushed) {
        discard();
        throw unflushed;
      }
      Durable.rename(beside.orElseThrow(), file);
    }

    private void discard() throws IOException {
      if (part.isPresent()) {
        part.get().close();
      }
      if (beside.isPresent()) {
        Files.deleteIfExists(beside.get());
      }
    }
  }
}
