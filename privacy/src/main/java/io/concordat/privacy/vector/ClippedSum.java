package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Sums gradients, one a patient, each clipped and truncated to integers so that its exact norm is
 * at most the clip.
 *
 * <p>INV-13. A gradient g becomes trunc(clipUnits/clipNorm * min(1, clipNorm/|g|) * g), coordinate
 * by coordinate toward zero. Truncation shrinks every coordinate, so over the reals the norm is at
 * most clipUnits; what double arithmetic adds is caught by the sum of squares in long arithmetic,
 * and an offender is shrunk in integers (docs/privacy-proofs.md, 2).
 */
public final class ClippedSum {

  private final double clipNorm;
  private final long clipUnits;
  private final long[] sum;
  private final long[] clipped;
  private int nonFinite;

  /**
   * @param length number of values
   * @param clipNorm largest L2 norm of one patient's gradient that is kept as it is
   * @param clipUnits the integer that this norm becomes, 1 to 2^30: the sensitivity
   */
  public ClippedSum(int length, double clipNorm, long clipUnits) {
    if (!(clipNorm > 0) || Double.isInfinite(clipNorm)) {
      throw new IllegalArgumentException("clip norm must be positive and finite, is " + clipNorm);
    }
    if (clipUnits < 1 || clipUnits > NoiseShare.MAX_CLIP_UNITS) {
      throw new IllegalArgumentException("clip units must be in 1..2^30, are " + clipUnits);
    }
    this.clipNorm = clipNorm;
    this.clipUnits = clipUnits;
    this.sum = new long[length];
    this.clipped = new long[length];
  }

  /** Adds one patient. */
  public void add(double[] gradient) {
    add(gradient, true);
  }

  /**
   * Adds one patient if the coin said so, with the same work if it did not: the coin must not show
   * in the time.
   *
   * @param gradient all rows of one patient together, over all layers; NaN or infinity anywhere
   *     makes it zero
   */
  public void add(double[] gradient, boolean takesPart) {
    if (gradient.length != sum.length) {
      throw new IllegalArgumentException(
          "gradient of " + gradient.length + " values, expected " + sum.length);
    }
    if (!clip(gradient, clipNorm, clipUnits, clipped)) {
      nonFinite++;
    }
    long mask = takesPart ? -1L : 0L;
    for (int j = 0; j < sum.length; j++) {
      // No overflow: |clipped| <= 2^30 and fewer than 2^31 patients.
      sum[j] += clipped[j] & mask;
    }
  }

  /**
   * Gradients that were not finite and counted as zero, whether or not they took part. For the
   * silo's own screen: it depends on the data and must not leave the house.
   */
  public int nonFinite() {
    return nonFinite;
  }

  /** The sum so far, as a value of its own; this object starts again from zero. */
  public BoundedSum take() {
    BoundedSum taken = new BoundedSum(sum.clone(), clipUnits);
    Arrays.fill(sum, 0);
    Arrays.fill(clipped, 0);
    nonFinite = 0;
    return taken;
  }

  /**
   * Writes the clipped integers of one gradient.
   *
   * @return false if the gradient was not finite; the output then is zero
   */
  static boolean clip(double[] gradient, double clipNorm, long clipUnits, long[] out) {
    double largest = 0;
    for (double g : gradient) {
      double magnitude = Math.abs(g);
      // Written so that NaN lands here too: it is not <= anything.
      if (!(magnitude <= Double.MAX_VALUE)) {
        Arrays.fill(out, 0);
        return false;
      }
      largest = Math.max(largest, magnitude);
    }
    if (largest == 0) {
      Arrays.fill(out, 0);
      return true;
    }
    // Divided by the largest first: the squares of 1e200 would be infinite, those of 1e-200 zero.
    double squares = 0;
    for (double g : gradient) {
      double u = g / largest;
      squares += u * u;
    }
    double root = Math.sqrt(squares);
    boolean keeps = largest * root <= clipNorm;
    for (int j = 0; j < out.length; j++) {
      double scaled =
          keeps ? gradient[j] / clipNorm * clipUnits : gradient[j] / largest / root * clipUnits;
      out[j] = (long) scaled;
    }
    shrinkToNorm(out, clipUnits);
    return true;
  }

  /**
   * Makes the exact norm at most {@code clipUnits}. With r = floor(sqrt(S)) + 1 > sqrt(S),
   * multiplying by clipUnits/r and truncating leaves at most clipUnits * sqrt(S)/r < clipUnits;
   * once is enough.
   */
  static void shrinkToNorm(long[] vector, long clipUnits) {
    long squares = sumOfSquares(vector);
    if (squares <= clipUnits * clipUnits) {
      return;
    }
    long r = BigInteger.valueOf(squares).sqrt().longValueExact() + 1;
    for (int j = 0; j < vector.length; j++) {
      vector[j] = vector[j] * clipUnits / r;
    }
  }

  /**
   * Exact; the values come from a clip to 2^30, so the sum is near 2^60 at most and overflow would
   * be a bug.
   */
  static long sumOfSquares(long[] vector) {
    long squares = 0;
    for (long v : vector) {
      squares = Math.addExact(squares, Math.multiplyExact(v, v));
    }
    return squares;
  }
}
