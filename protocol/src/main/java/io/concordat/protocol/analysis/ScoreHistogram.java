package io.concordat.protocol.analysis;

/**
 * How an evaluation becomes integers. Cell {@code 2*bin + label} collects the patients whose score
 * lies in the bin; a patient's {@link #PATIENT_UNITS} are dealt to the cells of its rows, so that
 * the whole part of a patient has an L2 norm of at most PATIENT_UNITS however many rows it has
 * ({@code sum w_i^2 <= (sum w_i)^2} for non-negative weights).
 *
 * @param bins even, so that the decision border 0.5 lies between two bins
 * @param withLoss one value more: each patient's mean logistic loss, cut at {@link #MAX_LOSS}
 */
public record ScoreHistogram(int bins, boolean withLoss) {
  public static final int PATIENT_UNITS = 1 << 10;
  public static final int LOSS_UNITS = 1 << 16;
  public static final double MAX_LOSS = 16;

  public ScoreHistogram {
    if (bins < 2 || bins > 1000 || bins % 2 != 0) {
      throw new IllegalArgumentException("bins must be even and 2..1000, not " + bins);
    }
  }

  /** The exact one: fine bins and the loss. */
  public static ScoreHistogram exact() {
    return new ScoreHistogram(100, true);
  }

  /**
   * The noised one. The deviation of an accuracy grows with the square root of the bins, that of
   * binning shrinks with their number: few bins for few patients. Chosen from public numbers only.
   *
   * @param maxPatients the most that all silos together can have under the policy
   */
  public static ScoreHistogram noised(long maxPatients) {
    if (maxPatients <= 10_000) {
      return new ScoreHistogram(4, false);
    }
    return new ScoreHistogram(maxPatients <= 100_000 ? 10 : 40, false);
  }

  public int values() {
    return 2 * bins + (withLoss ? 1 : 0);
  }

  /** The bin of a probability. */
  public int bin(double probability) {
    return Math.min(bins - 1, Math.max(0, (int) (probability * bins)));
  }

  /** Largest magnitude of a value of one silo with at most so many patients. */
  long bound(long patients) {
    long each = withLoss ? (long) (MAX_LOSS * LOSS_UNITS) : PATIENT_UNITS;
    return Math.multiplyExact(patients, each);
  }

  /** Writes the opened sum into a state. */
  PublicState.Builder open(PublicState.Builder state, long[] sum) {
    double[] cells = new double[2 * bins];
    double weight = 0;
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (double) sum[i] / PATIENT_UNITS;
      weight += cells[i];
    }
    state.put(StateNames.SCORE_HISTOGRAM, new long[] {bins, 2}, cells);
    if (withLoss && weight > 0) {
      state.scalar(StateNames.LOSS, (double) sum[cells.length] / LOSS_UNITS / weight);
    }
    return state;
  }
}
