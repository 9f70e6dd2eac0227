package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.ledger.JobRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A result as the people's interface hands it out. */
final class Release {
  private Release() {}

  static byte[] document(JobRecord job, byte[] last) {
    AnalysisProgram program = (AnalysisProgram) job.terms().program();
    String body;
    try {
      body =
          switch (program.analysis().result(PublicState.fromBytes(last))) {
            case AnalysisResult.Model(TrainedModel model, Optional<Metrics> metrics) ->
                model(model, metrics);
            case AnalysisResult.Statistics statistics -> statistics(statistics);
          };
    } catch (IllegalArgumentException unfinished) {
      // Of a federation in trouble: a document all the same.
      body = "\"schema\":\"none\"";
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
    return ("{"
            + body
            + ",\"job\":\""
            + job.digest()
            + "\",\"stateDigest\":\""
            + Digests.sha256(last)
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String model(TrainedModel model, Optional<Metrics> metrics) {
    return "\"schema\":\"model/1\",\"features\":["
        + model.features().features().stream()
            .map(FeatureSpace.Feature::name)
            .map(n -> "{\"name\":\"" + n + "\"}")
            .collect(Collectors.joining(","))
        + "],\"arrays\":{"
        + array("weights", model.weights())
        + ","
        + array("center", model.centers())
        + ","
        + array("scale", model.scales())
        + "}"
        + metrics
            .map(m ->
                ",\"metrics\":{\"patients\":%s,\"accuracy\":%s,\"auc\":%s,\"brier\":%s%s}"
                    .formatted(
                        m.patients(),
                        m.accuracy(),
                        m.auc(),
                        m.brier(),
                        m.loss().isPresent() ? ",\"loss\":" + m.loss().getAsDouble() : ""))
            .orElse("");
  }

  private static String array(String name, double[] values) {
    return "\""
        + name
        + "\":{\"shape\":["
        + values.length
        + "],\"values\":"
        + Arrays.toString(values)
        + "}";
  }

  private static String statistics(AnalysisResult.Statistics s) {
    return "\"schema\":\"statistics/1\",\"patients\":"
        + s.patients()
        + ",\"rows\":"
        + s.rows()
        + ",\"columns\":["
        + s.columns().stream().map(Release::column).collect(Collectors.joining(","))
        + "]";
  }

  private static String column(AnalysisResult.Column column) {
    return switch (column) {
      case AnalysisResult.Column.Number n ->
          "{\"name\":\"%s\",\"count\":%s,\"mean\":%s,\"variance\":%s}"
              .formatted(n.name(), n.count(), n.mean(), n.variance());
      case AnalysisResult.Column.Category c ->
          "{\"name\":\"%s\",\"suppressed\":%s,\"levels\":[%s]}"
              .formatted(
                  c.name(),
                  c.suppressed(),
                  c.levels().stream()
                      .map(l -> "{\"level\":\"%s\",\"count\":%s}".formatted(l.level(), l.count()))
                      .collect(Collectors.joining(",")));
    };
  }
}
