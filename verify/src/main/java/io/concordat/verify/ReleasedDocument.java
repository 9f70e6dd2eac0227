package io.concordat.verify;

import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.ledger.JobRecord;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a released document must say, member by member, from a result that was computed here. Every
 * number is a double, as {@link PlainJson} reads them.
 */
final class ReleasedDocument {
  private ReleasedDocument() {}

  /**
   * @param stateDigest of the final state
   * @param price of a private job
   */
  static Map<String, Object> of(
      JobRecord job, AnalysisResult result, String stateDigest, Optional<JobPrice> price) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (result) {
      case AnalysisResult.Model(TrainedModel model, Optional<Metrics> metrics) -> {
        model(out, model);
        metrics.ifPresent(m -> out.put("metrics", figures(m)));
      }
      case AnalysisResult.Statistics statistics -> {
        out.put("schema", "statistics/1");
        out.put("kind", "statistics");
        out.put("patients", (double) statistics.patients());
        out.put("rows", (double) statistics.rows());
        out.put("columns", statistics.columns().stream().map(ReleasedDocument::column).toList());
      }
      case AnalysisResult.NoisedStatistics statistics -> {
        out.put("schema", "noised-statistics/1");
        out.put("kind", "statistics");
        out.put("patients", statistics.patients());
        out.put("noiseDeviation", statistics.deviation());
        out.put("columns", statistics.columns().stream().map(ReleasedDocument::noised).toList());
      }
    }
    out.put("job", job.digest().toString());
    out.put("stateDigest", stateDigest);
    price.ifPresent(p -> {
      out.put("epsilon", p.epsilon());
      out.put("delta", Double.toString(p.delta()));
    });
    return out;
  }

  private static void model(Map<String, Object> out, TrainedModel model) {
    out.put("schema", "model/1");
    out.put(
        "kind",
        switch (model.shape()) {
          case ModelShape.Logistic _ -> "logistic";
          case ModelShape.Mlp _ -> "mlp";
          case ModelShape.Graph _ -> "graph";
        });
    out.put("features", model.features().features().stream().map(ReleasedDocument::input).toList());
    Map<String, Object> label = new LinkedHashMap<>();
    label.put("column", model.features().label().column());
    switch (model.features().label()) {
      case LabelRule.Levels levels -> label.put("positive", levels.positive());
      case LabelRule.Above above -> label.put("above", above.threshold());
    }
    out.put("label", label);
    out.put("scaling", model.features().scaling().name().toLowerCase(Locale.ROOT));
    out.put("layers", Arrays.stream(model.shape().layers()).mapToObj(n -> (double) n).toList());
    if (model.shape() instanceof ModelShape.Graph(int _, ModelGraph graph)) {
      out.put("template", graph.digest().toString());
      out.put("graph", graph.layers().stream().map(ReleasedDocument::layer).toList());
    }
    Map<String, Object> arrays = new LinkedHashMap<>();
    arrays.put("weights", array(model.weights()));
    arrays.put("center", array(model.centers()));
    arrays.put("scale", array(model.scales()));
    out.put("arrays", arrays);
  }

  private static Map<String, Object> input(Feature feature) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", feature.name());
    out.put("column", feature.column());
    if (feature instanceof Feature.Level level) {
      out.put("level", level.level());
    }
    return out;
  }

  private static Map<String, Object> layer(ModelGraph.Layer layer) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("kind", "dense");
    out.put("units", (double) layer.units());
    out.put("activation", layer.activation().text());
    out.put("skip", layer.skip());
    return out;
  }

  private static Map<String, Object> array(double[] values) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("shape", List.of((double) values.length));
    out.put("values", Arrays.stream(values).boxed().toList());
    return out;
  }

  private static Map<String, Object> figures(Metrics metrics) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("patients", metrics.patients());
    out.put("accuracy", metrics.accuracy());
    out.put("auc", metrics.auc());
    out.put("brier", metrics.brier());
    metrics.loss().ifPresent(loss -> out.put("loss", loss));
    return out;
  }

  private static Map<String, Object> column(AnalysisResult.Column column) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", column.name());
    switch (column) {
      case AnalysisResult.Column.Number number -> {
        out.put("kind", "number");
        out.put("count", (double) number.count());
        out.put("mean", number.mean());
        out.put("variance", number.variance());
      }
      case AnalysisResult.Column.Category category -> {
        out.put("kind", "category");
        out.put("suppressed", (double) category.suppressed());
        out.put("levels", category.levels().stream().map(ReleasedDocument::level).toList());
      }
      case AnalysisResult.Column.Histogram histogram -> {
        out.put("kind", "histogram");
        out.put("min", histogram.min());
        out.put("max", histogram.max());
        out.put("suppressed", (double) histogram.suppressed());
        out.put("counts", histogram.counts().stream().map(n -> (double) n).toList());
      }
    }
    return out;
  }

  private static Map<String, Object> noised(AnalysisResult.NoisedColumn column) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", column.name());
    switch (column) {
      case AnalysisResult.NoisedColumn.Number number -> {
        out.put("kind", "number");
        out.put("mean", number.mean());
        out.put("meanDeviation", number.meanDeviation());
        out.put("variance", number.variance());
        out.put("varianceDeviation", number.varianceDeviation());
        out.put("reach", number.reach());
      }
      case AnalysisResult.NoisedColumn.Category category -> {
        out.put("kind", "category");
        out.put(
            "levels",
            category.levels().stream()
                .map(l -> Map.<String, Object>of("level", l.level(), "count", l.count()))
                .toList());
      }
      case AnalysisResult.NoisedColumn.Histogram histogram -> {
        out.put("kind", "histogram");
        out.put("min", histogram.min());
        out.put("max", histogram.max());
        out.put("counts", histogram.counts());
      }
    }
    return out;
  }

  private static Map<String, Object> level(AnalysisResult.Level level) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("level", level.level());
    out.put("count", (double) level.count());
    return out;
  }
}
