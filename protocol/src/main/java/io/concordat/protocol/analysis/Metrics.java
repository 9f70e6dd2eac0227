package io.concordat.protocol.analysis;

import java.util.OptionalDouble;

/**
 * Figures of an evaluation, all computed from the opened histogram, hence free of further price.
 *
 * @param patients weight of all cells
 * @param accuracy share of the patients on their label's side of 0.5
 * @param auc area under the ROC curve, ties of a bin counting half
 * @param brier mean squared distance of the bin's middle from the label
 * @param loss mean logistic loss, where it was opened
 */
public record Metrics(
    double patients, double accuracy, double auc, double brier, OptionalDouble loss) {

  /** Metrics of a state that holds a histogram. Noise may leave negative cells: they count as 0. */
  static Metrics of(PublicState state) {
    double[] cells = state.values(StateNames.SCORE_HISTOGRAM);
    int bins = cells.length / 2;
    double[] totals = new double[2];
    double right = 0;
    double squares = 0;
    for (int bin = 0; bin < bins; bin++) {
      for (int label = 0; label < 2; label++) {
        double weight = Math.max(0, cells[2 * bin + label]);
        totals[label] += weight;
        right += (bin >= bins / 2) == (label == 1) ? weight : 0;
        double distance = (bin + 0.5) / bins - label;
        squares += weight * distance * distance;
      }
    }
    double negativesBelow = 0;
    double pairs = 0;
    for (int bin = 0; bin < bins; bin++) {
      double negatives = Math.max(0, cells[2 * bin]);
      double positives = Math.max(0, cells[2 * bin + 1]);
      pairs += positives * (negativesBelow + negatives / 2);
      negativesBelow += negatives;
    }
    double patients = totals[0] + totals[1];
    double allPairs = totals[0] * totals[1];
    return new Metrics(
        patients,
        patients > 0 ? right / patients : 0,
        allPairs > 0 ? pairs / allPairs : 0.5,
        patients > 0 ? squares / patients : 0,
        state.has(StateNames.LOSS)
            ? OptionalDouble.of(state.scalar(StateNames.LOSS))
            : OptionalDouble.empty());
  }
}
