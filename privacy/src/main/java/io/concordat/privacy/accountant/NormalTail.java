package io.concordat.privacy.accountant;

import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * Tails of the normal distribution to full relative accuracy, with the same bits on every machine.
 *
 * <p>The rational approximations of commons-numbers (Boost's) are plain arithmetic for erfcx(x), x
 * >= 1/2, and for erf(x), |x| < 1/2. Elsewhere they call Math.exp, which a JIT may compute
 * differently from one processor to the next; so only those two ranges are used and the
 * exponentials are StrictMath's.
 */
final class NormalTail {

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_HALF_PI = Math.sqrt(Math.PI / 2);
  private static final double INV_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  private NormalTail() {}

  /** P[N(0,1) > u]. */
  static double survival(double u) {
    double x = u * SQRT_HALF;
    // From the density where that is accurate: the rounding of u/sqrt(2) would be multiplied by u^2
    // in an exponential.
    return x >= 0.5 ? expOfMinusHalfSquare(u) * Erfcx.value(x) / 2 : erfc(x) / 2;
  }

  /** The density of N(0,1). */
  static double density(double u) {
    return expOfMinusHalfSquare(u) * INV_SQRT_TWO_PI;
  }

  /** Mills' ratio survival(u)/density(u); decreasing; infinite below about -37. */
  static double mills(double u) {
    return SQRT_HALF_PI * erfcx(u * SQRT_HALF);
  }

  static double erfc(double x) {
    if (x >= 0.5) {
      return expOfMinusSquare(x) * Erfcx.value(x);
    }
    if (x > -0.5) {
      return 1 - Erf.value(x);
    }
    return 2 - erfc(-x);
  }

  /** exp(x^2) erfc(x). */
  static double erfcx(double x) {
    if (x >= 0.5) {
      return Erfcx.value(x);
    }
    double square = 1 / expOfMinusSquare(x);
    return x > -0.5 ? square * (1 - Erf.value(x)) : 2 * square - Erfcx.value(-x);
  }

  /** log erfc(x), also where erfc itself is below the smallest double. */
  static double logErfc(double x) {
    return x >= 0.5 ? StrictMath.log(Erfcx.value(x)) - x * x : StrictMath.log(erfc(x));
  }

  private static double expOfMinusSquare(double x) {
    double head = head(x);
    return StrictMath.exp(-head * head) * StrictMath.exp(-(x - head) * (x + head));
  }

  private static double expOfMinusHalfSquare(double u) {
    double head = head(u);
    return StrictMath.exp(-head * head / 2) * StrictMath.exp(-(u - head) * (u + head) / 2);
  }

  /**
   * The upper half of a double's digits. Squaring x rounds, and exp turns an absolute error of x^2
   * into a relative one; the square of the head is exact, and the rest (x - head)(x + head) is
   * small.
   */
  private static double head(double x) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & 0xffff_ffff_0000_0000L);
  }
}
