package io.concordat.crypto.rlwe;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;

/**
 * The integers of a contribution, read in ranges so that no second whole copy is ever made. Values
 * are within [-2^62, 2^62]; whether they fit the layout's bits is not asked here: a sum that
 * overflows its slots is found when it is opened.
 */
public interface IntegerVector {
  /** Greatest magnitude of a value. */
  long MAX_MAGNITUDE = 1L << 62;

  /** Values digested at once. */
  int DIGEST_PIECE = 2048;

  /** How many values there are. */
  long size();

  /** Copies values from..from+count-1 into an array. */
  void copy(long from, long[] into, int at, int count);

  /**
   * SHA-256 of the values as little-endian signed 64-bit words, which enters the seal seed. It is
   * taken before the first error is drawn, as the errors come of that seed, and so it is a pass of
   * its own over the vector.
   */
  default Digest digest() {
    MessageDigest hash = Digests.newSha256();
    long[] part = new long[DIGEST_PIECE];
    byte[] bytes = new byte[DIGEST_PIECE * Long.BYTES];
    LongBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    for (long from = 0; from < size(); from += part.length) {
      int count = (int) Math.min(part.length, size() - from);
      copy(from, part, 0, count);
      words.put(0, part, 0, count);
      hash.update(bytes, 0, count * Long.BYTES);
    }
    Arrays.fill(part, 0);
    Arrays.fill(bytes, (byte) 0);
    return Digests.finish(hash);
  }

  /** A view of an array, which must not change while it is read. */
  static IntegerVector of(long... values) {
    return new IntegerVector() {
      @Override
      public long size() {
        return values.length;
      }

      @Override
      public void copy(long from, long[] into, int at, int count) {
        System.arraycopy(values, Math.toIntExact(from), into, at, count);
      }
    };
  }

  /** The part of this vector that begins at an index; for tests and slices of large vectors. */
  default IntegerVector slice(long from, long size) {
    Objects.checkFromIndexSize(from, size, size());
    IntegerVector whole = this;
    return new IntegerVector() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public void copy(long start, long[] into, int at, int count) {
        Objects.checkFromIndexSize(start, count, size);
        whole.copy(from + start, into, at, count);
      }
    };
  }
}
