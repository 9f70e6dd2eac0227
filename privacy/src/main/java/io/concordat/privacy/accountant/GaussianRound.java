package io.concordat.privacy.accountant;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import java.math.BigInteger;

/**
 * Some equal rounds of a Poisson-subsampled Gaussian mechanism, as an accountant sees them.
 *
 * @param samplingRate probability that a patient takes part in a round, independently: 0 to 1
 * @param noiseMultiplier deviation of the continuous Gaussian divided by the sensitivity, positive
 * @param count how many such rounds, at least 1
 */
public record GaussianRound(double samplingRate, double noiseMultiplier, long count) {

  /** Most rounds of one kind; a bound for the accountants' loops and rounding terms. */
  public static final long MAX_COUNT = 10_000_000;

  /**
   * What an integer vector gives up to be covered by a continuous Gaussian: x + discrete
   * Gaussian(sigma^2) is, up to a factor 1 +- 1e-33, a rounding of x + N(0, sigma^2 - 4), so it is
   * priced at that variance (docs/privacy-proofs.md, 1).
   */
  static final long ROUNDING_VARIANCE = 4;

  public GaussianRound {
    if (!(samplingRate >= 0 && samplingRate <= 1)) {
      throw new IllegalArgumentException("sampling rate must be in [0, 1], is " + samplingRate);
    }
    if (!(noiseMultiplier > 0) || Double.isInfinite(noiseMultiplier)) {
      throw new IllegalArgumentException(
          "noise multiplier must be positive and finite, is " + noiseMultiplier);
    }
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count must be in 1.." + MAX_COUNT + ", is " + count);
    }
  }

  /** The guarantee: the smallest cohort, of which the colluders' noise counts for nothing. */
  public static GaussianRound joint(NoiseShare share, SamplingRate rate, long count) {
    return withHonest(share, share.honest(), rate, count);
  }

  /** What is left when everybody else colludes and can open: this silo's own share alone. */
  public static GaussianRound ownShare(NoiseShare share, SamplingRate rate, long count) {
    return withHonest(share, 1, rate, count);
  }

  /**
   * The price if {@code honest} silos added their share. With more than the guaranteed number this
   * is information about a cohort that happened to be larger, never the guarantee.
   */
  public static GaussianRound withHonest(
      NoiseShare share, int honest, SamplingRate rate, long count) {
    BigInteger variance =
        BigInteger.valueOf(share.sigma())
            .pow(2)
            .multiply(BigInteger.valueOf(honest))
            .subtract(BigInteger.valueOf(ROUNDING_VARIANCE));
    // Three roundings of half a unit in the last place each, so two steps down are below the true
    // value.
    double multiplier = Math.sqrt(variance.doubleValue()) / share.clipUnits();
    return new GaussianRound(asDouble(rate), Math.nextDown(Math.nextDown(multiplier)), count);
  }

  /** The same kind of round, another number of them. */
  public GaussianRound times(long newCount) {
    return new GaussianRound(samplingRate, noiseMultiplier, newCount);
  }

  private static double asDouble(SamplingRate rate) {
    // One rounding up: a larger rate is never cheaper.
    double quotient = (double) rate.numerator() / (double) rate.denominator();
    return rate.isAlways() || rate.numerator() == 0 ? quotient : Math.min(1, Math.nextUp(quotient));
  }
}
