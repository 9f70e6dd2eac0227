package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import java.math.BigInteger;

/**
 * How many bits a value of a round gets, from numbers that everybody knows: no silo's data, not
 * even its real size.
 *
 * <p>A noised value is unbounded, so this is sizing and no guarantee. Overflow is a function of the
 * opened sum alone, spoils the round and costs no privacy.
 */
public final class LayoutBits {

  private LayoutBits() {}

  /**
   * Signed bits for one silo's noised value: room for the largest expected clipped sum plus 12
   * sigma of noise.
   *
   * <p>The batch of a rate below one is at most its mean plus 12 deviations of a binomial, and
   * never more than all; every patient can push the same coordinate by the whole clip.
   *
   * @param maxPatients the policy's cap on patients of one silo
   */
  public static int noised(int maxPatients, SamplingRate rate, NoiseShare share) {
    if (maxPatients < 1) {
      throw new IllegalArgumentException("at least one patient, not " + maxPatients);
    }
    BigInteger n = BigInteger.valueOf(maxPatients);
    BigInteger p = BigInteger.valueOf(rate.numerator());
    BigInteger d = BigInteger.valueOf(rate.denominator());
    BigInteger mean = n.multiply(p).add(d).subtract(BigInteger.ONE).divide(d);
    BigInteger variance = n.multiply(p).multiply(d.subtract(p)).divide(d.multiply(d));
    BigInteger spread = BigInteger.valueOf(12).multiply(variance.sqrt().add(BigInteger.ONE));
    BigInteger batch = rate.isAlways() ? n : mean.add(spread).min(n);
    BigInteger largest =
        batch
            .multiply(BigInteger.valueOf(share.clipUnits()))
            .add(BigInteger.valueOf(12L * share.sigma()));
    return largest.bitLength() + 1;
  }
}
