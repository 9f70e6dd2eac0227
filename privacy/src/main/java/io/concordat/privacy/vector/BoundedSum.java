package io.concordat.privacy.vector;

import java.util.Arrays;

/**
 * An integer vector of which it is known how far one patient can move it: at most {@link
 * #sensitivityUnits()} in L2 norm when the patient's records are left out. Not private yet, hence
 * not sealable.
 */
public final class BoundedSum {

  private final long[] values;
  private final long sensitivityUnits;

  BoundedSum(long[] values, long sensitivityUnits) {
    this.values = values;
    this.sensitivityUnits = sensitivityUnits;
  }

  /**
   * The sum with coordinates at its end that every silo leaves at zero. After the opening they hold
   * the cohort's noise and nothing else, which {@code evidence.NoiseAttestation} tests. Zeros do
   * not change the sensitivity.
   */
  public BoundedSum withZeroTail(int coordinates) {
    return new BoundedSum(
        Arrays.copyOf(values, Math.addExact(values.length, coordinates)), sensitivityUnits);
  }

  public int length() {
    return values.length;
  }

  public long sensitivityUnits() {
    return sensitivityUnits;
  }

  long[] values() {
    return values;
  }

  @Override
  public String toString() {
    return "BoundedSum[" + values.length + " values, sensitivity " + sensitivityUnits + "]";
  }
}
