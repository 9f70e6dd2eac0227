package io.concordat.client.demo.data;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Label;
import io.concordat.protocol.policy.Privacy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The two datasets as a policy declares them. Bounds, centres and scales are round numbers of
 * general medical knowledge: a constant computed from the records would be a release of its own.
 */
public final class DemoDatasets {
  private static final Holdout HOLDOUT =
      new Holdout.ByColumn(DemoRecords.SPLIT, List.of(DemoRecords.Side.EVALUATION.value()));

  private static final Column SPLIT =
      new Column.Category(
          DemoRecords.SPLIT,
          List.of(DemoRecords.Side.TRAIN.value(), DemoRecords.Side.EVALUATION.value()),
          Column.MissingRule.REFUSE);

  private DemoDatasets() {}

  /** Heart disease, under a cap; label {@code disease}. */
  public static Dataset heart() {
    return new Dataset(
        "heart",
        DemoRecords.PATIENT,
        500,
        HOLDOUT,
        List.of(
            new Column.Identifier(DemoRecords.PATIENT),
            number("age", "0", "120", "55", "10", "years"),
            category("sex", "0", "1"),
            category("cp", "1", "2", "3", "4"),
            number("trestbps", "0", "300", "130", "20", "mm Hg"),
            number("chol", "0", "1000", "200", "100", "mg/dl"),
            category("fbs", "0", "1"),
            category("restecg", "0", "1", "2"),
            number("thalach", "30", "250", "140", "25", "1/min"),
            category("exang", "0", "1"),
            number("oldpeak", "-10", "10", "1", "1", "mm"),
            category("num", "0", "1", "2", "3", "4"),
            SPLIT),
        List.of(new Label("disease", "num", List.of("1", "2", "3", "4"))),
        new Privacy.Cap(new BigDecimal("8.0"), new BigDecimal("1e-5"), new BigDecimal("2.0")),
        List.of());
  }

  /** Breast cancer, exact sums allowed; label {@code malignant}. */
  public static Dataset breastCancer() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column.Identifier(DemoRecords.BIOPSY));
    measure(columns, "radius", "15", "4", "0.4", "0.3", "17", "5", "100");
    measure(columns, "texture", "20", "4", "1.2", "0.5", "25", "6", "100");
    measure(columns, "perimeter", "90", "25", "3", "2", "110", "35", "1000");
    measure(columns, "area", "650", "350", "40", "45", "900", "570", "10000");
    measure(columns, "smoothness", "0.1", "0.02", "0.007", "0.003", "0.13", "0.02", "1");
    measure(columns, "compactness", "0.1", "0.05", "0.03", "0.02", "0.25", "0.15", "5");
    measure(columns, "concavity", "0.1", "0.08", "0.03", "0.03", "0.3", "0.2", "5");
    measure(columns, "concave_points", "0.05", "0.04", "0.01", "0.006", "0.1", "0.07", "1");
    measure(columns, "symmetry", "0.2", "0.03", "0.02", "0.008", "0.3", "0.06", "1");
    measure(columns, "fractal_dimension", "0.06", "0.007", "0.004", "0.003", "0.08", "0.02", "1");
    columns.add(category("diagnosis", "benign", "malignant"));
    columns.add(SPLIT);
    columns.sort(java.util.Comparator.comparingInt(DemoDatasets::sourceOrder));
    return new Dataset(
        "breast-cancer",
        DemoRecords.BIOPSY,
        500,
        HOLDOUT,
        columns,
        List.of(new Label("malignant", "diagnosis", List.of("malignant"))),
        new Privacy.None(),
        List.of());
  }

  /** The file has all means first, then all errors, then all of the largest. */
  private static int sourceOrder(Column column) {
    String name = column.name();
    if (column instanceof Column.Identifier) {
      return 0;
    }
    if (name.endsWith("_mean")) {
      return 1;
    }
    if (name.endsWith("_error")) {
      return 2;
    }
    return name.endsWith("_worst") ? 3 : 4;
  }

  private static void measure(
      List<Column> columns,
      String name,
      String meanCenter,
      String meanScale,
      String errorCenter,
      String errorScale,
      String worstCenter,
      String worstScale,
      String max) {
    columns.add(number(name + "_mean", "0", max, meanCenter, meanScale, ""));
    columns.add(number(name + "_error", "0", max, errorCenter, errorScale, ""));
    columns.add(number(name + "_worst", "0", max, worstCenter, worstScale, ""));
  }

  private static Column number(
      String name, String min, String max, String center, String scale, String unit) {
    return new Column.Number(
        name,
        new BigDecimal(min),
        new BigDecimal(max),
        new BigDecimal(center),
        new BigDecimal(scale),
        unit,
        Column.MissingRule.DROP_ROW);
  }

  private static Column category(String name, String... values) {
    return new Column.Category(name, List.of(values), Column.MissingRule.DROP_ROW);
  }
}
