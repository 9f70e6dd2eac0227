package io.concordat.crypto.rlwe;

import java.util.Objects;

/**
 * The integers of a contribution, read in ranges so that no second whole copy is ever made. Values
 * are within [-2^62, 2^62]; whether they fit the layout's bits is not asked here: a sum that
 * overflows its slots is found when it is opened.
 */
public interface IntegerVector {
  /** Greatest magnitude of a value. */
  long MAX_MAGNITUDE = 1L << 62;

  /** How many values there are. */
  long size();

  /** Copies values from..from+count-1 into an array. */
  void copy(long from, long[] into, int at, int count);

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
