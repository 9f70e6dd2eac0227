package io.concordat.privacy.noise;

/**
 * Coins of probability exp(-a/b) for integers a and b (Canonne, Kamath, Steinke 2020, algorithm 1).
 */
final class ExponentialCoin {

  private ExponentialCoin() {}

  /**
   * True with probability exp(-a/b), for {@code 0 <= a}, {@code 1 <= b}.
   *
   * <p>exp(-a/b) = exp(-1)^floor * exp(-rest/b): one coin of exp(-1) for each whole, and the first
   * tail ends it, so the loop is short however large a/b is.
   */
  static boolean toss(long a, long b, RandomBits bits) {
    long rest = a;
    while (rest > b) {
      if (!tossUpToOne(1, 1, bits)) {
        return false;
      }
      rest -= b;
    }
    return tossUpToOne(rest, b, bits);
  }

  /**
   * True with probability exp(-a/b), for {@code 0 <= a <= b}: the parity of the first failure in a
   * chain of coins with probabilities (a/b)/k. P[k > m] = (a/b)^m / m!, and the alternating sum of
   * these is exp(-a/b).
   *
   * <p>The paper tosses one coin of probability a/(b*k); two coins, a/b and 1/k, are the same event
   * and cannot overflow.
   */
  static boolean tossUpToOne(long a, long b, RandomBits bits) {
    long k = 1;
    while ((a == b || UniformInteger.below(b, bits) < a)
        && (k == 1 || UniformInteger.below(k, bits) == 0)) {
      k++;
    }
    return (k & 1) == 1;
  }
}
