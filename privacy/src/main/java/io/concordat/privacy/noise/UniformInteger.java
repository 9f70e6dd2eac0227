package io.concordat.privacy.noise;

/**
 * Exactly uniform integers below a bound (Lemire, "Fast Random Integer Generation in an Interval",
 * 2019, algorithm 5).
 */
final class UniformInteger {

  private UniformInteger() {}

  /**
   * A uniform integer in {@code [0, bound)}, for {@code 1 <= bound <= 2^63 - 1}.
   *
   * <p>The product of 64 random bits and the bound has its integer part in the high word. Each
   * integer part is hit by floor or ceil of 2^64/bound words; the rejection removes the surplus
   * ones, whose low word is below 2^64 mod bound. The remainder is computed only when the low word
   * is below the bound, which is the only case where it can matter.
   */
  static long below(long bound, RandomBits bits) {
    if (bound < 1) {
      throw new IllegalArgumentException(
          "bound of a uniform integer must be at least 1, is " + bound);
    }
    long word = bits.next64();
    long low = word * bound;
    if (Long.compareUnsigned(low, bound) < 0) {
      long surplus = Long.remainderUnsigned(-bound, bound);
      while (Long.compareUnsigned(low, surplus) < 0) {
        word = bits.next64();
        low = word * bound;
      }
    }
    return Math.unsignedMultiplyHigh(word, bound);
  }
}
