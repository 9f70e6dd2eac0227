package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.RandomBits;

/**
 * The only place where a private sum becomes sealable.
 *
 * <p>INVARIANT: every coordinate gets one fresh sample of the share's distribution, and the share
 * was made for at least the sensitivity that the sum states. No coordinate is clamped, redrawn or
 * refused for its value: an overflow depends on the opened sum only and costs no privacy, a silo
 * that reacts to it would.
 */
public final class NoiseStep {

  private NoiseStep() {}

  /**
   * Draws a silo's noise for one announced round.
   *
   * @param share the sigma that the job's multiplier and the policy's cohort ask for
   * @param length number of values, the zero tail included
   * @param bits the keystream of this contribution's noise seed, labelled for noise; never the one
   *     of another round
   */
  public static DrawnNoise draw(NoiseShare share, int length, RandomBits bits) {
    long[] noise = new long[length];
    share.distribution().fill(noise, 0, length, bits);
    return new DrawnNoise(share, noise);
  }

  /**
   * Adds the noise. Sum and noise are used up: the result owns the sum's array.
   *
   * @throws IllegalArgumentException if the lengths differ or the noise was sized for a smaller
   *     sensitivity
   */
  public static NoisedVector add(BoundedSum sum, DrawnNoise noise) {
    if (sum.length() != noise.length()) {
      throw new IllegalArgumentException(
          "sum of " + sum.length() + " values, noise of " + noise.length());
    }
    if (sum.sensitivityUnits() > noise.share().clipUnits()) {
      throw new IllegalArgumentException(
          "noise is sized for sensitivity "
              + noise.share().clipUnits()
              + ", the sum has "
              + sum.sensitivityUnits());
    }
    noise.moveInto(sum.values());
    return new NoisedVector(sum.values(), noise.share());
  }
}
