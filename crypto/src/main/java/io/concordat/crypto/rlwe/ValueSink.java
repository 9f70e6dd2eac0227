package io.concordat.crypto.rlwe;

import java.io.IOException;

/**
 * Takes an opened sum in order. What it took counts only if the opening ends {@link
 * SumResult.Delivered}: a later block may still fail its checks.
 */
@FunctionalInterface
public interface ValueSink {
  /** Takes the sums from index {@code from} on, the first {@code count} of the array. */
  void accept(long from, long[] values, int count) throws IOException;
}
