package io.concordat.homes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One process a home. The operating system drops the lock with the process, however that ends. */
public final class HomeLock implements AutoCloseable {
  /**
   * The system property in which a service keeps when it took its home's lock: from then on no
   * process before it did anything in this home. No setting, so outside the settings' prefix.
   */
  public static final String TAKEN_AT = "io.concordat.lock-taken-at";

  private final FileChannel channel;
  private final FileLock lock;

  private HomeLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @throws IOException in words, if another process has it
   */
  public static HomeLock take(Home home) throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.lockFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      // Falls through: the same answer as for another process.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException(
          "another process runs in "
              + home.root()
              + " (it holds "
              + home.lockFile()
              + "): stop it, or name another --home");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
        0);
    return new HomeLock(channel, lock);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
