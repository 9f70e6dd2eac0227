package io.concordat.protocol.analysis;

import io.concordat.privacy.vector.Quantiser;
import java.util.List;

/**
 * What a silo computes from its records in one round. Complete: a silo's switch over it has no
 * default, so that no task can exist that the private half does not know.
 */
public sealed interface RoundTask {
  /** Rows beyond this of one patient are refused when records are read; widths rely on it. */
  int MAX_ROWS_PER_PATIENT = 64;

  /** Fixed-point units of what lies in [0, 1] in moments: mean and variance to 2^-24 of a range. */
  long MOMENT_UNITS = 1L << 24;

  /**
   * Counts, sums and sums of squares of columns over all rows, and cell counts of categories.
   *
   * @param columns in the order of the vector
   * @param smallestCell cells with fewer rows than this at a silo are sent as zero; what was left
   *     out is counted in a cell of its own
   */
  record Describe(List<DescribedColumn> columns, long smallestCell) implements RoundTask {
    public Describe {
      columns = List.copyOf(columns);
    }
  }

  /** Which side of a dataset's split a task looks at. */
  enum Side {
    TRAIN,
    BOTH
  }

  /** The sum of every patient's figures, to be noised. */
  record Figures(PatientFigures figures, Side side) implements RoundTask {}

  /** Count, sums and sums of squares of every feature over the train rows. */
  record FeatureMoments(FeatureSpace features) implements RoundTask {}

  /**
   * Some epochs of training from the state's weights. The vector is n, the number of train
   * patients, then n times each parameter's update in integer units.
   *
   * @param quantiser range and width of an update before n multiplies it; updates beyond the range
   *     are moved to its end
   */
  record LocalEpochs(
      FeatureSpace features, ModelShape model, LocalTraining training, Quantiser quantiser)
      implements RoundTask {}

  /**
   * One step's sum of clipped patient gradients at the state's weights.
   *
   * @param clipNorm the norm to which a patient's gradient is cut
   */
  record GradientStep(FeatureSpace features, ModelShape model, double clipNorm)
      implements RoundTask {}

  /** The histogram of (score bin, label) over the evaluation patients, at the state's weights. */
  record Evaluate(FeatureSpace features, ModelShape model, ScoreHistogram histogram)
      implements RoundTask {}
}
