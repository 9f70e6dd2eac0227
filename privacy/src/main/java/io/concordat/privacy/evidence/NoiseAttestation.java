package io.concordat.privacy.evidence;

import io.concordat.privacy.noise.NoiseShare;
import java.math.BigInteger;
import java.util.Collection;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * Whether opened noise is as large as the shares promised. Coordinates that every silo left at zero
 * hold the sum of all shares; their squares divided by the summed variances follow a chi-square
 * distribution with one degree of freedom each.
 *
 * <p>With {@link #COORDINATES} coordinates one round knows the variance to 2.2 %, a hundred rounds
 * to 0.2 %. That shows noise scaled by the wrong sqrt(n), a seed shared by all silos, or a missing
 * share; not a silo that adds noise it knows.
 *
 * @param degrees coordinates looked at, over all rounds
 * @param statistic sum of squares over summed variances; about {@code degrees} if all is well
 */
public record NoiseAttestation(long degrees, double statistic) {

  /** Zero coordinates at the end of an attested vector. */
  public static final int COORDINATES = 4096;

  /**
   * Deviations of a normal distribution beyond which a verdict is given: wrong once in 16,000
   * checks.
   */
  public static final double DEVIATIONS = 4;

  /** Both tails of a normal distribution beyond {@link #DEVIATIONS}. */
  private static final double SIGNIFICANCE = 6.334e-5;

  /** Nothing looked at yet. */
  public static final NoiseAttestation NONE = new NoiseAttestation(0, 0);

  /** What the noise looks like. */
  public enum Verdict {
    CONSISTENT,
    TOO_LITTLE,
    TOO_MUCH
  }

  /**
   * One opened round: the zero coordinates of the sum, and the shares of the silos in its cohort.
   */
  public static NoiseAttestation ofRound(long[] zeroTail, Collection<NoiseShare> cohort) {
    if (zeroTail.length == 0 || cohort.isEmpty()) {
      throw new IllegalArgumentException("an attestation needs coordinates and shares");
    }
    BigInteger variance = BigInteger.ZERO;
    for (NoiseShare share : cohort) {
      variance = variance.add(BigInteger.valueOf(share.sigma()).pow(2));
    }
    double squares = 0;
    for (long y : zeroTail) {
      squares += (double) y * y;
    }
    return new NoiseAttestation(zeroTail.length, squares / variance.doubleValue());
  }

  /** Both together; independent rounds add up. */
  public NoiseAttestation plus(NoiseAttestation other) {
    return new NoiseAttestation(degrees + other.degrees, statistic + other.statistic);
  }

  /** Observed over promised variance. */
  public double ratio() {
    return statistic / degrees;
  }

  /**
   * Probability that right noise would deviate at least this far, in the direction seen, doubled.
   */
  public double significance() {
    double below = RegularizedGamma.P.value(degrees / 2.0, statistic / 2);
    double above = RegularizedGamma.Q.value(degrees / 2.0, statistic / 2);
    return Math.min(1, 2 * Math.min(below, above));
  }

  public Verdict verdict() {
    if (degrees == 0 || significance() >= SIGNIFICANCE) {
      return Verdict.CONSISTENT;
    }
    return statistic < degrees ? Verdict.TOO_LITTLE : Verdict.TOO_MUCH;
  }

  /**
   * Rounds until one missing share among {@code silos} equal ones shows, on average: its part of
   * the variance, 1/silos, must pass {@link #DEVIATIONS} deviations of the ratio.
   */
  public static long roundsToShowMissingShare(int silos) {
    double needed = DEVIATIONS * silos;
    return (long) Math.floor(needed * needed * 2 / COORDINATES) + 1;
  }

  /**
   * Correlation of the zero coordinates of two rounds in deviations: about normal if their noise is
   * independent, huge if a seed came back.
   */
  public static double repetition(long[] oneTail, long[] otherTail) {
    if (oneTail.length != otherTail.length || oneTail.length == 0) {
      throw new IllegalArgumentException("two rounds are compared coordinate by coordinate");
    }
    double product = 0;
    double one = 0;
    double other = 0;
    for (int i = 0; i < oneTail.length; i++) {
      product += (double) oneTail[i] * otherTail[i];
      one += (double) oneTail[i] * oneTail[i];
      other += (double) otherTail[i] * otherTail[i];
    }
    double scale = Math.sqrt(one) * Math.sqrt(other);
    return scale > 0 ? product / scale * Math.sqrt(oneTail.length) : 0;
  }
}
