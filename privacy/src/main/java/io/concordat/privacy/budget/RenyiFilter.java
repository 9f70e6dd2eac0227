package io.concordat.privacy.budget;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.RdpAccountant;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * A cap on (epsilon, delta) as a cap on the sum of Renyi divergences at one order (Feldman and
 * Zrnic, "Individual Privacy Accounting via a Renyi Filter", 2021, theorem 4.3): jobs may be chosen
 * adaptively as long as the sum stays within rhoMax.
 *
 * <p>The order must not depend on the jobs, so it is fixed by the cap: the integer with the largest
 * rhoMax/alpha, which is the one that admits most Gaussian noise.
 *
 * @param alpha the order, 2 to 512
 * @param rhoMax largest sum of divergences at that order, rounded down
 * @param epsilon the cap's epsilon
 * @param delta the cap's delta
 */
public record RenyiFilter(int alpha, BigDecimal rhoMax, BigDecimal epsilon, BigDecimal delta) {

  /** Digits after the point of every rho. */
  public static final int DIGITS = 12;

  private static final int MIN_ORDER = 2;
  private static final int MAX_ORDER = 512;

  /**
   * Covers the rounding of the double arithmetic behind a price, whose relative error stays below
   * 1e-11.
   */
  private static final BigDecimal MARGIN = new BigDecimal("1.0000000001");

  /**
   * The filter of a cap. The same for everyone: StrictMath, and ties go to the smallest order.
   *
   * @throws IllegalArgumentException if delta is no probability or epsilon too small for any order
   */
  public static RenyiFilter forCap(BigDecimal epsilon, BigDecimal delta) {
    double wanted = epsilon.doubleValue();
    double failure = delta.doubleValue();
    if (!(failure > 0 && failure < 1) || !(wanted > 0)) {
      throw new IllegalArgumentException(
          "a cap needs epsilon above 0 and delta in (0, 1), not " + epsilon + ", " + delta);
    }
    int best = 0;
    double bestRatio = 0;
    for (int alpha = MIN_ORDER; alpha <= MAX_ORDER; alpha++) {
      double ratio = rhoMax(wanted, failure, alpha) / alpha;
      if (ratio > bestRatio) {
        bestRatio = ratio;
        best = alpha;
      }
    }
    if (best == 0) {
      throw new IllegalArgumentException(
          "a cap of epsilon " + epsilon + " at delta " + delta + " admits no noise at all");
    }
    BigDecimal rho =
        new BigDecimal(rhoMax(wanted, failure, best)).divide(MARGIN, DIGITS, RoundingMode.FLOOR);
    return new RenyiFilter(best, rho, epsilon, delta);
  }

  /** Solves epsilon = rho + log(1 - 1/alpha) - log(delta alpha)/(alpha - 1) for rho. */
  private static double rhoMax(double epsilon, double delta, int alpha) {
    return epsilon - StrictMath.log1p(-1.0 / alpha) + StrictMath.log(delta * alpha) / (alpha - 1);
  }

  /**
   * The sum of divergences, at this filter's order, up to which a smaller epsilon holds at the same
   * delta. Rounded down; not above 0 where the order is too small for that epsilon.
   */
  public BigDecimal rhoFor(BigDecimal smaller) {
    return new BigDecimal(rhoMax(smaller.doubleValue(), delta.doubleValue(), alpha))
        .divide(MARGIN, DIGITS, RoundingMode.FLOOR);
  }

  /**
   * What rounds take from the cap: their divergence at the filter's order, rounded up.
   *
   * @return a decimal with 12 digits after the point; rounds with too little noise to have one cost
   *     more than any cap
   */
  public BigDecimal price(List<GaussianRound> rounds) {
    double rho = RdpAccountant.divergence(rounds, alpha);
    if (Double.isNaN(rho) || Double.isInfinite(rho)) {
      return rhoMax.add(BigDecimal.ONE).setScale(DIGITS, RoundingMode.CEILING);
    }
    return new BigDecimal(rho).multiply(MARGIN).setScale(DIGITS, RoundingMode.CEILING);
  }
}
