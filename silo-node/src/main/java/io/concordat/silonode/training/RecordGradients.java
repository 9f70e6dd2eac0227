package io.concordat.silonode.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of each record from one backward pass over all of them.
 *
 * <p>PyTorch sums gradients over a batch; what one record adds is lost. So every layer computes
 * {@code z = A W + b + E} with an E of zeros that asks for a gradient: the gradient of the summed
 * loss with respect to E's row is that record's gradient with respect to its own pre-activations,
 * since no other record's loss depends on it. The record's gradient of W then is the product of
 * these errors and the layer's patches, which {@link Trace} forms in double arithmetic, one record
 * at a time, nothing of a record ever mixed with another's (Goodfellow, arXiv 1510.01799; Lee and
 * Kifer, PoPETs 2021).
 *
 * <p>All arithmetic is double. There is no layer that looks at a whole batch (normalisation by
 * batch would make a record's gradient depend on its neighbours).
 */
final class RecordGradients implements AutoCloseable {
  private final LayerStack model;
  private final NDManager manager;
  private final NDList indices;

  RecordGradients(LayerStack model) {
    PyTorch.threads();
    this.model = model;
    this.manager = NDManager.newBaseManager("PyTorch");
    this.indices = new NDList();
    for (LayerStack.Layer layer : model.layers()) {
      long[] gather = layer.gather().stream().mapToLong(Integer::longValue).toArray();
      indices.add(manager.create(gather, new Shape(1, gather.length)));
    }
  }

  /**
   * One forward and one backward pass.
   *
   * @param labels 0 or 1, a class, or a number, as the model's loss wants them
   */
  Trace trace(double[] weights, double[][] inputs, double[] labels) {
    if (weights.length != model.parameters()) {
      throw new IllegalArgumentException(
          weights.length + " weights, expected " + model.parameters());
    }
    int rows = inputs.length;
    PyTorch.gradientLock().lock();
    try (NDManager step = manager.newSubManager()) {
      NDArray values = step.create(flat(inputs), new Shape(rows, model.inputs()));
      NDArray wanted = step.create(labels, new Shape(rows, 1));
      List<NDArray> patches = new ArrayList<>();
      List<NDArray> shifts = new ArrayList<>();
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        int at = 0;
        for (int l = 0; l < model.layers().size(); l++) {
          LayerStack.Layer layer = model.layers().get(l);
          NDArray a = unfolded(step, values, l, rows);
          int edges = layer.outputs() * layer.patch();
          NDArray w =
              step.create(slice(weights, at, edges), new Shape(layer.outputs(), layer.patch()));
          NDArray b = step.create(slice(weights, at + edges, layer.outputs()));
          NDArray e =
              step.zeros(new Shape((long) rows * layer.places(), layer.outputs()), a.getDataType());
          e.setRequiresGradient(true);
          NDArray z = a.matMul(w.transpose()).add(b).add(e);
          patches.add(a);
          shifts.add(e);
          boolean last = l + 1 == model.layers().size();
          values = (last ? z : Activation.relu(z)).reshape(rows, layer.values());
          at += layer.parameters();
        }
        collector.backward(loss(values, wanted));
      }
      double[][] a = new double[patches.size()][];
      double[][] errors = new double[patches.size()][];
      for (int l = 0; l < a.length; l++) {
        a[l] = patches.get(l).toDoubleArray();
        errors[l] = shifts.get(l).getGradient().toDoubleArray();
      }
      return new Trace(model, a, errors);
    } finally {
      PyTorch.gradientLock().unlock();
    }
  }

  /** The layer's patches, one a line: record by record, place by place. */
  private NDArray unfolded(NDManager step, NDArray values, int l, int rows) {
    LayerStack.Layer layer = model.layers().get(l);
    if (layer.gather().isEmpty()) {
      return values;
    }
    NDArray index = indices.get(l).broadcast(new Shape(rows, layer.gather().size()));
    index.attach(step);
    return values.gather(index, 1).reshape((long) rows * layer.places(), layer.patch());
  }

  private NDArray loss(NDArray z, NDArray labels) {
    return switch (model.loss()) {
      // max(z,0) - z y + log(1 + e^-|z|): the logistic loss of a logit without overflow.
      case LOGISTIC ->
          Activation.relu(z).sub(z.mul(labels)).add(z.abs().neg().exp().add(1).log()).sum();
      case SOFTMAX -> {
        NDArray chosen =
            z.logSoftmax(1).gather(labels.toType(ai.djl.ndarray.types.DataType.INT64, false), 1);
        yield chosen.sum().neg();
      }
      case SQUARED -> z.sub(labels).square().sum().div(2);
    };
  }

  private static double[] slice(double[] values, int from, int length) {
    double[] part = new double[length];
    System.arraycopy(values, from, part, 0, length);
    return part;
  }

  private double[] flat(double[][] rows) {
    double[] all = new double[rows.length * model.inputs()];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, all, r * model.inputs(), model.inputs());
    }
    return all;
  }

  @Override
  public void close() {
    manager.close();
  }

  /** What a backward pass left of each record: patches and errors, layer by layer. */
  static final class Trace {
    private final LayerStack model;
    private final double[][] patches;
    private final double[][] errors;

    private Trace(LayerStack model, double[][] patches, double[][] errors) {
      this.model = model;
      this.patches = patches;
      this.errors = errors;
    }

    /**
     * The gradient of the mean loss of some rows: those of one patient, so that they clip together.
     * The work does not depend on any value.
     *
     * @param out overwritten; one value a parameter
     */
    void gradient(int from, int to, double[] out) {
      java.util.Arrays.fill(out, 0);
      int at = 0;
      for (int l = 0; l < patches.length; l++) {
        LayerStack.Layer layer = model.layers().get(l);
        int patch = layer.patch();
        int intercepts = at + layer.outputs() * patch;
        for (int line = from * layer.places(); line < to * layer.places(); line++) {
          int values = line * patch;
          for (int o = 0; o < layer.outputs(); o++) {
            double error = errors[l][line * layer.outputs() + o] / (to - from);
            int weights = at + o * patch;
            for (int i = 0; i < patch; i++) {
              out[weights + i] += error * patches[l][values + i];
            }
            out[intercepts + o] += error;
          }
        }
        at = intercepts + layer.outputs();
      }
    }
  }
}
