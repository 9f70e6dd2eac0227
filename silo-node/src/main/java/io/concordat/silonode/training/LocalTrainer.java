package io.concordat.silonode.training;

import io.concordat.protocol.analysis.LocalTraining;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.SplitMix;

/**
 * Some epochs of stochastic gradient descent from given weights: the inner loop of federated
 * averaging. Patients, not rows, are shuffled and batched; a patient's rows share its weight.
 */
final class LocalTrainer {
  private LocalTrainer() {}

  /**
   * Trains.
   *
   * @param round distinguishes the orders of several rounds of one seed
   * @return the weights after the last epoch; possibly not finite, where the rate was too large
   */
  static double[] train(
      ModelShape model, double[] start, Examples examples, LocalTraining training, int round) {
    double[] weights = start.clone();
    double[] velocity = new double[weights.length];
    SplitMix seeds = new SplitMix(training.seed());
    SplitMix stream = new SplitMix(seeds.nextLong() ^ (round * 0x9e3779b97f4a7c15L));
    try (NetworkGradient network = new NetworkGradient(model)) {
      for (int epoch = 0; epoch < training.epochs(); epoch++) {
        int[] order = stream.permutation(examples.patients());
        for (int from = 0; from < order.length; from += training.batch()) {
          int to = Math.min(order.length, from + training.batch());
          double[] gradient = batchGradient(network, weights, examples, order, from, to);
          for (int j = 0; j < weights.length; j++) {
            double g = gradient[j] + training.weightDecay() * weights[j];
            velocity[j] = training.momentum() * velocity[j] + g;
            weights[j] -= training.learningRate() * velocity[j];
          }
        }
      }
    }
    return weights;
  }

  /** The gradient of one patient alone: a batch of one, the slow road that is always right. */
  static double[] patientGradient(
      NetworkGradient network, double[] weights, Examples examples, int patient) {
    return batchGradient(network, weights, examples, new int[] {patient}, 0, 1);
  }

  private static double[] batchGradient(
      NetworkGradient network, double[] weights, Examples examples, int[] order, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += examples.rowsOf(order[i]).length;
    }
    double[][] inputs = new double[count][];
    double[] labels = new double[count];
    double[] rowWeights = new double[count];
    int at = 0;
    for (int i = from; i < to; i++) {
      int[] rows = examples.rowsOf(order[i]);
      for (int row : rows) {
        inputs[at] = examples.input(row);
        labels[at] = examples.label(row);
        rowWeights[at] = 1.0 / rows.length / (to - from);
        at++;
      }
    }
    return network.of(weights, inputs, labels, rowWeights);
  }
}
