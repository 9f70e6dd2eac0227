package io.concordat.crypto.rlwe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where a running sum lies: two halves of a body's length each, of which the accumulator reads one
 * and writes the other. Contents are no secret and need not survive a crash: a sum can always be
 * made again from the contributions.
 */
public interface SumStore extends Closeable {
  /** Reads bytes that were written before. */
  void read(int half, long position, byte[] into, int count) throws IOException;

  /** Writes bytes. */
  void write(int half, long position, byte[] from, int count) throws IOException;

  @Override
  void close() throws IOException;

  /** A store in the heap, for bodies up to some hundreds of megabytes. */
  static SumStore inMemory(Layout layout) {
    return new MemorySumStore(layout.ciphertextBytes());
  }

  /** A store in one file, created or overwritten; the file is left to the caller to delete. */
  static SumStore inFile(Path file, Layout layout) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    long half = layout.ciphertextBytes();
    return new SumStore() {
      @Override
      public void read(int which, long position, byte[] into, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, which * half + position + buffer.position()) < 0) {
            throw new IOException("the running sum's file is shorter than what was written");
          }
        }
      }

      @Override
      public void write(int which, long position, byte[] from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(from, 0, count);
        while (buffer.hasRemaining()) {
          channel.write(buffer, which * half + position + buffer.position());
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
