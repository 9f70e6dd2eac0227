package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.statement.JobEnded;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the document that was handed out says what the final state says: weights, scaling and
 * figures of a model, figures of statistics, each number to its last bit.
 */
final class ReleaseStage {
  static final String RELEASE = "the released document is this result";

  private static final int MAX_RELEASE_BYTES = 256 << 20;

  private ReleaseStage() {}

  static void run(PackFiles pack, JobRecord job, StateTrail trail, List<Check> checks)
      throws IOException {
    Optional<JobEnded> end = job.end();
    if (end.isEmpty() || end.get().outcome() != JobEnded.Outcome.SUCCEEDED) {
      return;
    }
    Tally tally = new Tally(JobStage.name(job) + ": " + RELEASE);
    String path = PackLayout.release(job.digest());
    try {
      Optional<byte[]> file = pack.read(path, MAX_RELEASE_BYTES);
      if (file.isEmpty()) {
        tally.fault("release", "not in the pack: " + path);
      } else if (trail.lost()) {
        trail.mark(tally, path);
      } else {
        compare(PlainJson.readObject(file.get()), job, trail.state())
            .ifPresentOrElse(what -> tally.fault(path, what), tally::agree);
      }
    } catch (DecodeException | IllegalArgumentException e) {
      tally.fault(path, String.valueOf(e.getMessage()));
    }
    checks.add(tally.check(path + ": digest and every number compared"));
  }

  private static Optional<String> compare(Map<?, ?> document, JobRecord job, byte[] last)
      throws DecodeException {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("job", job.digest().toString());
    wanted.put("stateDigest", job.end().flatMap(JobEnded::result).orElseThrow().toString());
    if (!(job.terms().program() instanceof AnalysisProgram program)) {
      return Optional.of("the job's analysis is unknown");
    }
    switch (program.analysis().result(PublicState.fromBytes(last))) {
      case AnalysisResult.Model(TrainedModel model, Optional<Metrics> metrics) -> {
        wanted.put("schema", "model/1");
        wanted.put("arrays", arrays(model));
        wanted.put("features", features(model));
        metrics.ifPresent(m -> wanted.put("metrics", figures(m)));
      }
      case AnalysisResult.Statistics statistics -> {
        wanted.put("schema", "statistics/1");
        wanted.put("patients", (double) statistics.patients());
        wanted.put("rows", (double) statistics.rows());
        wanted.put("columns", statistics.columns().stream().map(ReleaseStage::column).toList());
      }
    }
    return difference("", wanted, document);
  }

  private static Map<String, Object> arrays(TrainedModel model) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("weights", Map.of("values", numbers(model.weights())));
    out.put("center", Map.of("values", numbers(model.centers())));
    out.put("scale", Map.of("values", numbers(model.scales())));
    return out;
  }

  private static List<Map<String, String>> features(TrainedModel model) {
    return model.features().features().stream().map(f -> Map.of("name", f.name())).toList();
  }

  private static List<Double> numbers(double[] values) {
    return Arrays.stream(values).boxed().toList();
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
        out.put("count", (double) number.count());
        out.put("mean", number.mean());
        out.put("variance", number.variance());
      }
      case AnalysisResult.Column.Category category -> {
        out.put("suppressed", (double) category.suppressed());
        out.put(
            "levels",
            category.levels().stream()
                .map(l -> Map.of("level", l.level(), "count", (double) l.count()))
                .toList());
      }
    }
    return out;
  }

  /** The first place where the document lacks or changes what is wanted. It may say more. */
  private static Optional<String> difference(String path, Object wanted, @Nullable Object found) {
    if (wanted instanceof Map<?, ?> members && found instanceof Map<?, ?> object) {
      return members.entrySet().stream()
          .map(m -> difference(path + "/" + m.getKey(), m.getValue(), object.get(m.getKey())))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (wanted instanceof List<?> items && found instanceof List<?> list) {
      if (items.size() != list.size()) {
        return Optional.of(path + " has " + list.size() + " elements, not " + items.size());
      }
      for (int i = 0; i < items.size(); i++) {
        Optional<String> inside = difference(path + "/" + i, items.get(i), list.get(i));
        if (inside.isPresent()) {
          return inside;
        }
      }
      return Optional.empty();
    }
    return wanted.equals(found)
        ? Optional.empty()
        : Optional.of(path + " is " + found + ", computed is " + wanted);
  }
}
