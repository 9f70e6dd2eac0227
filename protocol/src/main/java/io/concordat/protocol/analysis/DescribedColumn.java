package io.concordat.protocol.analysis;

import java.util.List;

/** A column that {@link RoundTask.Describe} summarises. */
public sealed interface DescribedColumn {
  String name();

  /** Values of the vector that this column takes. */
  int values();

  /** The bin of a number, the last one closed on both sides. */
  static int bin(double value, double min, double max, int bins) {
    double place = (value - min) / (max - min) * bins;
    return Math.max(0, Math.min(bins - 1, (int) place));
  }

  /**
   * Three values: rows that have the column, sum of u, sum of u squared, u = (x - min)/(max - min).
   */
  record Number(String name, double min, double max) implements DescribedColumn {
    public Number {
      if (!(min < max) || !Double.isFinite(min) || !Double.isFinite(max)) {
        throw new IllegalArgumentException(name + ": min must lie below max");
      }
    }

    @Override
    public int values() {
      return 3;
    }
  }

  /** One value for each level, then one for the rows of cells too small to be sent. */
  record Category(String name, List<String> levels) implements DescribedColumn {
    public Category {
      levels = List.copyOf(levels);
      if (levels.isEmpty()) {
        throw new IllegalArgumentException(name + ": a category has at least one level");
      }
    }

    @Override
    public int values() {
      return levels.size() + 1;
    }
  }

  /**
   * A number's rows in bins of equal width between its bounds, then one value for the rows of bins
   * too small to be sent.
   */
  record Histogram(String name, double min, double max, int bins) implements DescribedColumn {
    public Histogram {
      if (!(min < max) || !Double.isFinite(max - min) || bins < 2) {
        throw new IllegalArgumentException(name + ": at least two bins between min and max");
      }
    }

    @Override
    public int values() {
      return bins + 1;
    }
  }
}
