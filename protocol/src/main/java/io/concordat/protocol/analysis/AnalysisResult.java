package io.concordat.protocol.analysis;

import java.util.List;
import java.util.Optional;

/** What a finished job found. Everything in it follows from opened sums and the job's file. */
public sealed interface AnalysisResult {

  /** A trained model and, where it was asked for, its evaluation. */
  record Model(TrainedModel model, Optional<Metrics> metrics) implements AnalysisResult {}

  /** Summaries of the columns, in the order that the job names them. */
  record Statistics(long patients, long rows, List<Column> columns) implements AnalysisResult {
    public Statistics {
      columns = List.copyOf(columns);
    }
  }

  /** One column's summary. */
  sealed interface Column {
    String name();

    /** Over the rows that have a value; the variance divides by count - 1. */
    record Number(String name, long count, double mean, double variance) implements Column {}

    /** Count of each level; {@code suppressed} rows lie in cells too small to be sent. */
    record Category(String name, List<Level> levels, long suppressed) implements Column {
      public Category {
        levels = List.copyOf(levels);
      }
    }
  }

  /** A level and its count. */
  record Level(String level, long count) {}
}
