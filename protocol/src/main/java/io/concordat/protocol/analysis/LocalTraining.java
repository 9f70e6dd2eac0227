package io.concordat.protocol.analysis;

/**
 * Stochastic gradient descent at a silo, over its patients in an order that the seed fixes.
 *
 * @param batch patients in a step; the last batch of an epoch may be shorter
 * @param momentum of the silo's own steps, forgotten between rounds
 * @param weightDecay pull of every step towards zero, as a fraction of the weight
 * @param seed public; a silo's order of patients follows from it, the round and the epoch
 */
public record LocalTraining(
    int epochs, int batch, double learningRate, double momentum, double weightDecay, long seed) {
  public LocalTraining {
    if (epochs < 1 || batch < 1) {
      throw new IllegalArgumentException("localEpochs and batch must be at least 1");
    }
    if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
      throw new IllegalArgumentException("learningRate must be positive");
    }
    if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0 && weightDecay < 1)) {
      throw new IllegalArgumentException("momentum and weightDecay must lie in [0, 1)");
    }
  }
}
