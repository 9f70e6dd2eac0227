package io.concordat.privacy.noise;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A probability as an exact fraction, and the coin that has exactly this probability.
 *
 * <p>A job writes its rate as a decimal ("0.05"); a coin tossed with the nearest double would not
 * have the rate that was priced. The fraction is kept in lowest terms, so equal rates are equal
 * records.
 *
 * @param numerator between 0 and the denominator
 * @param denominator at least 1
 */
public record SamplingRate(long numerator, long denominator) {

  /** Every patient takes part in every round: no coin, nothing to keep secret. */
  public static final SamplingRate ALWAYS = new SamplingRate(1, 1);

  public SamplingRate {
    if (denominator < 1 || numerator < 0 || numerator > denominator) {
      throw new IllegalArgumentException(
          "a sampling rate is a fraction in [0, 1], not " + numerator + "/" + denominator);
    }
    long divisor =
        BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).longValueExact();
    numerator /= divisor;
    denominator /= divisor;
  }

  /** Reads a decimal such as "0.05" or "1", of at most 18 digits after the point. */
  public static SamplingRate parse(String decimal) {
    return of(new BigDecimal(decimal));
  }

  /** The same rate as a fraction; at most 18 digits after the point. */
  public static SamplingRate of(BigDecimal decimal) {
    BigDecimal plain = decimal.stripTrailingZeros();
    int digits = Math.max(0, plain.scale());
    if (digits > 18 || plain.signum() < 0 || plain.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "a sampling rate is a decimal in [0, 1] with at most 18 digits, not " + decimal);
    }
    return new SamplingRate(
        plain.movePointRight(digits).longValueExact(), BigInteger.TEN.pow(digits).longValueExact());
  }

  /**
   * Tosses the coin once. The answer must not become visible through time, size or count of
   * anything.
   */
  public boolean toss(RandomBits bits) {
    return UniformInteger.below(denominator, bits) < numerator;
  }

  public boolean isAlways() {
    return numerator == denominator;
  }
}
