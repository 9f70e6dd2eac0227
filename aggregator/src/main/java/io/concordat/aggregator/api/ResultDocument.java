package io.concordat.aggregator.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.job.ModelGraph;
import java.util.Arrays;
import java.util.Locale;

/**
 * A job's result as a document that other programs read: {@code model/1} or {@code statistics/1}.
 *
 * <p>Doubles are written in the shortest decimal form that reads back to the same bits.
 */
final class ResultDocument {
  private final ObjectMapper json;

  ResultDocument(ObjectMapper json) {
    this.json = json;
  }

  ObjectNode of(AnalysisResult result, String job, String stateDigest) {
    ObjectNode document =
        switch (result) {
          case AnalysisResult.Model model -> model(model);
          case AnalysisResult.Statistics statistics -> statistics(statistics);
          case AnalysisResult.NoisedStatistics statistics -> noised(statistics);
        };
    return document.put("job", job).put("stateDigest", stateDigest);
  }

  private ObjectNode model(AnalysisResult.Model result) {
    TrainedModel model = result.model();
    ObjectNode document = json.createObjectNode().put("schema", "model/1");
    document.put("kind", kind(model.shape()));
    ArrayNode features = document.putArray("features");
    for (FeatureSpace.Feature feature : model.features().features()) {
      ObjectNode one = features.addObject().put("name", feature.name());
      one.put("column", feature.column());
      if (feature instanceof FeatureSpace.Feature.Level level) {
        one.put("level", level.level());
      }
    }
    ObjectNode label = document.putObject("label");
    label.put("column", model.features().label().column());
    switch (model.features().label()) {
      case FeatureSpace.LabelRule.Levels levels -> {
        ArrayNode positive = label.putArray("positive");
        levels.positive().forEach(positive::add);
      }
      case FeatureSpace.LabelRule.Above above -> label.put("above", above.threshold());
    }
    document.put("scaling", model.features().scaling().name().toLowerCase(Locale.ROOT));
    ArrayNode layers = document.putArray("layers");
    Arrays.stream(model.shape().layers()).forEach(layers::add);
    if (model.shape() instanceof ModelShape.Graph(int _, ModelGraph graph)) {
      document.put("template", graph.digest().toString());
      ArrayNode described = document.putArray("graph");
      for (ModelGraph.Layer layer : graph.layers()) {
        described
            .addObject()
            .put("kind", "dense")
            .put("units", layer.units())
            .put("activation", layer.activation().text())
            .put("skip", layer.skip());
      }
    }
    ObjectNode arrays = document.putObject("arrays");
    array(arrays, "weights", model.weights());
    array(arrays, "center", model.centers());
    array(arrays, "scale", model.scales());
    result.metrics().ifPresent(metrics -> metrics(document.putObject("metrics"), metrics));
    return document;
  }

  private static String kind(ModelShape shape) {
    return switch (shape) {
      case ModelShape.Logistic _ -> "logistic";
      case ModelShape.Mlp _ -> "mlp";
      case ModelShape.Graph _ -> "graph";
    };
  }

  static void metrics(ObjectNode into, Metrics metrics) {
    into.put("patients", metrics.patients());
    into.put("accuracy", metrics.accuracy());
    into.put("auc", metrics.auc());
    into.put("brier", metrics.brier());
    metrics.loss().ifPresent(loss -> into.put("loss", loss));
  }

  private static void array(ObjectNode arrays, String name, double[] values) {
    ObjectNode array = arrays.putObject(name);
    array.putArray("shape").add(values.length);
    ArrayNode list = array.putArray("values");
    for (double value : values) {
      list.add(value);
    }
  }

  private ObjectNode statistics(AnalysisResult.Statistics result) {
    ObjectNode document = json.createObjectNode().put("schema", "statistics/1");
    document.put("kind", "statistics");
    document.put("patients", result.patients());
    document.put("rows", result.rows());
    ArrayNode columns = document.putArray("columns");
    for (AnalysisResult.Column column : result.columns()) {
      ObjectNode one = columns.addObject().put("name", column.name());
      switch (column) {
        case AnalysisResult.Column.Number number ->
            one.put("kind", "number")
                .put("count", number.count())
                .put("mean", number.mean())
                .put("variance", number.variance());
        case AnalysisResult.Column.Category category -> {
          one.put("kind", "category").put("suppressed", category.suppressed());
          ArrayNode levels = one.putArray("levels");
          category
              .levels()
              .forEach(level ->
                  levels.addObject().put("level", level.level()).put("count", level.count()));
        }
        case AnalysisResult.Column.Histogram h -> {
          one.put("kind", "histogram").put("min", h.min()).put("max", h.max());
          one.put("suppressed", h.suppressed());
          ArrayNode counts = one.putArray("counts");
          h.counts().forEach(counts::add);
        }
      }
    }
    return document;
  }

  private ObjectNode noised(AnalysisResult.NoisedStatistics result) {
    ObjectNode document = json.createObjectNode().put("schema", "noised-statistics/1");
    document.put("kind", "statistics");
    document.put("patients", result.patients());
    document.put("noiseDeviation", result.deviation());
    ArrayNode columns = document.putArray("columns");
    for (AnalysisResult.NoisedColumn column : result.columns()) {
      ObjectNode one = columns.addObject().put("name", column.name());
      switch (column) {
        case AnalysisResult.NoisedColumn.Number number ->
            one.put("kind", "number")
                .put("mean", number.mean())
                .put("meanDeviation", number.meanDeviation())
                .put("variance", number.variance())
                .put("varianceDeviation", number.varianceDeviation())
                .put("reach", number.reach());
        case AnalysisResult.NoisedColumn.Category category -> {
          ArrayNode levels = one.put("kind", "category").putArray("levels");
          category
              .levels()
              .forEach(level ->
                  levels.addObject().put("level", level.level()).put("count", level.count()));
        }
        case AnalysisResult.NoisedColumn.Histogram h -> {
          one.put("kind", "histogram").put("min", h.min()).put("max", h.max());
          ArrayNode counts = one.putArray("counts");
          h.counts().forEach(counts::add);
        }
      }
    }
    return document;
  }
}
