package io.concordat.protocol.analysis;

import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Counts, means, variances and category counts in one exact round.
 *
 * <p>Vector: patients, rows, then each column's values as {@link DescribedColumn} says.
 */
public final class StatisticsAnalysis implements Analysis {
  private static final String SUMS = "sums";

  private final RoundTask.Describe task;
  private final long maxPatientsPerSilo;

  public StatisticsAnalysis(
      List<DescribedColumn> columns, long smallestCell, long maxPatientsPerSilo) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("statistics need at least one column");
    }
    this.task = new RoundTask.Describe(columns, smallestCell);
    this.maxPatientsPerSilo = maxPatientsPerSilo;
  }

  @Override
  public PublicState initialState() {
    return PublicState.builder().scalar(StateNames.ROUND, 0).build();
  }

  @Override
  public RoundShape shape(PublicState state) {
    if (finished(state)) {
      throw new IllegalArgumentException("the statistics are finished");
    }
    int values = 2;
    for (DescribedColumn column : task.columns()) {
      values += column.values();
    }
    long bound = maxPatientsPerSilo * RoundTask.MAX_ROWS_PER_PATIENT * RoundTask.MOMENT_UNITS;
    return new RoundShape(task, values, RoundShape.bitsFor(bound), new Sealing.Exact());
  }

  @Override
  public PublicState advance(PublicState state, long[] sum, SortedMap<String, Long> cohort) {
    double[] sums = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      sums[i] = sum[i];
    }
    return state.toBuilder().scalar(StateNames.ROUND, 1).vector(SUMS, sums).build();
  }

  @Override
  public boolean finished(PublicState state) {
    return roundsDone(state) == 1;
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public AnalysisResult.Statistics result(PublicState state) {
    if (!finished(state)) {
      throw new IllegalArgumentException("the statistics are not finished");
    }
    double[] sums = state.values(SUMS);
    List<AnalysisResult.Column> columns = new ArrayList<>();
    int at = 2;
    for (DescribedColumn column : task.columns()) {
      columns.add(
          switch (column) {
            case DescribedColumn.Number number -> number(number, sums, at);
            case DescribedColumn.Category category -> category(category, sums, at);
            case DescribedColumn.Histogram histogram -> histogram(histogram, sums, at);
          });
      at += column.values();
    }
    return new AnalysisResult.Statistics((long) sums[0], (long) sums[1], columns);
  }

  private static AnalysisResult.Column number(
      DescribedColumn.Number column, double[] sums, int at) {
    double count = sums[at];
    double range = column.max() - column.min();
    Moments moments = Moments.of(count, sums[at + 1], sums[at + 2]);
    double unbiased = count > 1 ? moments.variance() * count / (count - 1) : 0;
    return new AnalysisResult.Column.Number(
        column.name(),
        (long) count,
        column.min() + range * moments.mean(),
        range * range * unbiased);
  }

  private static AnalysisResult.Column category(
      DescribedColumn.Category column, double[] sums, int at) {
    List<AnalysisResult.Level> levels = new ArrayList<>();
    for (int l = 0; l < column.levels().size(); l++) {
      levels.add(new AnalysisResult.Level(column.levels().get(l), (long) sums[at + l]));
    }
    return new AnalysisResult.Column.Category(
        column.name(), levels, (long) sums[at + column.levels().size()]);
  }

  private static AnalysisResult.Column histogram(
      DescribedColumn.Histogram histogram, double[] sums, int at) {
    List<Long> counts = new ArrayList<>();
    for (int bin = 0; bin < histogram.bins(); bin++) {
      counts.add((long) sums[at + bin]);
    }
    return new AnalysisResult.Column.Histogram(
        histogram.name(),
        histogram.min(),
        histogram.max(),
        counts,
        (long) sums[at + histogram.bins()]);
  }
}
