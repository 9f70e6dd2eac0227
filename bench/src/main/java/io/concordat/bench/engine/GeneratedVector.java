package io.concordat.bench.engine;

import io.concordat.crypto.rlwe.IntegerVector;

/** Values of 16 bits from their index, so that the engine's memory is measured and not theirs. */
record GeneratedVector(long size) implements IntegerVector {
  @Override
  public void copy(long from, long[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = value(from + i);
    }
  }

  static long value(long index) {
    return (index * 0x9e3779b97f4a7c15L >>> 48) % 65535 - 32767;
  }
}
