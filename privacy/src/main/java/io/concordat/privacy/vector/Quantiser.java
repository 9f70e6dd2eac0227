package io.concordat.privacy.vector;

/**
 * Real values of a known range as integers of a known width, for sums that are opened exactly.
 *
 * <p>The largest magnitude {@code range} becomes 2^(bits-1) - 1, everything is rounded to the
 * nearest integer (ties to even), and a sum of n silos differs from the real sum by at most n/2
 * steps in a coordinate.
 *
 * @param range largest magnitude, positive and finite
 * @param bits width with sign, 2 to 53: beyond that a double has no more digits to give
 */
public record Quantiser(double range, int bits) {

  /** What came of quantising. */
  public sealed interface Outcome {}

  /** All values fit. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Quantised(long[] values) implements Outcome {}

  /** A value does not belong into a sum; nothing was produced. */
  public record Unfit(int index, Reason reason) implements Outcome {}

  /** Why a value is unfit. The value itself is not told: it may be a patient's. */
  public enum Reason {
    NOT_A_NUMBER,
    INFINITE,
    OUT_OF_RANGE
  }

  public Quantiser {
    if (!(range > 0) || Double.isInfinite(range)) {
      throw new IllegalArgumentException("range must be positive and finite, is " + range);
    }
    if (bits < 2 || bits > 53) {
      throw new IllegalArgumentException("bits must be in 2..53, are " + bits);
    }
  }

  /** The integer that stands for {@code range}. */
  public long largest() {
    return (1L << (bits - 1)) - 1;
  }

  /** The real value of one unit. */
  public double step() {
    return range / largest();
  }

  /** Quantises a whole vector, or says which value is unfit. */
  public Outcome quantise(double[] values) {
    long[] out = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      double v = values[i];
      if (Double.isNaN(v)) {
        return new Unfit(i, Reason.NOT_A_NUMBER);
      }
      if (Double.isInfinite(v)) {
        return new Unfit(i, Reason.INFINITE);
      }
      if (Math.abs(v) > range) {
        return new Unfit(i, Reason.OUT_OF_RANGE);
      }
      out[i] = (long) Math.rint(v / range * largest());
    }
    return new Quantised(out);
  }

  /**
   * The same with values beyond the range moved to its end, for model updates where an outlier is
   * no error. NaN and infinity stay unfit.
   */
  public Outcome quantiseClamped(double[] values) {
    double[] clamped = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double v = values[i];
      clamped[i] = Double.isInfinite(v) ? v : Math.max(-range, Math.min(range, v));
    }
    return quantise(clamped);
  }

  /**
   * The real value of an opened sum. The same bits on every machine: one multiplication and one
   * division.
   */
  public double real(long sum) {
    return sum * range / largest();
  }
}
