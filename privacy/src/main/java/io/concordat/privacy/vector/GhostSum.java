package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import java.math.BigInteger;

/**
 * A sum of clipped gradients that was formed in doubles, without the single gradients ever existing
 * ("ghost clipping"), and is truncated once.
 *
 * <p>Leaving a patient out moves the real sum by at most clipNorm. Truncation to integers moves a
 * coordinate by less than one unit more, sqrt(d) in L2 norm, and the double sum itself carries
 * rounding of at most patients * 2^-53 of what was added. The sensitivity is therefore larger than
 * the clip, and the noise is sized for it (docs/privacy-proofs.md, 3).
 */
public final class GhostSum {

  private GhostSum() {}

  /**
   * The sensitivity of {@link #truncate} in integer units: clipUnits + ceil(sqrt(length)) + 2.
   *
   * <p>The last 2 stand for the rounding of two double sums of at most maxPatients clipped vectors:
   * at most 2 * maxPatients^2 * clipUnits * 2^-52, required to be at most 2.
   */
  public static long sensitivityUnits(long clipUnits, int length, int maxPatients) {
    if (clipUnits < 1 || length < 1 || maxPatients < 1) {
      throw new IllegalArgumentException("clip units, length and patients must be positive");
    }
    BigInteger rounding =
        BigInteger.valueOf(maxPatients).pow(2).multiply(BigInteger.valueOf(clipUnits));
    if (rounding.bitLength() > 52) {
      throw new IllegalArgumentException(
          "a double sum of " + maxPatients + " patients at " + clipUnits + " units is too coarse");
    }
    long root = BigInteger.valueOf(length).sqrt().longValueExact();
    long ceiling = root * root == length ? root : root + 1;
    return clipUnits + ceiling + 2;
  }

  /**
   * @param sum the double sum of gradients, each clipped to clipNorm, accumulated in double
   * @return zero in every coordinate if any is not finite or beyond what maxPatients clipped
   *     gradients can reach: the choice is the silo's last resort against a broken kernel, and such
   *     a sum has no known sensitivity
   */
  public static BoundedSum truncate(
      double[] sum, double clipNorm, long clipUnits, int maxPatients) {
    long sensitivity = sensitivityUnits(clipUnits, sum.length, maxPatients);
    if (sensitivity > NoiseShare.MAX_CLIP_UNITS) {
      throw new IllegalArgumentException("sensitivity " + sensitivity + " is above 2^30");
    }
    double reach = (double) maxPatients * clipUnits * 2;
    long[] out = new long[sum.length];
    for (int j = 0; j < out.length; j++) {
      double scaled = sum[j] / clipNorm * clipUnits;
      if (!(Math.abs(scaled) <= reach)) {
        return new BoundedSum(new long[sum.length], sensitivity);
      }
      out[j] = (long) scaled;
    }
    return new BoundedSum(out, sensitivity);
  }
}
