package io.concordat.privacy.vector;

import io.concordat.privacy.noise.NoiseShare;
import java.util.Arrays;

/**
 * A noise vector, drawn before the data are touched so that its duration says nothing, and good for
 * one addition.
 *
 * <p>The same noise under two vectors would open their difference exactly; a second use therefore
 * fails instead of adding.
 */
public final class DrawnNoise {

  private final NoiseShare share;
  private final long[] values;
  private boolean used;

  DrawnNoise(NoiseShare share, long[] values) {
    this.share = share;
    this.values = values;
  }

  public int length() {
    return values.length;
  }

  public NoiseShare share() {
    return share;
  }

  /** Adds the noise to the target and forgets it. */
  void moveInto(long[] target) {
    if (used) {
      throw new IllegalStateException(
          "this noise has been added before; every vector needs its own");
    }
    used = true;
    for (int i = 0; i < target.length; i++) {
      target[i] = Math.addExact(target[i], values[i]);
    }
    Arrays.fill(values, 0);
  }

  @Override
  public String toString() {
    return "DrawnNoise[" + values.length + " values, sigma " + share.sigma() + "]";
  }
}
