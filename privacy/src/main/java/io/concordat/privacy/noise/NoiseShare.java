package io.concordat.privacy.noise;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How much noise one silo adds so that a sum is private although some of the others may have added
 * none.
 *
 * <p>A cohort holds at least {@code minContributors} silos, of which at most {@code colluders} may
 * leave their noise out or subtract it, knowing it. What protects a patient is the noise of the
 * rest, and that must reach the priced deviation {@code noiseMultiplier * clipUnits}: sigma is the
 * least integer with
 *
 * <pre>   sigma^2 * (minContributors - colluders) >= (noiseMultiplier * clipUnits)^2</pre>
 *
 * <p>The comparison is between integers; nothing is rounded toward less noise.
 *
 * @param sigma this silo's parameter, in integer units, 8 to 2^24
 * @param clipUnits the L2 sensitivity of the integer vector
 * @param minContributors smallest cohort that may be opened
 * @param colluders how many of them may be working together against a patient of another
 */
public record NoiseShare(int sigma, long clipUnits, int minContributors, int colluders) {

  /**
   * Below this the sum of independent discrete Gaussians is no longer, to any precision that
   * matters, a discrete Gaussian of the summed variance (Kairouz, Liu, Steinke 2021: the distance
   * is at most 10 sum_k exp(-2 pi^2 sigma^2 k/(k+1))).
   */
  public static final int MIN_SIGMA = 8;

  /**
   * Largest clip in integer units: the square, and the sum of squares of a clipped vector, fit a
   * long.
   */
  public static final long MAX_CLIP_UNITS = 1L << 30;

  public NoiseShare {
    if (sigma < MIN_SIGMA || sigma > DiscreteGaussian.MAX_SIGMA) {
      throw new IllegalArgumentException(
          "sigma must be in " + MIN_SIGMA + ".." + DiscreteGaussian.MAX_SIGMA + ", is " + sigma);
    }
    requireCohort(clipUnits, minContributors, colluders);
  }

  /**
   * The share for a job's noise multiplier.
   *
   * @throws IllegalArgumentException if fewer than two honest silos remain, if the clip is too
   *     coarse for the noise (sigma below 8: choose more clip units) or too fine (sigma above 2^24:
   *     choose fewer)
   */
  public static NoiseShare of(
      BigDecimal noiseMultiplier, long clipUnits, int minContributors, int colluders) {
    requireCohort(clipUnits, minContributors, colluders);
    if (noiseMultiplier.signum() <= 0) {
      throw new IllegalArgumentException(
          "noise multiplier must be positive, is " + noiseMultiplier.toPlainString());
    }
    BigInteger leastSigma =
        leastRoot(
            noiseMultiplier.multiply(BigDecimal.valueOf(clipUnits)), minContributors - colluders);
    if (leastSigma.bitLength() > 25 || leastSigma.intValueExact() > DiscreteGaussian.MAX_SIGMA) {
      throw new IllegalArgumentException(
          "the noise share would need sigma above 2^24: choose fewer clip units than " + clipUnits);
    }
    if (leastSigma.intValueExact() < MIN_SIGMA) {
      throw new IllegalArgumentException(
          "the noise share would need sigma "
              + leastSigma
              + ", below 8: choose more clip units than "
              + clipUnits);
    }
    return new NoiseShare(leastSigma.intValueExact(), clipUnits, minContributors, colluders);
  }

  /** Only the number: see {@link #of}. */
  public static int sigma(
      BigDecimal noiseMultiplier, long clipUnits, int minContributors, int colluders) {
    return of(noiseMultiplier, clipUnits, minContributors, colluders).sigma();
  }

  /** Silos whose noise is counted on. */
  public int honest() {
    return minContributors - colluders;
  }

  public DiscreteGaussian distribution() {
    return new DiscreteGaussian(sigma);
  }

  private static void requireCohort(long clipUnits, int minContributors, int colluders) {
    if (clipUnits < 1 || clipUnits > MAX_CLIP_UNITS) {
      throw new IllegalArgumentException("clip units must be in 1..2^30, are " + clipUnits);
    }
    if (colluders < 0 || minContributors - colluders < 2) {
      throw new IllegalArgumentException(
          "joint noise needs at least two silos beyond the colluders: minimum "
              + minContributors
              + ", colluders "
              + colluders);
    }
  }

  /** The least integer r with r^2 * parts >= total^2. */
  private static BigInteger leastRoot(BigDecimal total, int parts) {
    BigDecimal square = total.multiply(total);
    // r^2 is an integer, so r^2 >= square/parts exactly when r^2 >= its ceiling.
    BigInteger denominator =
        BigInteger.valueOf(parts).multiply(BigInteger.TEN.pow(Math.max(0, square.scale())));
    BigInteger numerator =
        square.unscaledValue().multiply(BigInteger.TEN.pow(Math.max(0, -square.scale())));
    BigInteger[] quotient = numerator.divideAndRemainder(denominator);
    BigInteger least = quotient[1].signum() == 0 ? quotient[0] : quotient[0].add(BigInteger.ONE);
    BigInteger root = least.sqrt();
    return root.multiply(root).compareTo(least) >= 0 ? root : root.add(BigInteger.ONE);
  }
}
