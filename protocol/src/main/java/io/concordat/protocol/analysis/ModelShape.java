package io.concordat.protocol.analysis;

import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.job.ModelGraph.Activation;
import java.util.List;

/**
 * The closed set of architectures. Parameters are one flat array: for each layer its weights,
 * output by output, then its intercepts. One output: the logit of the positive class.
 */
public sealed interface ModelShape {
  int inputs();

  /** Sizes of the layers, inputs first, the single output last. */
  int[] layers();

  default int parameters() {
    int[] layers = layers();
    int count = 0;
    for (int l = 1; l < layers.length; l++) {
      count = Math.addExact(count, Math.multiplyExact(layers[l], layers[l - 1] + 1));
    }
    return count;
  }

  /**
   * Starting weights: zeros where the loss is convex, else uniform in plus or minus {@code
   * sqrt(6/inputs)} of each layer (He et al., arXiv 1502.01852, section 2.2) with zero intercepts.
   */
  double[] initialWeights(long seed);

  /** What follows the sums of layer {@code l}, counted from 1. */
  default Activation activation(int l) {
    return l < layers().length - 1 ? Activation.RELU : Activation.LINEAR;
  }

  /** Whether layer {@code l}'s input is added to its output. */
  default boolean skip(int l) {
    return false;
  }

  /** One activation, the same bits on every machine. */
  static double activated(Activation activation, double z) {
    return switch (activation) {
      case LINEAR -> z;
      case RELU -> Math.max(0, z);
      case TANH -> StrictMath.tanh(z);
      case LOGISTIC -> probability(z);
    };
  }

  /** Logit of one scaled input, in a fixed order of operations. */
  default double logit(double[] weights, double[] input) {
    int[] layers = layers();
    double[] from = input;
    int at = 0;
    for (int l = 1; l < layers.length; l++) {
      double[] to = new double[layers[l]];
      int intercepts = at + layers[l] * layers[l - 1];
      for (int o = 0; o < to.length; o++) {
        double z = weights[intercepts + o];
        for (int i = 0; i < from.length; i++) {
          z = Math.fma(weights[at + o * layers[l - 1] + i], from[i], z);
        }
        to[o] = activated(activation(l), z) + (skip(l) ? from[o] : 0);
      }
      at = intercepts + layers[l];
      from = to;
    }
    return from[0];
  }

  /** Probability of the positive class for a logit. */
  static double probability(double logit) {
    if (logit >= 0) {
      return 1 / (1 + StrictMath.exp(-logit));
    }
    double e = StrictMath.exp(logit);
    return e / (1 + e);
  }

  /** One linear layer. */
  record Logistic(int inputs) implements ModelShape {
    public Logistic {
      if (inputs < 1) {
        throw new IllegalArgumentException("a model has at least one input");
      }
    }

    @Override
    public int[] layers() {
      return new int[] {inputs, 1};
    }

    @Override
    public double[] initialWeights(long seed) {
      return new double[parameters()];
    }
  }

  /** Fully connected layers with rectified linear units between them. */
  record Mlp(int inputs, List<Integer> hidden) implements ModelShape {
    public Mlp {
      hidden = List.copyOf(hidden);
      if (inputs < 1 || hidden.isEmpty() || hidden.stream().anyMatch(h -> h < 1)) {
        throw new IllegalArgumentException("every layer has at least one unit");
      }
    }

    @Override
    public int[] layers() {
      int[] layers = new int[hidden.size() + 2];
      layers[0] = inputs;
      for (int l = 0; l < hidden.size(); l++) {
        layers[l + 1] = hidden.get(l);
      }
      layers[layers.length - 1] = 1;
      return layers;
    }

    @Override
    public double[] initialWeights(long seed) {
      return drawn(layers(), parameters(), seed);
    }
  }

  /** A reviewed graph over a job's features. */
  record Graph(int inputs, ModelGraph graph) implements ModelShape {
    public Graph {
      if (inputs < 1) {
        throw new IllegalArgumentException("a model has at least one input");
      }
    }

    @Override
    public int[] layers() {
      int[] layers = new int[graph.layers().size() + 1];
      layers[0] = inputs;
      for (int l = 1; l < layers.length; l++) {
        layers[l] = graph.layers().get(l - 1).units();
      }
      return layers;
    }

    @Override
    public Activation activation(int l) {
      return graph.layers().get(l - 1).activation();
    }

    @Override
    public boolean skip(int l) {
      return graph.layers().get(l - 1).skip();
    }

    @Override
    public double[] initialWeights(long seed) {
      return drawn(layers(), parameters(), seed);
    }
  }

  private static double[] drawn(int[] layers, int parameters, long seed) {
    double[] weights = new double[parameters];
    SplitMix stream = new SplitMix(seed);
    int at = 0;
    for (int l = 1; l < layers.length; l++) {
      double bound = Math.sqrt(6.0 / layers[l - 1]);
      int edges = layers[l] * layers[l - 1];
      for (int i = 0; i < edges; i++) {
        weights[at + i] = bound * (2 * stream.nextUnit() - 1);
      }
      at += edges + layers[l];
    }
    return weights;
  }
}
