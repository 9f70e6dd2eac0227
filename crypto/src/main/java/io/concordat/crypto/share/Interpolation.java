package io.concordat.crypto.share;

import java.util.Arrays;
import java.util.List;

/**
 * Lagrange interpolation mod 65521 from the key sums of t holders: at 0 it gives the sum of the
 * keys, at another holder's position what that holder should have answered.
 */
public final class Interpolation {
  private static final int PRIME = ShamirSharing.PRIME;

  private final int[] positions;

  /** Positions of the answers used, ascending and distinct. */
  public Interpolation(int... positions) {
    if (positions.length == 0) {
      throw new IllegalArgumentException("interpolation takes at least one position");
    }
    for (int i = 0; i < positions.length; i++) {
      Positions.require(positions[i]);
      if (i > 0 && positions[i] <= positions[i - 1]) {
        throw new IllegalArgumentException("positions ascend: " + Arrays.toString(positions));
      }
    }
    this.positions = positions.clone();
  }

  /**
   * The weights of the answers for the value at a point: the product over other positions x of
   * (point - x) / (own - x).
   */
  public int[] weights(int point) {
    int[] out = new int[positions.length];
    for (int i = 0; i < out.length; i++) {
      long above = 1;
      long below = 1;
      for (int x : positions) {
        if (x != positions[i]) {
          above = above * Math.floorMod(point - x, PRIME) % PRIME;
          below = below * Math.floorMod(positions[i] - x, PRIME) % PRIME;
        }
      }
      out[i] = (int) (above * inverse(below) % PRIME);
    }
    return out;
  }

  /**
   * The values at a point, centred into [-32760, 32760].
   *
   * @param answers the key sums in the order of the positions
   */
  public short[] at(int point, List<ShareVector> answers) {
    int[] weights = weights(point);
    int n = answers.get(0).size();
    short[] out = new short[n];
    for (int i = 0; i < n; i++) {
      long sum = 0;
      for (int j = 0; j < weights.length; j++) {
        // 32 products of two 16-bit numbers stay far below 2^63.
        sum += (long) weights[j] * answers.get(j).word(i);
      }
      int value = (int) (sum % PRIME);
      out[i] = (short) (value - (PRIME & (PRIME / 2 - value) >> 31));
    }
    return out;
  }

  private static long inverse(long x) {
    long result = 1;
    long square = x;
    for (int e = PRIME - 2; e != 0; e >>= 1) {
      if ((e & 1) != 0) {
        result = result * square % PRIME;
      }
      square = square * square % PRIME;
    }
    return result;
  }
}
