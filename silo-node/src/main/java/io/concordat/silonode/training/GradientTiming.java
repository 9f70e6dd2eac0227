package io.concordat.silonode.training;

import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.SplitMix;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much faster the gradients of all records are in one pass than one record at a time, on
 * made-up records: what a node of this machine gains.
 */
public final class GradientTiming {
  private static final int REPEATS = 7;

  /**
   * One model.
   *
   * @param secondsTogether processor time a record, all in one pass or in closed form
   * @param secondsAlone processor time a record, a batch of one each
   * @param distance largest difference of a value of the two
   */
  public record Figure(
      String model, int parameters, double secondsTogether, double secondsAlone, double distance) {}

  private final int records;
  private final SplitMix stream = new SplitMix(5);

  private GradientTiming(int records) {
    this.records = records;
  }

  /** Times every kind of model. */
  public static List<Figure> measure(int records) {
    GradientTiming timing = new GradientTiming(records);
    List<Figure> figures = new ArrayList<>();
    figures.add(timing.logistic(30));
    figures.add(timing.linear(30));
    figures.add(timing.network(new ModelShape.Mlp(30, List.of(16))));
    figures.add(timing.network(new ModelShape.Mlp(30, List.of(64, 32))));
    figures.add(
        timing.convolutions(
            LayerStack.images(8, 8, 1).convolution(8, 3, 1).convolution(16, 3, 2).classes(10)));
    return figures;
  }

  /** Gradients of all records, one a line. */
  private interface Gradients {
    double[][] all();
  }

  private Figure figure(String name, int parameters, Gradients together, Gradients alone) {
    double distance = 0;
    double[][] one = together.all();
    double[][] other = alone.all();
    for (int r = 0; r < records; r++) {
      for (int j = 0; j < parameters; j++) {
        distance = Math.max(distance, Math.abs(one[r][j] - other[r][j]));
      }
    }
    return new Figure(name, parameters, seconds(together), seconds(alone), distance);
  }

  private double seconds(Gradients gradients) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] seconds = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      long start = threads.getCurrentThreadCpuTime();
      gradients.all();
      seconds[i] = (threads.getCurrentThreadCpuTime() - start) * 1e-9 / records;
    }
    Arrays.sort(seconds);
    return seconds[REPEATS / 2];
  }

  private double[] random(int count) {
    double[] values = new double[count];
    for (int j = 0; j < count; j++) {
      values[j] = 2 * stream.nextUnit() - 1;
    }
    return values;
  }

  private double[][] inputs(int width) {
    double[][] inputs = new double[records][];
    for (int r = 0; r < records; r++) {
      inputs[r] = random(width);
    }
    return inputs;
  }

  private double[] labels(int classes) {
    double[] labels = new double[records];
    for (int r = 0; r < records; r++) {
      labels[r] = r % classes;
    }
    return labels;
  }

  private Figure logistic(int width) {
    ModelShape.Logistic model = new ModelShape.Logistic(width);
    double[] weights = random(model.parameters());
    double[][] x = inputs(width);
    double[] y = labels(2);
    try (NetworkGradient network = new NetworkGradient(model)) {
      return figure(
          "logistic, " + width + " inputs, closed form",
          model.parameters(),
          () -> {
            double[][] all = new double[records][];
            for (int r = 0; r < records; r++) {
              all[r] = LogisticGradient.ofRow(model, weights, x[r], y[r]);
            }
            return all;
          },
          () -> alone(network, weights, x, y));
    }
  }

  private Figure linear(int width) {
    LayerStack model = LayerStack.linear(width);
    double[] weights = random(model.parameters());
    double[][] x = inputs(width);
    double[] y = random(records);
    try (RecordGradients network = new RecordGradients(model)) {
      return figure(
          "linear, " + width + " inputs, closed form",
          model.parameters(),
          () -> {
            double[][] all = new double[records][];
            for (int r = 0; r < records; r++) {
              all[r] = LinearGradient.of(weights, x[r], y[r]);
            }
            return all;
          },
          () -> alone(network, model, weights, x, y));
    }
  }

  private Figure network(ModelShape.Mlp shape) {
    double[] weights = random(shape.parameters());
    double[][] x = inputs(shape.inputs());
    double[] y = labels(2);
    LayerStack model = LayerStack.of(shape);
    try (RecordGradients records = new RecordGradients(model);
        NetworkGradient one = new NetworkGradient(shape)) {
      return figure(
          "network, 30 inputs, hidden " + shape.hidden(),
          shape.parameters(),
          () -> together(records, model, weights, x, y),
          () -> alone(one, weights, x, y));
    }
  }

  private Figure convolutions(LayerStack model) {
    double[] weights = random(model.parameters());
    double[][] x = inputs(model.inputs());
    double[] y = labels(10);
    try (RecordGradients network = new RecordGradients(model)) {
      return figure(
          "8 x 8 pixels, two convolutions, 10 classes",
          model.parameters(),
          () -> together(network, model, weights, x, y),
          () -> alone(network, model, weights, x, y));
    }
  }

  private double[][] together(
      RecordGradients network, LayerStack model, double[] weights, double[][] x, double[] y) {
    RecordGradients.Trace trace = network.trace(weights, x, y);
    double[][] all = new double[records][model.parameters()];
    for (int r = 0; r < records; r++) {
      trace.gradient(r, r + 1, all[r]);
    }
    return all;
  }

  private double[][] alone(
      RecordGradients network, LayerStack model, double[] weights, double[][] x, double[] y) {
    double[][] all = new double[records][model.parameters()];
    for (int r = 0; r < records; r++) {
      network.trace(weights, new double[][] {x[r]}, new double[] {y[r]}).gradient(0, 1, all[r]);
    }
    return all;
  }

  private double[][] alone(NetworkGradient network, double[] weights, double[][] x, double[] y) {
    double[][] all = new double[records][];
    for (int r = 0; r < records; r++) {
      all[r] = network.of(weights, new double[][] {x[r]}, new double[] {y[r]}, new double[] {1});
    }
    return all;
  }
}
