package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import java.util.Arrays;

/**
 * A bounded sum with this silo's noise in it. Only {@link NoiseStep} makes one.
 *
 * <p>Not a record: values of a silo that stand on nobody else's noise are still secret, and a
 * record would print them.
 */
public final class NoisedVector implements SealableVector {

  private final long[] values;
  private final NoiseShare share;

  NoisedVector(long[] values, NoiseShare share) {
    this.values = values;
    this.share = share;
  }

  /** The share that was added, for the header's charge and for the claim sheet. */
  public NoiseShare share() {
    return share;
  }

  @Override
  public int length() {
    return values.length;
  }

  @Override
  public long[] values() {
    return values;
  }

  @Override
  public void wipe() {
    Arrays.fill(values, 0);
  }

  @Override
  public String toString() {
    return "NoisedVector[" + values.length + " values, sigma " + share.sigma() + "]";
  }
}
