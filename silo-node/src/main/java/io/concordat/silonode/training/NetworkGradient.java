package io.concordat.silonode.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import io.concordat.protocol.analysis.ModelShape;

/**
 * Gradients of the mean logistic loss by PyTorch's autograd, in double, for any of the closed set
 * of architectures. Weights and gradients are flat arrays in the order of {@link ModelShape}.
 */
final class NetworkGradient implements AutoCloseable {
  private final ModelShape model;
  private final NDManager manager;

  NetworkGradient(ModelShape model) {
    PyTorch.threads();
    this.model = model;
    this.manager = NDManager.newBaseManager("PyTorch");
  }

  /**
   * Gradient of {@code sum of rowWeight * loss(row)} at some weights.
   *
   * @param rowWeights one for each row, for example 1/(rows of the patient * patients)
   */
  double[] of(double[] weights, double[][] inputs, double[] labels, double[] rowWeights) {
    PyTorch.gradientLock().lock();
    try (NDManager step = manager.newSubManager()) {
      NDList parameters = parameters(step, weights);
      NDArray x =
          step.create(flat(inputs, model.inputs()), new Shape(inputs.length, model.inputs()));
      NDArray y = step.create(labels, new Shape(labels.length, 1));
      NDArray w = step.create(rowWeights, new Shape(rowWeights.length, 1));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray z = logits(x, parameters);
        // max(z,0) - z y + log(1 + e^-|z|): the logistic loss of a logit without overflow.
        NDArray loss =
            Activation.relu(z).sub(z.mul(y)).add(z.abs().neg().exp().add(1).log()).mul(w).sum();
        collector.backward(loss);
      }
      return gradients(parameters);
    } finally {
      PyTorch.gradientLock().unlock();
    }
  }

  private NDList parameters(NDManager step, double[] weights) {
    NDList parameters = new NDList();
    int[] layers = model.layers();
    int at = 0;
    for (int l = 1; l < layers.length; l++) {
      int edges = layers[l] * layers[l - 1];
      NDArray w = step.create(slice(weights, at, edges), new Shape(layers[l], layers[l - 1]));
      NDArray b = step.create(slice(weights, at + edges, layers[l]), new Shape(layers[l]));
      w.setRequiresGradient(true);
      b.setRequiresGradient(true);
      parameters.add(w);
      parameters.add(b);
      at += edges + layers[l];
    }
    return parameters;
  }

  private NDArray logits(NDArray x, NDList parameters) {
    NDArray a = x;
    for (int l = 1; 2 * l <= parameters.size(); l++) {
      NDArray z = a.matMul(parameters.get(2 * l - 2).transpose()).add(parameters.get(2 * l - 1));
      NDArray y =
          switch (model.activation(l)) {
            case LINEAR -> z;
            case RELU -> Activation.relu(z);
            case TANH -> Activation.tanh(z);
            case LOGISTIC -> Activation.sigmoid(z);
          };
      a = model.skip(l) ? y.add(a) : y;
    }
    return a;
  }

  private double[] gradients(NDList parameters) {
    double[] all = new double[model.parameters()];
    int at = 0;
    for (NDArray parameter : parameters) {
      double[] part = parameter.getGradient().toDoubleArray();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static double[] slice(double[] values, int from, int length) {
    double[] part = new double[length];
    System.arraycopy(values, from, part, 0, length);
    return part;
  }

  private static double[] flat(double[][] rows, int width) {
    double[] all = new double[rows.length * width];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, all, r * width, width);
    }
    return all;
  }

  @Override
  public void close() {
    manager.close();
  }
}
