package io.concordat.crypto.rlwe;

import java.util.List;
import java.util.Optional;

/** What became of an opening. */
public sealed interface SumResult {
  /**
   * The sum was read into memory.
   *
   * @param values the sums, one for each value of the layout
   */
  record Opened(long[] values, OpenedKey key) implements SumResult {
    /** K. */
    public short[] keySum() {
      return key.keySum();
    }

    /** The positions of the t answers used. */
    public List<Integer> positions() {
      return key.positions();
    }
  }

  /** The sum was handed to a sink to its last value, and every check passed. */
  record Delivered(OpenedKey key) implements SumResult {}

  /** A noised sum left its slots: discarded and charged, nobody is blamed. */
  record Overflowed(Misfit misfit, OpenedKey key) implements SumResult {}

  /**
   * The round is spoiled: someone encrypted, shared or answered wrongly.
   *
   * @param key the key sum, where one passed the check block
   */
  record Spoiled(Misfit misfit, Optional<OpenedKey> key) implements SumResult {
    /** The reason in words. */
    public String reason() {
      return misfit.toString();
    }
  }
}
