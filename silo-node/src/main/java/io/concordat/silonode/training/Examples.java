package io.concordat.silonode.training;

import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.silonode.records.RecordTable;

/** A table as scaled inputs and labels, still grouped by patient. */
final class Examples {
  private final RecordTable table;
  private final double[][] inputs;
  private final double[] labels;

  private Examples(RecordTable table, double[][] inputs, double[] labels) {
    this.table = table;
    this.inputs = inputs;
    this.labels = labels;
  }

  /**
   * Encodes and scales.
   *
   * @param own the table whose own means and deviations scale, where the job says {@code silo}
   */
  static Examples of(RecordTable table, RecordTable own, FeatureSpace features, PublicState state) {
    double[] centers = state.values(StateNames.FEATURE_CENTER);
    double[] scales = state.values(StateNames.FEATURE_SCALE);
    if (features.scaling() == FeatureSpace.Scaling.SILO) {
      ownScaling(own, features, centers, scales);
    }
    double[][] inputs = new double[table.rows()][];
    double[] labels = new double[table.rows()];
    for (int r = 0; r < inputs.length; r++) {
      FeatureSpace.Row row = table.row(r);
      double[] x = features.encode(row);
      for (int j = 0; j < x.length; j++) {
        x[j] = (x[j] - centers[j]) / scales[j];
      }
      inputs[r] = x;
      labels[r] = features.positive(row) ? 1 : 0;
    }
    return new Examples(table, inputs, labels);
  }

  private static void ownScaling(
      RecordTable own, FeatureSpace features, double[] centers, double[] scales) {
    double[] sums = new double[centers.length];
    double[] squares = new double[centers.length];
    for (int r = 0; r < own.rows(); r++) {
      double[] raw = features.encode(own.row(r));
      for (int j = 0; j < raw.length; j++) {
        double u = raw[j] - centers[j];
        sums[j] += u;
        squares[j] += u * u;
      }
    }
    int n = Math.max(1, own.rows());
    for (int j = 0; j < centers.length; j++) {
      double mean = sums[j] / n;
      double variance = Math.max(0, squares[j] / n - mean * mean);
      centers[j] += mean;
      scales[j] = variance > 0 ? Math.sqrt(variance) : scales[j];
    }
  }

  int rows() {
    return inputs.length;
  }

  int patients() {
    return table.patients();
  }

  int[] rowsOf(int patient) {
    return table.rowsOf(patient);
  }

  double[] input(int row) {
    return inputs[row];
  }

  double label(int row) {
    return labels[row];
  }
}
