package io.concordat.client.demo.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy and exact area under the ROC curve over labelled rows.
 *
 * @param rows how many rows were scored
 */
public record Score(int rows, double accuracy, double auc) {

  /**
   * Scores a model.
   *
   * @param probability of the positive class, from raw inputs
   */
  public static Score of(LabelledMatrix matrix, ToDoubleFunction<double[]> probability) {
    int n = matrix.rows();
    double[] scores = new double[n];
    int right = 0;
    long positives = 0;
    for (int i = 0; i < n; i++) {
      scores[i] = probability.applyAsDouble(matrix.input(i));
      right += (scores[i] >= 0.5) == matrix.label(i) ? 1 : 0;
      positives += matrix.label(i) ? 1 : 0;
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
    // Mann and Whitney's U from ranks; equal scores share their mean rank.
    double rankSum = 0;
    for (int i = 0; i < n; ) {
      int end = i;
      int tiedPositives = 0;
      while (end < n && scores[order[end]] == scores[order[i]]) {
        tiedPositives += matrix.label(order[end]) ? 1 : 0;
        end++;
      }
      rankSum += tiedPositives * (i + 1 + end) / 2.0;
      i = end;
    }
    long pairs = positives * (n - positives);
    double auc = pairs == 0 ? 0.5 : (rankSum - positives * (positives + 1) / 2.0) / pairs;
    return new Score(n, n == 0 ? 0 : (double) right / n, auc);
  }
}
