package io.concordat.privacy.evaluation;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.CellCounts;

/**
 * The layout of an evaluation sum: cell = label * bins + bin, for scores in [0, 1] and two labels.
 *
 * <p>Every patient of the evaluation split adds one patient's weight, {@link #UNITS_PER_PATIENT}
 * integer units, to one cell, or spreads it over several rows. There is no sampling: rate 1, no
 * coin.
 *
 * @param bins number of score bins, even so that 1/2 is an edge, 2 to 1000
 */
public record ScoreHistogram(int bins) {

  /**
   * Integer weight of one patient: the sensitivity, and fine enough for the noise to have sigma
   * well above 8.
   */
  public static final long UNITS_PER_PATIENT = 1 << 10;

  public ScoreHistogram {
    if (bins < 2 || bins > 1000 || bins % 2 != 0) {
      throw new IllegalArgumentException("bins must be even and in 2..1000, are " + bins);
    }
  }

  /** Number of values in the sum. */
  public int cells() {
    return 2 * bins;
  }

  /**
   * Where a row falls.
   *
   * @param score the model's probability of the positive label, in [0, 1]
   */
  public int cell(double score, boolean positive) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("a score must be in [0, 1], is " + score);
    }
    int bin = Math.min(bins - 1, (int) (score * bins));
    return positive ? bins + bin : bin;
  }

  /** The middle of a bin, which stands for all scores in it. */
  public double centre(int bin) {
    return (bin + 0.5) / bins;
  }

  /** An empty count of one silo. */
  public CellCounts counts() {
    return new CellCounts(cells(), UNITS_PER_PATIENT);
  }

  /**
   * What {@code count} such evaluations cost with this noise.
   *
   * @param share made for {@link #UNITS_PER_PATIENT} clip units
   */
  public static GaussianRound price(NoiseShare share, long count) {
    if (share.clipUnits() != UNITS_PER_PATIENT) {
      throw new IllegalArgumentException(
          "evaluation noise is made for "
              + UNITS_PER_PATIENT
              + " units a patient, not "
              + share.clipUnits());
    }
    return GaussianRound.joint(share, SamplingRate.ALWAYS, count);
  }
}
