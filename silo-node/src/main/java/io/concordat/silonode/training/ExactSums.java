package io.concordat.silonode.training;

import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.DescribedColumn;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundTask;
import io.concordat.protocol.analysis.ScoreHistogram;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.silonode.records.RecordTable;
import io.concordat.silonode.records.SiloRecords;

/** Vectors of the exact rounds, before anybody has said that they may leave. */
final class ExactSums {
  private ExactSums() {}

  /** Integers, or why there are none. */
  sealed interface Outcome {
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Sums(long[] values) implements Outcome {}

    record Unfit(String reason) implements Outcome {}
  }

  /** Patients, rows, then the columns, over both sides of the split: statistics learn nothing. */
  static Outcome describe(RoundTask.Describe task, SiloRecords records) {
    int values = 2;
    for (DescribedColumn column : task.columns()) {
      values += column.values();
    }
    long[] sums = new long[values];
    sums[0] = records.patients();
    sums[1] = records.train().rows() + records.evaluation().rows();
    int at = 2;
    for (DescribedColumn column : task.columns()) {
      describe(column, records.train(), sums, at);
      describe(column, records.evaluation(), sums, at);
      switch (column) {
        case DescribedColumn.Number _ -> {
          // Its three sums are of all rows; nothing in them is a cell.
        }
        case DescribedColumn.Category category ->
            suppress(category.levels().size(), task.smallestCell(), sums, at);
        case DescribedColumn.Histogram histogram ->
            suppress(histogram.bins(), task.smallestCell(), sums, at);
      }
      at += column.values();
    }
    return new Outcome.Sums(sums);
  }

  private static void describe(DescribedColumn column, RecordTable table, long[] sums, int at) {
    for (int r = 0; r < table.rows(); r++) {
      FeatureSpace.Row row = table.row(r);
      switch (column) {
        case DescribedColumn.Number number -> {
          double u = unit(row.number(number.name()), number.min(), number.max());
          sums[at]++;
          sums[at + 1] += units(u);
          sums[at + 2] += units(u * u);
        }
        case DescribedColumn.Category category ->
            sums[at + category.levels().indexOf(row.level(category.name()))]++;
        case DescribedColumn.Histogram h ->
            sums[at + DescribedColumn.bin(row.number(h.name()), h.min(), h.max(), h.bins())]++;
      }
    }
  }

  /** Cells below the floor go to the last value together; a sum can withhold nothing afterwards. */
  private static void suppress(int cells, long smallestCell, long[] sums, int at) {
    int last = at + cells;
    for (int cell = at; cell < last; cell++) {
      if (sums[cell] < smallestCell) {
        sums[last] += sums[cell];
        sums[cell] = 0;
      }
    }
  }

  /** Rows, then each feature's sum, then each feature's sum of squares, over the train rows. */
  static Outcome moments(RoundTask.FeatureMoments task, SiloRecords records) {
    FeatureSpace features = task.features();
    int d = features.dimension();
    long[] sums = new long[1 + 2 * d];
    RecordTable train = records.train();
    sums[0] = train.rows();
    for (int r = 0; r < train.rows(); r++) {
      double[] raw = features.encode(train.row(r));
      for (int j = 0; j < d; j++) {
        FeatureSpace.Feature feature = features.features().get(j);
        double u = unit(raw[j], feature.min(), feature.max());
        sums[1 + j] += units(u);
        sums[1 + d + j] += units(u * u);
      }
    }
    return new Outcome.Sums(sums);
  }

  private static double unit(double value, double min, double max) {
    return Math.max(0, Math.min(1, (value - min) / (max - min)));
  }

  private static long units(double inUnitInterval) {
    return Math.round(inUnitInterval * RoundTask.MOMENT_UNITS);
  }

  /** n, then n times the quantised update. */
  static Outcome update(RoundTask.LocalEpochs task, PublicState state, SiloRecords records) {
    double[] start = state.values(StateNames.WEIGHTS);
    Examples train = Examples.of(records.train(), records.train(), task.features(), state);
    long patients = train.patients();
    long[] sums = new long[1 + start.length];
    if (patients == 0) {
      return new Outcome.Sums(sums);
    }
    int round = (int) state.scalar(StateNames.ROUND);
    double[] update = LocalTrainer.train(task.model(), start, train, task.training(), round);
    for (int j = 0; j < update.length; j++) {
      update[j] -= start[j];
    }
    sums[0] = patients;
    return switch (task.quantiser().quantiseClamped(update)) {
      case Quantiser.Unfit _ ->
          new Outcome.Unfit("local training diverged: the learning rate is too large");
      case Quantiser.Quantised(long[] units) -> {
        for (int j = 0; j < units.length; j++) {
          sums[1 + j] = patients * units[j];
        }
        yield new Outcome.Sums(sums);
      }
    };
  }

  /** Weight of the patients in each cell and, if asked, their losses. */
  static Outcome evaluate(RoundTask.Evaluate task, PublicState state, SiloRecords records) {
    ScoreHistogram histogram = task.histogram();
    Examples examples = Examples.of(records.evaluation(), records.train(), task.features(), state);
    double[] weights = state.values(StateNames.WEIGHTS);
    long[] sums = new long[histogram.values()];
    for (int patient = 0; patient < examples.patients(); patient++) {
      int[] rows = examples.rowsOf(patient);
      double loss = 0;
      for (int row : rows) {
        sums[PrivateHalf.cell(task, weights, examples, row)] +=
            ScoreHistogram.PATIENT_UNITS / rows.length;
        double z = task.model().logit(weights, examples.input(row));
        loss += Math.max(z, 0) - z * examples.label(row) + Math.log1p(Math.exp(-Math.abs(z)));
      }
      if (histogram.withLoss()) {
        double mean = Math.min(ScoreHistogram.MAX_LOSS, loss / rows.length);
        sums[sums.length - 1] += Math.round(mean * ScoreHistogram.LOSS_UNITS);
      }
    }
    return new Outcome.Sums(sums);
  }
}
