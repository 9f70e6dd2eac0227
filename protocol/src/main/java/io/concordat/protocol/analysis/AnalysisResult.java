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

  /**
   * Noised summaries of the columns. A deviation is that of the noise alone; that a silo's patients
   * are a sample of others is for the reader to add.
   *
   * @param patients estimated
   * @param deviation of the noise in every count
   */
  record NoisedStatistics(double patients, double deviation, List<NoisedColumn> columns)
      implements AnalysisResult {
    public NoisedStatistics {
      columns = List.copyOf(columns);
    }
  }

  /** One column's noised summary; every patient weighs 1, dealt over its rows. */
  sealed interface NoisedColumn {
    String name();

    /** Values further than {@code reach} from the policy's center counted as if there. */
    record Number(
        String name,
        double mean,
        double meanDeviation,
        double variance,
        double varianceDeviation,
        double reach)
        implements NoisedColumn {}

    /** Patients at each level; small counts may be below zero. */
    record Category(String name, List<NoisedLevel> levels) implements NoisedColumn {
      public Category {
        levels = List.copyOf(levels);
      }
    }

    /** Patients in bins of equal width from min to max. */
    record Histogram(String name, double min, double max, List<Double> counts)
        implements NoisedColumn {
      public Histogram {
        counts = List.copyOf(counts);
      }
    }
  }

  /** A level and its estimated count. */
  record NoisedLevel(String level, double count) {}

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

    /** Rows in bins of equal width from min to max; {@code suppressed} as for categories. */
    record Histogram(String name, double min, double max, List<Long> counts, long suppressed)
        implements Column {
      public Histogram {
        counts = List.copyOf(counts);
      }
    }
  }

  /** A level and its count. */
  record Level(String level, long count) {}
}
