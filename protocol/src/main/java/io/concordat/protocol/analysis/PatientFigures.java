package io.concordat.protocol.analysis;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.FeatureSpace.Row;
import java.util.List;

/**
 * What a patient adds to noised figures of columns: one vector whose length in L2 is bounded by
 * public numbers alone, so that leaving the patient out moves the sum by no more.
 *
 * <p>The vector begins with 1 and then holds what {@link Figure} says of each column, averaged over
 * the patient's rows. Each figure of one row lies in a ball around zero, a ball is convex, so the
 * average lies in it too, however many rows there are; the squares of the radii add up over the
 * figures (docs/privacy-proofs.md, 10).
 */
public record PatientFigures(List<Figure> figures) {

  /** The bound in integer units. Truncation takes less than 2^-16 of it from a value. */
  public static final long CLIP_UNITS = 1L << 16;

  /** Values further than this many of the policy's scales from its center count as if there. */
  private static final double REACH_IN_SCALES = 3;

  public PatientFigures {
    figures = List.copyOf(figures);
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("figures of at least one column");
    }
  }

  /** A column's part of the vector. */
  public sealed interface Figure {
    String column();

    int values();

    /** Square of the radius of the ball in which a row's part lies. */
    int squaredReach();

    /** Adds a row's part. */
    void add(Row row, double weight, double[] vector, int at);

    /**
     * Mean and spread of a number: tau and 2 tau^2 - 1, where tau = (x - center)/reach is moved
     * into [-1, 1]. On that interval tau^2 + (2 tau^2 - 1)^2 = 1 + tau^2 (4 tau^2 - 3) is at most
     * 2.
     */
    record Spread(String column, double center, double reach) implements Figure {
      public Spread {
        if (!(reach > 0) || !Double.isFinite(reach) || !Double.isFinite(center)) {
          throw new IllegalArgumentException(column + ": reach must be positive");
        }
      }

      /** Around the policy's center, as far as values can or usefully may lie from it. */
      public static Spread around(
          String column, double min, double max, double center, double scale) {
        double far = Math.max(max - center, center - min);
        return new Spread(column, center, Math.min(REACH_IN_SCALES * scale, far));
      }

      @Override
      public int values() {
        return 2;
      }

      @Override
      public int squaredReach() {
        return 2;
      }

      @Override
      public void add(Row row, double weight, double[] vector, int at) {
        double tau = Math.max(-1, Math.min(1, (row.number(column) - center) / reach));
        vector[at] += weight * tau;
        vector[at + 1] += weight * (2 * tau * tau - 1);
      }
    }

    /** One indicator for each of some values of a category; at most one of them is 1. */
    record Cells(String column, List<String> levels) implements Figure {
      public Cells {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
          throw new IllegalArgumentException(column + ": at least one value");
        }
      }

      @Override
      public int values() {
        return levels.size();
      }

      @Override
      public int squaredReach() {
        return 1;
      }

      @Override
      public void add(Row row, double weight, double[] vector, int at) {
        int cell = levels.indexOf(row.level(column));
        if (cell >= 0) {
          vector[at + cell] += weight;
        }
      }
    }

    /** One indicator for each of some bins of equal width between a number's bounds. */
    record Bins(String column, double min, double max, int bins) implements Figure {
      public Bins {
        if (!(min < max) || !Double.isFinite(max - min) || bins < 2) {
          throw new IllegalArgumentException(column + ": at least two bins between min and max");
        }
      }

      @Override
      public int values() {
        return bins;
      }

      @Override
      public int squaredReach() {
        return 1;
      }

      @Override
      public void add(Row row, double weight, double[] vector, int at) {
        vector[at + DescribedColumn.bin(row.number(column), min, max, bins)] += weight;
      }
    }
  }

  /** Length of the vector. */
  public int values() {
    int values = 1;
    for (Figure figure : figures) {
      values = Math.addExact(values, figure.values());
    }
    return values;
  }

  /** The bound on one patient's vector, as a real number: that of {@link #CLIP_UNITS}. */
  public double reach() {
    long squares = 1;
    for (Figure figure : figures) {
      squares += figure.squaredReach();
    }
    return Math.sqrt((double) squares);
  }

  /** The vector of one patient with these rows; zero without rows. */
  public double[] ofPatient(List<Row> rows) {
    double[] vector = new double[values()];
    if (rows.isEmpty()) {
      return vector;
    }
    vector[0] = 1;
    for (Row row : rows) {
      int at = 1;
      for (Figure figure : figures) {
        figure.add(row, 1.0 / rows.size(), vector, at);
        at += figure.values();
      }
    }
    return vector;
  }

  /**
   * An opened sum in units of patients.
   *
   * @param values estimates of the sum of all patients' vectors
   * @param deviation of the noise in each of them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Opened(double[] values, double deviation) {}

  /**
   * @param contributors silos in the cohort, each of which added its share
   */
  Opened open(long[] sum, NoiseShare share, int contributors) {
    double unit = reach() / share.clipUnits();
    double[] values = new double[sum.length];
    for (int j = 0; j < sum.length; j++) {
      values[j] = sum[j] * unit;
    }
    return new Opened(values, Math.sqrt(contributors) * share.sigma() * unit);
  }
}
