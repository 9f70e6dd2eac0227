package io.concordat.privacy.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Figures from an opened histogram. All of it is post-processing and costs nothing more.
 *
 * @param patients estimated weight of the evaluation split, in patients
 * @param accuracy share with a score on the label's side of 1/2
 * @param auc probability that a positive scores above a negative, ties (same bin) half; empty
 *     without both labels
 * @param brier mean squared error of the scores, each taken at its bin's centre: off by at most
 *     1/bins
 * @param logLoss mean negative log likelihood at the bins' centres
 * @param calibrationError mean distance of the calibrated rate from the bin's centre, weighted by
 *     patients
 * @param calibration what each bin says
 */
public record EvaluationMetrics(
    double patients,
    double accuracy,
    OptionalDouble auc,
    double brier,
    double logLoss,
    double calibrationError,
    List<CalibrationBin> calibration) {

  /**
   * One score bin.
   *
   * @param centre score that stands for the bin
   * @param patients estimated weight
   * @param rate share of positives, made non-decreasing over the bins
   */
  public record CalibrationBin(double centre, double patients, double rate) {}

  public EvaluationMetrics {
    calibration = List.copyOf(calibration);
  }

  /**
   * Reads an opened sum.
   *
   * @param bins score bins of equal width over [0, 1], even so that 1/2 is an edge
   * @param opened the sum of all silos' cells: the negatives' bins, then the positives'
   * @param unitsPerPatient what one patient weighs in it
   * @return empty if the noise left no positive total, which says that the split was too small for
   *     it
   */
  public static Optional<EvaluationMetrics> of(int bins, long[] opened, long unitsPerPatient) {
    if (bins < 2 || bins % 2 != 0 || opened.length < 2 * bins) {
      throw new IllegalArgumentException(
          "sum of " + opened.length + " values for twice " + bins + " bins, an even number");
    }
    double[] cells = new double[2 * bins];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = opened[i] / (double) unitsPerPatient;
    }
    return project(cells) ? Optional.of(measure(bins, cells)) : Optional.empty();
  }

  private static EvaluationMetrics measure(int bins, double[] cells) {
    double negatives = 0;
    double positives = 0;
    double right = 0;
    double ordered = 0;
    double brier = 0;
    double logLoss = 0;
    double[] weight = new double[bins];
    double[] rate = new double[bins];
    for (int bin = 0; bin < bins; bin++) {
      double negative = cells[bin];
      double positive = cells[bins + bin];
      double centre = centre(bin, bins);
      ordered += positive * (negatives + negative / 2);
      negatives += negative;
      positives += positive;
      right += bin < bins / 2 ? negative : positive;
      brier += positive * (1 - centre) * (1 - centre) + negative * centre * centre;
      logLoss -= positive * StrictMath.log(centre) + negative * StrictMath.log1p(-centre);
      weight[bin] = negative + positive;
      rate[bin] = weight[bin] > 0 ? positive / weight[bin] : centre;
    }
    double total = negatives + positives;
    makeMonotone(rate, weight);
    double calibrationError = 0;
    CalibrationBin[] calibration = new CalibrationBin[bins];
    for (int bin = 0; bin < bins; bin++) {
      calibrationError += weight[bin] * Math.abs(rate[bin] - centre(bin, bins));
      calibration[bin] = new CalibrationBin(centre(bin, bins), weight[bin], rate[bin]);
    }
    return new EvaluationMetrics(
        total,
        right / total,
        positives > 0 && negatives > 0
            ? OptionalDouble.of(ordered / (positives * negatives))
            : OptionalDouble.empty(),
        brier / total,
        logLoss / total,
        calibrationError / total,
        List.of(calibration));
  }

  /** The middle of a bin, which stands for all scores in it. */
  private static double centre(int bin, int bins) {
    return (bin + 0.5) / bins;
  }

  /**
   * Moves the cells to the nearest point (least squares) with no negative cell and the same total:
   * the same amount is taken off every cell that stays positive. Cutting negatives at zero instead
   * would add a bias of 0.4 deviations for each empty cell.
   *
   * @return false, with the cells unchanged, if the total is not positive
   */
  static boolean project(double[] cells) {
    double total = 0;
    for (double cell : cells) {
      total += cell;
    }
    if (!(total > 0)) {
      return false;
    }
    double[] sorted = cells.clone();
    Arrays.sort(sorted);
    double largest = 0;
    double off = 0;
    for (int kept = 1; kept <= sorted.length; kept++) {
      double cell = sorted[sorted.length - kept];
      largest += cell;
      double candidate = (largest - total) / kept;
      if (cell - candidate <= 0) {
        break;
      }
      off = candidate;
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Math.max(0, cells[i] - off);
    }
    return true;
  }

  /** Pool adjacent violators: the nearest non-decreasing rates by weighted least squares. */
  static void makeMonotone(double[] rate, double[] weight) {
    int[] last = new int[rate.length];
    double[] value = new double[rate.length];
    double[] mass = new double[rate.length];
    int blocks = 0;
    for (int i = 0; i < rate.length; i++) {
      last[blocks] = i;
      value[blocks] = rate[i];
      mass[blocks] = weight[i];
      blocks++;
      while (blocks > 1 && value[blocks - 2] > value[blocks - 1]) {
        double both = mass[blocks - 2] + mass[blocks - 1];
        value[blocks - 2] =
            both > 0
                ? (value[blocks - 2] * mass[blocks - 2] + value[blocks - 1] * mass[blocks - 1])
                    / both
                : (value[blocks - 2] + value[blocks - 1]) / 2;
        mass[blocks - 2] = both;
        last[blocks - 2] = last[blocks - 1];
        blocks--;
      }
    }
    int from = 0;
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(rate, from, last[block] + 1, value[block]);
      from = last[block] + 1;
    }
  }
}
