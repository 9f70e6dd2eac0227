package io.concordat.privacy.evidence;

import io.concordat.privacy.noise.NoiseShare;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;

/**
 * Whether opened noise comes back in later rounds: a seed that is used twice lets anybody subtract
 * one sum from the other and read what should have been hidden.
 *
 * <p>Let y_t be round t's zero coordinates over the promised joint deviation, and S_t = y_1 + ... +
 * y_t. Looked at is
 *
 * <pre>r_t = &lt;y_t, S_{t-1}&gt; / |S_{t-1}|</pre>
 *
 * <p><b>Under fresh noise</b> the coordinates of y_t are independent of S_{t-1}. A discrete
 * Gaussian of parameter sigma has E exp(aX) = exp(a^2 sigma^2 / 2) times the ratio of the Gaussian
 * sums over the integers shifted by a sigma^2 and unshifted; by Poisson summation the shifted sum
 * is the smaller one, so E exp(aX) is at most that of the continuous Gaussian (Canonne, Kamath,
 * Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020). Sums of independent
 * shares inherit it with added variances. So, whatever S_{t-1} is, E[exp(a r_t) | S_{t-1}] is at
 * most exp(a^2/2), and both
 *
 * <pre>
 * P(|r_t| &gt;= x) &lt;= 2 exp(-x^2/2),   P(|r_2 + ... + r_T| / sqrt(T-1) &gt;= x) &lt;= 2 exp(-x^2/2)
 * </pre>
 *
 * <p>hold, the second by taking expectations round after round. These are T numbers, so none is
 * beyond {@link #limit()} = sqrt(2 ln(2T / {@link #FALSE_ALARM})) but with that probability: a
 * bound for any number of rounds and silos, not an approximation.
 *
 * <p><b>Under repetition</b> of the whole noise of one earlier round r_t is about sqrt(4096/(t-1)),
 * which passes the limit up to a hundred rounds; if one of n silos repeats its share in all rounds,
 * r_t is about 64 sqrt(t-1) / n and the figure over all rounds 43 T / n, as long as T is well below
 * n.
 *
 * @param deviations r_2 to r_T
 */
public record NoiseRepetition(List<Double> deviations) {
  /** Probability with which fresh noise is called repeated, for all rounds of a job together. */
  public static final double FALSE_ALARM = 1e-6;

  public NoiseRepetition {
    deviations = List.copyOf(deviations);
  }

  /** The joint standard deviation that a cohort's shares promise. */
  public static double jointDeviation(Collection<NoiseShare> cohort) {
    BigInteger variance = BigInteger.ZERO;
    for (NoiseShare share : cohort) {
      variance = variance.add(BigInteger.valueOf(share.sigma()).pow(2));
    }
    return Math.sqrt(variance.doubleValue());
  }

  /**
   * r of one round.
   *
   * @param before sum of the earlier rounds' coordinates, each over its deviation
   * @param zeroTail the round's opened zero coordinates
   * @param sigma the round's promised joint deviation
   */
  public static double deviation(double[] before, long[] zeroTail, double sigma) {
    if (before.length != zeroTail.length) {
      throw new IllegalArgumentException("rounds are compared coordinate by coordinate");
    }
    double product = 0;
    double square = 0;
    for (int i = 0; i < before.length; i++) {
      product += before[i] * (zeroTail[i] / sigma);
      square += before[i] * before[i];
    }
    return square > 0 ? product / Math.sqrt(square) : 0;
  }

  /** The sum with one more round in it. */
  public static double[] plus(double[] before, long[] zeroTail, double sigma) {
    double[] after = before.clone();
    for (int i = 0; i < after.length; i++) {
      after[i] += zeroTail[i] / sigma;
    }
    return after;
  }

  /** The r furthest from 0; 0 where nothing was compared. */
  public double largest() {
    return deviations.stream().mapToDouble(Math::abs).max().orElse(0);
  }

  /** All r together, in deviations. */
  public double together() {
    double sum = 0;
    for (double r : deviations) {
      sum += r;
    }
    return deviations.isEmpty() ? 0 : sum / Math.sqrt(deviations.size());
  }

  /** What neither figure passes, but with probability {@link #FALSE_ALARM}. */
  public double limit() {
    return limit(deviations.size() + 1L);
  }

  /** The same for so many normal-like figures looked at. */
  public static double limit(long figures) {
    return Math.sqrt(2 * StrictMath.log(2 * figures / FALSE_ALARM));
  }

  /** Whether noise came back. */
  public boolean repeated() {
    return largest() >= limit() || Math.abs(together()) >= limit();
  }
}
