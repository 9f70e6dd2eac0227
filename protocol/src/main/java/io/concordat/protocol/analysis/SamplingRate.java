package io.concordat.protocol.analysis;

import java.math.BigDecimal;

/**
 * An exact probability with which each patient joins a round: the coin is tossed with integers.
 *
 * @param numerator at least 1
 * @param denominator at least the numerator, at most 2^31 - 1
 */
public record SamplingRate(int numerator, int denominator) {
  public static final SamplingRate ALWAYS = new SamplingRate(1, 1);

  public SamplingRate {
    if (numerator < 1 || denominator < numerator) {
      throw new IllegalArgumentException(
          "a sampling rate lies above 0 and at most at 1, not " + numerator + "/" + denominator);
    }
  }

  /**
   * Reads a decimal such as {@code 0.05} without rounding.
   *
   * @throws IllegalArgumentException outside (0, 1] or with more than nine decimals
   */
  public static SamplingRate of(BigDecimal decimal) {
    if (decimal.signum() <= 0 || decimal.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("samplingRate must lie above 0 and at most at 1");
    }
    BigDecimal plain = decimal.stripTrailingZeros();
    int scale = Math.max(0, plain.scale());
    if (scale > 9) {
      throw new IllegalArgumentException("samplingRate has more than nine decimals");
    }
    long numerator = plain.movePointRight(scale).longValueExact();
    long denominator = BigDecimal.TEN.pow(scale).longValueExact();
    long divisor = gcd(numerator, denominator);
    return new SamplingRate(
        Math.toIntExact(numerator / divisor), Math.toIntExact(denominator / divisor));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  public boolean always() {
    return numerator == denominator;
  }

  public double toDouble() {
    return (double) numerator / denominator;
  }
}
