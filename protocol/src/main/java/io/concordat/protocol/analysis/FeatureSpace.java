package io.concordat.protocol.analysis;

import java.util.List;
import java.util.Objects;

/**
 * How a row becomes the model's input: numbers as they are, categories one-hot without their first
 * level (with an intercept in the model the first level would be redundant), then {@code (x -
 * center)/scale} with the constants of the state.
 *
 * @param features one for each input of the model
 * @param label the column to be predicted and which of its values count as 1
 * @param scaling where centre and scale come from
 */
public record FeatureSpace(List<Feature> features, LabelRule label, Scaling scaling) {

  public FeatureSpace {
    features = List.copyOf(features);
    Objects.requireNonNull(label);
    Objects.requireNonNull(scaling);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one feature");
    }
  }

  public int dimension() {
    return features.size();
  }

  /** One row of records, already checked against the dataset's schema. */
  public interface Row {
    /** Value of a number column. */
    double number(String column);

    /** Level of a category column. */
    String level(String column);
  }

  /** The model's inputs before scaling, in the order of the features. */
  public double[] encode(Row row) {
    double[] raw = new double[features.size()];
    for (int j = 0; j < raw.length; j++) {
      raw[j] =
          switch (features.get(j)) {
            case Feature.Number number -> row.number(number.column());
            case Feature.Level level -> row.level(level.column()).equals(level.level()) ? 1 : 0;
          };
    }
    return raw;
  }

  /** Whether the row counts as 1. */
  public boolean positive(Row row) {
    return switch (label) {
      case LabelRule.Levels levels -> levels.positive().contains(row.level(levels.column()));
      case LabelRule.Above above -> row.number(above.column()) > above.threshold();
    };
  }

  /** The policy's constants for every feature. */
  public double[] schemaCenters() {
    double[] centers = new double[features.size()];
    for (int j = 0; j < centers.length; j++) {
      centers[j] = features.get(j).center();
    }
    return centers;
  }

  /** The policy's constants for every feature. */
  public double[] schemaScales() {
    double[] scales = new double[features.size()];
    for (int j = 0; j < scales.length; j++) {
      scales[j] = features.get(j).scale();
    }
    return scales;
  }

  /** Where centre and scale come from. */
  public enum Scaling {
    /** The policy's public constants. */
    SCHEMA,
    /** Means and deviations of the federation, opened in a round of their own. */
    FEDERATION,
    /** Each node's own; depends on its records, hence never in a private job. */
    SILO
  }

  /** One input of the model. */
  public sealed interface Feature {
    String column();

    /** Name for people: the column, or column=level. */
    String name();

    double center();

    double scale();

    double min();

    double max();

    /** A number column. */
    record Number(String column, double min, double max, double center, double scale)
        implements Feature {
      public Number {
        if (!(min < max) || !Double.isFinite(max - min)) {
          throw new IllegalArgumentException(column + ": min must lie below max");
        }
        if (!(scale > 0) || !Double.isFinite(scale) || !Double.isFinite(center)) {
          throw new IllegalArgumentException(column + ": scale must be positive");
        }
      }

      @Override
      public String name() {
        return column;
      }
    }

    /** 1 where the category column has this level, 0 elsewhere. */
    record Level(String column, String level) implements Feature {
      @Override
      public String name() {
        return column + "=" + level;
      }

      @Override
      public double center() {
        return 0;
      }

      @Override
      public double scale() {
        return 1;
      }

      @Override
      public double min() {
        return 0;
      }

      @Override
      public double max() {
        return 1;
      }
    }
  }

  /** Which rows are positive. */
  public sealed interface LabelRule {
    String column();

    /** Positive where the category has one of these levels. */
    record Levels(String column, List<String> positive) implements LabelRule {
      public Levels {
        positive = List.copyOf(positive);
        if (positive.isEmpty()) {
          throw new IllegalArgumentException(column + ": no level counts as positive");
        }
      }
    }

    /** Positive where the number exceeds the threshold. */
    record Above(String column, double threshold) implements LabelRule {}
  }
}
