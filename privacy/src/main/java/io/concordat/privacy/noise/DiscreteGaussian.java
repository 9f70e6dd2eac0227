package io.concordat.privacy.noise;

/**
 * The discrete Gaussian on the integers: P[x] proportional to exp(-x^2 / (2 sigma^2)).
 *
 * <p>Sampled exactly by rejection from a discrete Laplace of scale sigma (Canonne, Kamath, Steinke
 * 2020, algorithms 2 and 3, with t = sigma because sigma is an integer). On average about 1.4
 * proposals a sample, for every sigma.
 *
 * @param sigma the parameter, in integer units: 1 to 2^24. For sigma of 8 and more the variance is
 *     sigma^2 to far beyond the precision of any test.
 */
public record DiscreteGaussian(int sigma) {

  /**
   * Largest sigma: up to here e*e below stays within a long for any |y| under 128 sigma, an event
   * of about e^-127.
   */
  public static final int MAX_SIGMA = 1 << 24;

  public DiscreteGaussian {
    if (sigma < 1 || sigma > MAX_SIGMA) {
      throw new IllegalArgumentException("sigma must be in 1.." + MAX_SIGMA + ", is " + sigma);
    }
  }

  /** One sample. */
  public long sample(RandomBits bits) {
    long twiceVariance = 2L * sigma * sigma;
    while (true) {
      long y = laplace(bits);
      // With t = sigma the acceptance probability is exp(-(|y| - sigma)^2 / (2 sigma^2)).
      long excess = Math.abs(y) - sigma;
      if (ExponentialCoin.toss(Math.multiplyExact(excess, excess), twiceVariance, bits)) {
        return y;
      }
    }
  }

  /** Fills {@code [from, to)} of the array with independent samples. */
  public void fill(long[] out, int from, int to, RandomBits bits) {
    for (int i = from; i < to; i++) {
      out[i] = sample(bits);
    }
  }

  /**
   * A discrete Laplace of scale sigma, P[m] proportional to exp(-|m|/sigma): the magnitude is u +
   * sigma*v with u below sigma accepted with exp(-u/sigma) and v geometric with ratio exp(-1);
   * minus zero is drawn again, since zero would otherwise be counted twice.
   */
  private long laplace(RandomBits bits) {
    while (true) {
      boolean negative = bits.next64() < 0;
      long u;
      do {
        u = UniformInteger.below(sigma, bits);
      } while (!ExponentialCoin.tossUpToOne(u, sigma, bits));
      long v = 0;
      while (ExponentialCoin.tossUpToOne(1, 1, bits)) {
        v++;
      }
      long magnitude = Math.addExact(u, Math.multiplyExact((long) sigma, v));
      if (!(negative && magnitude == 0)) {
        return negative ? -magnitude : magnitude;
      }
    }
  }
}
