package io.concordat.silonode.training;

import io.concordat.protocol.analysis.ModelShape;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as layers of one form. Each layer gathers patches from its input, multiplies every
 * patch with the same weights and adds the same intercepts: a fully connected layer has one patch,
 * the whole input; a convolution has one for each place of its kernel (the "unfolded" form,
 * Chellapilla et al. 2006). In this form a record's gradient is one product of errors and patches
 * for every kind of layer (Rochette et al., arXiv 1912.06015).
 *
 * <p>Parameters are one flat array: for each layer its weights, output by output, then its
 * intercepts, as in {@link ModelShape}. Between layers stand rectified linear units. Values of a
 * convolution lie place by place, the channels of a place together.
 *
 * @param inputs values of one record
 * @param loss what the last layer's outputs are measured by
 */
record LayerStack(int inputs, List<Layer> layers, Loss loss) {

  /** Loss of one record. */
  enum Loss {
    /** One output, the logit of label 1. */
    LOGISTIC,
    /** One output for each class, labels from 0: cross entropy of the softmax. */
    SOFTMAX,
    /** One output: half the squared distance from the label. */
    SQUARED
  }

  /**
   * One layer.
   *
   * @param places patches a record has
   * @param patch values in a patch
   * @param outputs values a patch becomes
   * @param gather where each value of each patch stands in the layer's input; empty if there is one
   *     patch, the input as it is
   */
  record Layer(int places, int patch, int outputs, List<Integer> gather) {
    Layer {
      gather = List.copyOf(gather);
      if (!gather.isEmpty() && gather.size() != places * patch) {
        throw new IllegalArgumentException(
            gather.size() + " places to gather from, expected " + places * patch);
      }
    }

    int parameters() {
      return outputs * (patch + 1);
    }

    int values() {
      return places * outputs;
    }
  }

  LayerStack {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a network has a layer");
    }
  }

  int parameters() {
    return layers.stream().mapToInt(Layer::parameters).sum();
  }

  /** A job's model. */
  static LayerStack of(ModelShape model) {
    int[] sizes = model.layers();
    List<Layer> layers = new ArrayList<>();
    for (int l = 1; l < sizes.length; l++) {
      layers.add(new Layer(1, sizes[l - 1], sizes[l], List.of()));
    }
    return new LayerStack(model.inputs(), layers, Loss.LOGISTIC);
  }

  /** Least squares on all inputs. */
  static LayerStack linear(int inputs) {
    return new LayerStack(inputs, List.of(new Layer(1, inputs, 1, List.of())), Loss.SQUARED);
  }

  /** Starts a convolutional network on images whose values lie row by row, channels together. */
  static Images images(int height, int width, int channels) {
    return new Images(height, width, channels, new ArrayList<>(), height * width * channels);
  }

  /** Layers so far, and the size of the image they make. */
  record Images(int height, int width, int channels, List<Layer> layers, int inputs) {

    /** A square kernel moved by {@code stride}, without a border. */
    Images convolution(int outputs, int kernel, int stride) {
      int down = (height - kernel) / stride + 1;
      int across = (width - kernel) / stride + 1;
      if (kernel < 1 || stride < 1 || height < kernel || width < kernel) {
        throw new IllegalArgumentException(
            "kernel " + kernel + " does not fit " + height + " x " + width);
      }
      List<Integer> gather = new ArrayList<>();
      for (int y = 0; y < down; y++) {
        for (int x = 0; x < across; x++) {
          for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < kernel; ky++) {
              for (int kx = 0; kx < kernel; kx++) {
                gather.add(((y * stride + ky) * width + x * stride + kx) * channels + c);
              }
            }
          }
        }
      }
      List<Layer> more = new ArrayList<>(layers);
      more.add(new Layer(down * across, channels * kernel * kernel, outputs, gather));
      return new Images(down, across, outputs, more, inputs);
    }

    /** Ends in one fully connected layer with an output for each class. */
    LayerStack classes(int classes) {
      List<Layer> all = new ArrayList<>(layers);
      all.add(new Layer(1, height * width * channels, classes, List.of()));
      return new LayerStack(inputs, all, Loss.SOFTMAX);
    }
  }
}
