package io.concordat.client.demo.data;

import io.concordat.protocol.analysis.FeatureSpace;
import java.util.List;

/** Rows as a model's raw inputs with their labels; held where all files lie, never by a node. */
public final class LabelledMatrix {
  private final double[][] inputs;
  private final boolean[] labels;

  private LabelledMatrix(double[][] inputs, boolean[] labels) {
    this.inputs = inputs;
    this.labels = labels;
  }

  /** Encodes rows of {@code records} as a job's features. */
  public static LabelledMatrix of(
      DemoRecords records, List<List<String>> rows, FeatureSpace features) {
    double[][] inputs = new double[rows.size()][];
    boolean[] labels = new boolean[rows.size()];
    for (int i = 0; i < inputs.length; i++) {
      FeatureSpace.Row row = new NamedRow(records.header(), rows.get(i));
      inputs[i] = features.encode(row);
      labels[i] = features.positive(row);
    }
    return new LabelledMatrix(inputs, labels);
  }

  private record NamedRow(List<String> header, List<String> values) implements FeatureSpace.Row {
    @Override
    public double number(String column) {
      return Double.parseDouble(level(column));
    }

    @Override
    public String level(String column) {
      int at = header.indexOf(column);
      if (at < 0) {
        throw new IllegalArgumentException("no column " + column + " in " + header);
      }
      return values.get(at);
    }
  }

  public int rows() {
    return inputs.length;
  }

  public int columns() {
    return inputs.length == 0 ? 0 : inputs[0].length;
  }

  public double[] input(int row) {
    return inputs[row].clone();
  }

  public boolean label(int row) {
    return labels[row];
  }

  /** The rows that {@code take} names, in its order; a row may come more than once. */
  public LabelledMatrix subset(int[] take) {
    double[][] some = new double[take.length][];
    boolean[] someLabels = new boolean[take.length];
    for (int i = 0; i < take.length; i++) {
      some[i] = inputs[take[i]];
      someLabels[i] = labels[take[i]];
    }
    return new LabelledMatrix(some, someLabels);
  }
}
