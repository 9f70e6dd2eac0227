package io.concordat.silonode.training;

import io.concordat.protocol.analysis.ModelShape;

/**
 * A patient's gradient of the mean logistic loss, in closed form and in double: with p the
 * probability of a row, each weight gets (p - y) x and the intercept p - y. No autograd, so that a
 * thousand patients need no thousand graphs.
 */
final class LogisticGradient {
  private LogisticGradient() {}

  /** Gradient over the mean of the patient's rows; a patient without rows has none. */
  static double[] of(ModelShape.Logistic model, double[] weights, Examples examples, int patient) {
    double[] gradient = new double[model.parameters()];
    int[] rows = examples.rowsOf(patient);
    for (int row : rows) {
      add(model, weights, examples.input(row), examples.label(row), rows.length, gradient);
    }
    return gradient;
  }

  /** Gradient of one row alone. */
  static double[] ofRow(ModelShape.Logistic model, double[] weights, double[] x, double label) {
    double[] gradient = new double[model.parameters()];
    add(model, weights, x, label, 1, gradient);
    return gradient;
  }

  private static void add(
      ModelShape.Logistic model,
      double[] weights,
      double[] x,
      double label,
      int rows,
      double[] gradient) {
    double error = ModelShape.probability(model.logit(weights, x)) - label;
    for (int j = 0; j < x.length; j++) {
      gradient[j] += error * x[j] / rows;
    }
    gradient[x.length] += error / rows;
  }
}
