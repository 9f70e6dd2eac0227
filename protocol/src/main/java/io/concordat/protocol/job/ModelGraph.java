package io.concordat.protocol.job;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model graph that somebody uploads: a list of layers out of a closed set, and no code. It says
 * nothing of weights, which every silo draws from the job's public seed itself, so that nobody can
 * plant any that copy a record into a sum (Fowl et al., "Robbing the Fed", arXiv 2110.13057, needs
 * crafted weights or modules of its own).
 *
 * <p>Its file is canonical JSON and its name is the digest of that file. Two institutions review it
 * before a job may run it.
 */
public record ModelGraph(List<Layer> layers) {
  /** Bounds that keep a hostile file harmless; a policy's maxParameters is far below. */
  public static final int MAX_LAYERS = 64;

  public static final int MAX_UNITS = 65_536;

  private static final String SCHEMA = "graph/1";

  /** What stands between a layer's sums and its outputs. */
  public enum Activation {
    LINEAR("linear"),
    RELU("relu"),
    TANH("tanh"),
    LOGISTIC("logistic");

    private final String text;

    Activation(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<Activation> byText(String text) {
      return Arrays.stream(values()).filter(a -> a.text.equals(text)).findFirst();
    }
  }

  /**
   * A fully connected layer.
   *
   * @param skip whether its input is added to its output; they are of one width then
   */
  public record Layer(int units, Activation activation, boolean skip) {
    public Layer {
      if (units < 1 || units > MAX_UNITS) {
        throw new IllegalArgumentException("a layer has 1 to " + MAX_UNITS + " units");
      }
    }
  }

  public ModelGraph {
    layers = List.copyOf(layers);
    if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
      throw new IllegalArgumentException("a graph has 1 to " + MAX_LAYERS + " layers");
    }
    Layer last = layers.getLast();
    if (last.units() != 1 || last.activation() != Activation.LINEAR || last.skip()) {
      throw new IllegalArgumentException(
          "the last layer is the logit of the label: 1 unit, linear, no skip");
    }
    if (layers.getFirst().skip()) {
      // What a job feeds in has any width, so the first layer cannot promise to have the same.
      throw new IllegalArgumentException("the first layer has no skip");
    }
    for (int l = 1; l < layers.size(); l++) {
      if (layers.get(l).skip() && layers.get(l).units() != layers.get(l - 1).units()) {
        throw new IllegalArgumentException(
            "layer "
                + (l + 1)
                + " skips, but its input has "
                + layers.get(l - 1).units()
                + " values and its output "
                + layers.get(l).units());
      }
    }
  }

  /** Reads a graph's file; only its canonical form is accepted. */
  public static ModelGraph read(byte[] file) throws DecodeException {
    JsonObject object = CanonicalJson.parseObject(file).only("schema", "layers");
    object.constant("schema", SCHEMA);
    List<Layer> layers = new ArrayList<>();
    for (JsonObject layer : object.objects("layers")) {
      layer.only("kind", "units", "activation", "skip");
      layer.constant("kind", "dense");
      Optional<Activation> activation = Activation.byText(layer.string("activation"));
      if (activation.isEmpty()) {
        throw layer.fault("activation", "expected one of linear, relu, tanh, logistic");
      }
      layers.add(
          new Layer(
              layer.smallInteger("units", 1, MAX_UNITS), activation.get(), layer.bool("skip")));
    }
    try {
      return new ModelGraph(layers);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The file: canonical bytes. */
  public byte[] file() {
    return JsonObject.builder()
        .put("schema", SCHEMA)
        .put(
            "layers",
            layers.stream()
                .map(l ->
                    JsonObject.builder()
                        .put("kind", "dense")
                        .put("units", l.units())
                        .put("activation", l.activation().text())
                        .put("skip", l.skip())
                        .build())
                .toList())
        .bytes();
  }

  /** SHA-256 of the file. */
  public Digest digest() {
    return Digests.sha256(file());
  }

  /** Widths of all layers but the last. */
  public List<Integer> hidden() {
    return layers.subList(0, layers.size() - 1).stream().map(Layer::units).toList();
  }

  /** One line for each layer, for those who review it. */
  public List<String> words() {
    List<String> out = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      out.add(
          "layer "
              + (l + 1)
              + ": dense, "
              + layer.units()
              + (layer.units() == 1 ? " unit, " : " units, ")
              + layer.activation().text()
              + (layer.skip() ? ", its input added to its output" : ""));
    }
    return out;
  }
}
