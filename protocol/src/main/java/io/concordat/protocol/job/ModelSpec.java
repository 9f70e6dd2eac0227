package io.concordat.protocol.job;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A model and what it sees. */
public sealed interface ModelSpec {
  String kind();

  /** Column names, each once, in the order of the inputs. */
  List<String> features();

  /** A label of the dataset, or a category column with two values, the second meaning yes. */
  String label();

  Scaling scaling();

  /** Widths of the hidden layers, empty for a linear model. */
  List<Integer> hidden();

  /** Seeds initial weights and the order of records. Public. */
  long seed();

  /** Where the centre and scale of number columns come from. */
  enum Scaling {
    /** The policy's public constants. */
    SCHEMA("schema"),
    /** Means and variances of the federation, opened as sums first. */
    FEDERATION("federation"),
    /** Each silo's own: part of its data, so never in a private job. */
    SILO("silo");

    private final String text;

    Scaling(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<Scaling> byText(String text) {
      return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst();
    }
  }

  record Logistic(List<String> features, String label, Scaling scaling, long seed)
      implements ModelSpec {
    public Logistic {
      features = distinct(features);
    }

    @Override
    public String kind() {
      return "logistic";
    }

    @Override
    public List<Integer> hidden() {
      return List.of();
    }
  }

  record Mlp(List<String> features, String label, Scaling scaling, List<Integer> hidden, long seed)
      implements ModelSpec {
    public Mlp {
      features = distinct(features);
      hidden = List.copyOf(hidden);
      if (hidden.isEmpty()) {
        throw new IllegalArgumentException("an mlp has a hidden layer");
      }
    }

    @Override
    public String kind() {
      return "mlp";
    }
  }

  /**
   * A graph that institutions have reviewed. The job carries its layers, so that it says by itself
   * what is computed; {@code graph.digest()} is what was reviewed.
   */
  record Graph(List<String> features, String label, Scaling scaling, ModelGraph graph, long seed)
      implements ModelSpec {
    public Graph {
      features = distinct(features);
    }

    @Override
    public String kind() {
      return "graph";
    }

    @Override
    public List<Integer> hidden() {
      return graph.hidden();
    }
  }

  /** Digest of the uploaded graph, for those models that are one. */
  default Optional<Digest> template() {
    return this instanceof Graph g ? Optional.of(g.graph().digest()) : Optional.empty();
  }

  /** Inputs after categories became indicators, one for each value but the first. */
  default long inputs(Dataset dataset) {
    long width = 0;
    for (String feature : features()) {
      width +=
          switch (dataset.column(feature).orElse(new Column.Identifier("unknown"))) {
            case Column.Number number -> 1;
            case Column.Category category -> category.values().size() - 1;
            case Column.Identifier identifier -> 0;
          };
    }
    return width;
  }

  /** Weights and intercepts of all layers down to one output. In long: hostile widths multiply. */
  default long parameters(Dataset dataset) {
    long width = inputs(dataset);
    long total = 0;
    for (int next : hidden()) {
      total = Math.addExact(total, Math.multiplyExact(width + 1, (long) next));
      width = next;
    }
    return Math.addExact(total, width + 1);
  }

  private static List<String> distinct(List<String> features) {
    if (features.isEmpty() || Set.copyOf(features).size() != features.size()) {
      throw new IllegalArgumentException("a model names each feature once");
    }
    return List.copyOf(features);
  }
}
