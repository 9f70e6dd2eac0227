package io.concordat.protocol.analysis;

import static io.concordat.protocol.analysis.ScoreHistogram.PATIENT_UNITS;

import io.concordat.privacy.evaluation.EvaluationMetrics;
import java.util.OptionalDouble;

/**
 * Figures of an evaluation, all computed from the opened histogram, hence free of further price.
 *
 * @param patients weight of all cells; 0 if the noise left no positive total
 * @param accuracy share of the patients on their label's side of 0.5
 * @param auc area under the ROC curve, ties of a bin counting half
 * @param brier mean squared distance of the bin's middle from the label
 * @param loss mean logistic loss, where it was opened
 */
public record Metrics(
    double patients, double accuracy, double auc, double brier, OptionalDouble loss) {

  /**
   * Metrics of a state that holds a histogram. Noise leaves negative cells; {@link
   * EvaluationMetrics} moves the cells to the nearest histogram that could be one, which biases the
   * figures less than cutting each cell at zero would.
   */
  static Metrics of(PublicState state) {
    double[] cells = state.values(StateNames.SCORE_HISTOGRAM);
    int bins = cells.length / 2;
    long[] opened = new long[cells.length];
    for (int bin = 0; bin < bins; bin++) {
      // Cells are multiples of a unit, so this gives the opened integers back, negatives first.
      opened[bin] = Math.round(cells[2 * bin] * PATIENT_UNITS);
      opened[bins + bin] = Math.round(cells[2 * bin + 1] * PATIENT_UNITS);
    }
    OptionalDouble loss =
        state.has(StateNames.LOSS)
            ? OptionalDouble.of(state.scalar(StateNames.LOSS))
            : OptionalDouble.empty();
    return EvaluationMetrics.of(bins, opened, PATIENT_UNITS)
        .map(m -> new Metrics(m.patients(), m.accuracy(), m.auc().orElse(0.5), m.brier(), loss))
        .orElse(new Metrics(0, 0, 0.5, 0, loss));
  }
}
