package io.concordat.privacy.noise;

/** SplitMix64 (Steele, Lea, Flood 2014) from a seed: reproducible bits, for tests only. */
public final class SeededBits implements RandomBits {

  private long state;

  public SeededBits(long seed) {
    this.state = seed;
  }

  @Override
  public long next64() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
