package io.concordat.crypto.rlwe;

import org.jspecify.annotations.Nullable;

/** A running sum in heap segments, so that a body may be longer than one array. */
final class MemorySumStore implements SumStore {
  private static final int SEGMENT = 1 << 20;

  private final byte[][][] halves;

  MemorySumStore(long bodyBytes) {
    int segments = Math.toIntExact((bodyBytes + SEGMENT - 1) / SEGMENT);
    halves = new byte[2][segments][];
  }

  @Override
  public void read(int half, long position, byte[] into, int count) {
    move(half, position, into, count, false);
  }

  @Override
  public void write(int half, long position, byte[] from, int count) {
    move(half, position, from, count, true);
  }

  @Override
  public void close() {
    halves[0] = new byte[0][];
    halves[1] = new byte[0][];
  }

  private void move(int half, long position, byte[] bytes, int count, boolean in) {
    for (int done = 0; done < count; ) {
      int index = (int) ((position + done) / SEGMENT);
      int from = (int) ((position + done) % SEGMENT);
      int step = Math.min(count - done, SEGMENT - from);
      byte[] segment = segment(half, index);
      if (in) {
        System.arraycopy(bytes, done, segment, from, step);
      } else {
        System.arraycopy(segment, from, bytes, done, step);
      }
      done += step;
    }
  }

  private byte[] segment(int half, int index) {
    byte @Nullable [] segment = halves[half][index];
    if (segment == null) {
      segment = new byte[SEGMENT];
      halves[half][index] = segment;
    }
    return segment;
  }
}
