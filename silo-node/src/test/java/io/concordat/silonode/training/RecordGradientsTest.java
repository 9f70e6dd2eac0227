package io.concordat.silonode.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.SplitMix;
import io.concordat.silonode.records.SiloRecords;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One backward pass for all records beside autograd of a batch of one: absolute distance below
 * 1e-12 a parameter for fully connected layers, 1e-11 for the convolutions, whose library call adds
 * in another order.
 */
final class RecordGradientsTest {
  @TempDir Path folder;

  private static double[] random(int count, SplitMix stream, double range) {
    double[] values = new double[count];
    for (int j = 0; j < count; j++) {
      values[j] = range * (2 * stream.nextUnit() - 1);
    }
    return values;
  }

  private static void assertClose(double[] found, double[] expected, double tolerance, String of) {
    assertThat(found).as(of).hasSameSizeAs(expected);
    for (int j = 0; j < found.length; j++) {
      assertThat(found[j]).as("%s, parameter %d", of, j).isCloseTo(expected[j], within(tolerance));
    }
  }

  private static double[][] rows(int rows, int width, SplitMix stream) {
    double[][] inputs = new double[rows][];
    for (int r = 0; r < rows; r++) {
      inputs[r] = random(width, stream, 2);
    }
    return inputs;
  }

  @Test
  void everyRecordOfALogisticModelAndOfNetworksHasTheGradientOfABatchOfOne() {
    for (ModelShape model :
        List.of(
            new ModelShape.Logistic(5),
            new ModelShape.Mlp(5, List.of(7)),
            new ModelShape.Mlp(5, List.of(8, 6, 4)))) {
      SplitMix stream = new SplitMix(11);
      double[] weights = random(model.parameters(), stream, 1.5);
      double[][] inputs = rows(40, 5, stream);
      double[] labels = new double[40];
      for (int r = 0; r < labels.length; r++) {
        labels[r] = r % 3 == 0 ? 1 : 0;
      }
      try (RecordGradients records = new RecordGradients(LayerStack.of(model));
          NetworkGradient one = new NetworkGradient(model)) {
        RecordGradients.Trace trace = records.trace(weights, inputs, labels);
        double[] gradient = new double[model.parameters()];
        for (int r = 0; r < labels.length; r++) {
          trace.gradient(r, r + 1, gradient);
          double[] oracle =
              one.of(
                  weights, new double[][] {inputs[r]}, new double[] {labels[r]}, new double[] {1});
          assertClose(gradient, oracle, 1e-12, model + " row " + r);
        }
      }
    }
  }

  @Test
  void linearModelsClosedFormIsTheirAutograd() {
    SplitMix stream = new SplitMix(12);
    double[] weights = random(7, stream, 1);
    double[][] inputs = rows(20, 6, stream);
    double[] labels = random(20, stream, 3);
    try (RecordGradients records = new RecordGradients(LayerStack.linear(6))) {
      RecordGradients.Trace trace = records.trace(weights, inputs, labels);
      double[] gradient = new double[7];
      for (int r = 0; r < 20; r++) {
        trace.gradient(r, r + 1, gradient);
        assertClose(LinearGradient.of(weights, inputs[r], labels[r]), gradient, 1e-12, "row " + r);
      }
    }
  }

  /** Eight by eight pixels of two channels, two convolutions, three classes. */
  @Test
  void everyRecordOfAConvolutionalNetworkHasTheGradientOfABatchOfOne() {
    LayerStack network =
        LayerStack.images(8, 8, 2).convolution(4, 3, 1).convolution(5, 3, 2).classes(3);
    SplitMix stream = new SplitMix(13);
    double[] weights = random(network.parameters(), stream, 0.5);
    double[][] inputs = rows(12, network.inputs(), stream);
    double[] labels = new double[12];
    for (int r = 0; r < 12; r++) {
      labels[r] = r % 3;
    }
    try (RecordGradients records = new RecordGradients(network)) {
      RecordGradients.Trace trace = records.trace(weights, inputs, labels);
      double[] gradient = new double[network.parameters()];
      double largest = 0;
      for (int r = 0; r < 12; r++) {
        trace.gradient(r, r + 1, gradient);
        assertClose(
            gradient, byConvolutions(weights, inputs[r], (int) labels[r]), 1e-11, "row " + r);
        for (double g : gradient) {
          largest = Math.max(largest, Math.abs(g));
        }
      }
      assertThat(largest).isGreaterThan(0.1);
    }
  }

  /** The same network by the engine's own convolution and its autograd, for one record alone. */
  private static double[] byConvolutions(double[] weights, double[] input, int label) {
    int[][] shapes = {{4, 2, 3, 3}, {4}, {5, 4, 3, 3}, {5}, {3, 2 * 2 * 5}, {3}};
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDList parameters = new NDList();
      int at = 0;
      for (int[] shape : shapes) {
        int size = 1;
        long[] dimensions = new long[shape.length];
        for (int d = 0; d < shape.length; d++) {
          size *= shape[d];
          dimensions[d] = shape[d];
        }
        double[] part = java.util.Arrays.copyOfRange(weights, at, at + size);
        NDArray parameter = manager.create(part, new Shape(dimensions));
        parameter.setRequiresGradient(true);
        parameters.add(parameter);
        at += size;
      }
      NDArray image = manager.create(input, new Shape(1, 8, 8, 2)).transpose(0, 3, 1, 2);
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray a = Activation.relu(convolution(image, parameters, 0, 1));
        NDArray b = Activation.relu(convolution(a, parameters, 2, 2));
        NDArray flat = b.transpose(0, 2, 3, 1).reshape(1, 2 * 2 * 5);
        NDArray z = flat.matMul(parameters.get(4).transpose()).add(parameters.get(5));
        NDArray index = manager.create(new long[] {label}, new Shape(1, 1));
        collector.backward(z.logSoftmax(1).gather(index, 1).sum().neg());
      }
      double[] all = new double[weights.length];
      at = 0;
      for (NDArray parameter : parameters) {
        double[] part = parameter.getGradient().toType(DataType.FLOAT64, true).toDoubleArray();
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }
  }

  private static NDArray convolution(NDArray in, NDList parameters, int first, int stride) {
    return Conv2d.conv2d(
            in,
            parameters.get(first),
            parameters.get(first + 1),
            new Shape(stride, stride),
            new Shape(0, 0),
            new Shape(1, 1))
        .singletonOrThrow();
  }

  @Test
  void rowsOfOnePatientMakeOneGradientWhicheverOthersShareThePass() throws Exception {
    SiloRecords ward = Ward.records(folder);
    FeatureSpace features = Ward.features(FeatureSpace.Scaling.SCHEMA);
    ModelShape.Mlp model = new ModelShape.Mlp(3, List.of(4));
    Examples train = Examples.of(ward.train(), ward.train(), features, Ward.state(features, model));
    assertThat(train.rowsOf(0)).hasSize(3);
    double[] weights = random(model.parameters(), new SplitMix(3), 1);
    int[] patient = {0};
    try (NetworkGradient one = new NetworkGradient(model)) {
      PatientGradients.forEach(
          model,
          weights,
          train,
          gradient -> {
            double[] oracle = LocalTrainer.patientGradient(one, weights, train, patient[0]);
            assertClose(gradient, oracle, 1e-12, "patient " + patient[0]);
            patient[0]++;
          });
    }
    assertThat(patient[0]).isEqualTo(train.patients());
  }
}
