package io.concordat.silonode.training;

/** A record's gradient of half the squared error of a linear model, in closed form. */
final class LinearGradient {
  private LinearGradient() {}

  /**
   * Gradient of the weights, then of the intercept.
   *
   * @param weights one for each input, then the intercept
   */
  static double[] of(double[] weights, double[] input, double label) {
    double error = weights[input.length] - label;
    for (int j = 0; j < input.length; j++) {
      error = Math.fma(weights[j], input[j], error);
    }
    double[] gradient = new double[weights.length];
    for (int j = 0; j < input.length; j++) {
      gradient[j] = error * input[j];
    }
    gradient[input.length] = error;
    return gradient;
  }
}
