package io.concordat.protocol.analysis;

import java.util.List;

/** A column that {@link RoundTask.Describe} summarises. */
public sealed interface DescribedColumn {
  String name();

  /** Values of the vector that this column takes. */
  int values();

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
}
