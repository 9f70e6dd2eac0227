package io.concordat.protocol.analysis;

/**
 * The SplitMix64 generator (Steele, Lea, Flood, OOPSLA 2014, figure 16), written out because the
 * JDK does not promise that its own stays bit for bit the same. For public seeds only: starting
 * weights and orders of training, never for noise, coins or keys.
 */
public final class SplitMix {
  private long state;

  public SplitMix(long seed) {
    this.state = seed;
  }

  public long nextLong() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform over the multiples of 2^-53 in [0, 1). */
  public double nextUnit() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in 0..bound-1 up to a bias of bound/2^64. */
  public int nextBelow(int bound) {
    return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /** A permutation of 0..n-1. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = nextBelow(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }
}
