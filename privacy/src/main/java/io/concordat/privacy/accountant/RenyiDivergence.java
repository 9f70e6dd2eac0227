package io.concordat.privacy.accountant;

/**
 * Renyi divergence of one Poisson-subsampled Gaussian round, RDP(alpha) = log A(alpha) / (alpha -
 * 1).
 *
 * <p>A is that of Mironov, Talwar, Zhang, "Renyi Differential Privacy of the Sampled Gaussian
 * Mechanism" (2019), section 3.3, and covers both directions of the relation. For integer orders it
 * also bounds the subsampled sum of discrete Gaussians, whose own divergences are at most k/(2
 * z^2).
 */
final class RenyiDivergence {

  /** Below this the alternating series has lost too many digits to the 1 that it contains. */
  private static final double SERIES_FLOOR = 1e-6;

  /** Logarithm of the relative size at which a term of the series ends it. */
  private static final double NEGLIGIBLE = -30;

  private static final int MAX_TERMS = 100_000;

  /**
   * What to do with the signs of generalised binomial coefficients. Dropping them, as dp_accounting
   * does, gives a looser upper bound; it is here so that its published values can be met.
   */
  enum Signs {
    KEPT,
    DROPPED
  }

  private RenyiDivergence() {}

  /** RDP(alpha) of one round; infinity where the formula overflows. */
  static double ofRound(double samplingRate, double noiseMultiplier, double alpha) {
    if (!(alpha > 1)) {
      throw new IllegalArgumentException("a Renyi order must be above 1, is " + alpha);
    }
    if (samplingRate == 0) {
      return 0;
    }
    if (samplingRate == 1) {
      return alpha / (2 * noiseMultiplier * noiseMultiplier);
    }
    return logMoment(samplingRate, noiseMultiplier, alpha) / (alpha - 1);
  }

  private static double logMoment(double q, double z, double alpha) {
    if (alpha == Math.rint(alpha) && alpha <= Integer.MAX_VALUE) {
      return logMomentAtInteger(q, z, (int) alpha);
    }
    double series = logMomentBySeries(q, z, alpha, Signs.KEPT);
    if (series > SERIES_FLOOR && series < Double.POSITIVE_INFINITY) {
      return series;
    }
    return logMomentByChord(q, z, alpha);
  }

  /**
   * A(alpha) - 1 = sum over k >= 2 of C(alpha,k) (1-q)^(alpha-k) q^k (e^{k(k-1)/(2z^2)} - 1): the
   * binomial probabilities sum to one, so the 1 can be taken out of every term. All terms are
   * positive, nothing cancels however small q is.
   */
  static double logMomentAtInteger(double q, double z, int alpha) {
    double logQ = StrictMath.log(q);
    double logRest = StrictMath.log1p(-q);
    double logBinomial = StrictMath.log(alpha);
    double logExcess = Double.NEGATIVE_INFINITY;
    for (int k = 2; k <= alpha; k++) {
      logBinomial += StrictMath.log(alpha - k + 1) - StrictMath.log(k);
      double exponent = (double) k * (k - 1) / (2 * z * z);
      double term = logBinomial + (alpha - k) * logRest + k * logQ + logOfExpMinusOne(exponent);
      logExcess = logSum(logExcess, term);
    }
    return logOfOnePlusExp(logExcess);
  }

  /**
   * log A is convex in alpha, so a chord between neighbouring integers lies above it. Loose near 1,
   * but an upper bound with full relative accuracy.
   */
  private static double logMomentByChord(double q, double z, double alpha) {
    int below = (int) Math.floor(alpha);
    double part = alpha - below;
    double low = below == 1 ? 0 : logMomentAtInteger(q, z, below);
    return (1 - part) * low + part * logMomentAtInteger(q, z, below + 1);
  }

  /**
   * The two series of section 3.3 for fractional orders, split where the two densities q N(1) and
   * (1-q) N(0) are equal. The generalised binomial coefficients change sign beyond alpha; the signs
   * matter (7.329111 against 7.329335 for z 1.5, q 0.04, 2250 rounds, delta 1e-5 when they are
   * dropped).
   */
  static double logMomentBySeries(double q, double z, double alpha, Signs signs) {
    double logQ = StrictMath.log(q);
    double logRest = StrictMath.log1p(-q);
    double split = z * z * (logRest - logQ) + 0.5;
    double scale = Math.sqrt(2) * z;
    double logHalf = StrictMath.log(0.5);
    // Partial sums of positive and negative terms, left and right of the split.
    double plus = Double.NEGATIVE_INFINITY;
    double minus = Double.NEGATIVE_INFINITY;
    double logBinomial = 0;
    int sign = 1;
    for (int i = 0; i < MAX_TERMS; i++) {
      double j = alpha - i;
      double left =
          logBinomial
              + i * logQ
              + j * logRest
              + ((double) i * i - i) / (2 * z * z)
              + logHalf
              + NormalTail.logErfc((i - split) / scale);
      double right =
          logBinomial
              + j * logQ
              + i * logRest
              + (j * j - j) / (2 * z * z)
              + logHalf
              + NormalTail.logErfc((split - j) / scale);
      double both = logSum(left, right);
      if (sign > 0) {
        plus = logSum(plus, both);
      } else {
        minus = logSum(minus, both);
      }
      // Beyond alpha the terms alternate and shrink, like a power of i, so a sum that ends with a
      // positive one is above
      // the limit, by less than that term.
      if (i > alpha && sign > 0 && both < plus + NEGLIGIBLE) {
        return plus + StrictMath.log1p(-StrictMath.exp(minus - plus));
      }
      double factor = j / (i + 1);
      logBinomial += StrictMath.log(Math.abs(factor));
      if (factor < 0 && signs == Signs.KEPT) {
        sign = -sign;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** log(e^x - 1) for x > 0. */
  private static double logOfExpMinusOne(double x) {
    return x > 1 ? x + StrictMath.log1p(-StrictMath.exp(-x)) : StrictMath.log(StrictMath.expm1(x));
  }

  /** log(1 + e^x). */
  private static double logOfOnePlusExp(double x) {
    return x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
  }

  private static double logSum(double a, double b) {
    double high = Math.max(a, b);
    if (high == Double.NEGATIVE_INFINITY || high == Double.POSITIVE_INFINITY) {
      return high;
    }
    return high + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - high));
  }
}
