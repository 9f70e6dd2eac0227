package io.concordat.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.demo.data.LabelledMatrix;
import io.concordat.client.demo.data.OutsideModel;
import io.concordat.client.demo.data.Score;
import io.concordat.protocol.analysis.Analyses;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.ModelSpec;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the demo's training jobs and the comparison that is made outside the federation, where the
 * demo holds all files: the released model on everybody's evaluation rows, beside what each
 * hospital gets from its own train rows and what pooling all train rows would give.
 */
final class DemoJob {
  /** Penalty of the comparison models; large enough to keep separable records finite. */
  private static final double RIDGE = 1.0;

  private final JobSpecification specification;
  private final FeatureSpace features;
  private final ModelSpec model;
  private final DemoRecords records;

  DemoJob(JobSpecification specification, Dataset dataset, DemoRecords records)
      throws RefusedException {
    this.specification = specification;
    this.records = records;
    if (!(specification.analysis() instanceof AnalysisSpec.Train train)) {
      throw new IllegalArgumentException(specification.name() + " trains no model");
    }
    this.model = train.model();
    this.features = Analyses.featureSpace(model, dataset).orThrow();
  }

  String name() {
    return specification.name();
  }

  DemoRecords records() {
    return records;
  }

  /** The model of a release file, ready to predict. */
  TrainedModel read(Path release) throws IOException {
    JsonNode file = new ObjectMapper().readTree(Files.readAllBytes(release));
    ModelShape shape =
        switch (model) {
          case ModelSpec.Logistic logistic -> new ModelShape.Logistic(features.dimension());
          case ModelSpec.Mlp mlp -> new ModelShape.Mlp(features.dimension(), mlp.hidden());
          case ModelSpec.Graph graph -> new ModelShape.Graph(features.dimension(), graph.graph());
        };
    return new TrainedModel(
        features,
        shape,
        array(file, "weights", release),
        array(file, "center", release),
        array(file, "scale", release));
  }

  private static double[] array(JsonNode file, String name, Path release) throws IOException {
    JsonNode values = file.path("arrays").path(name).path("values");
    if (!values.isArray()) {
      throw new IOException(release + ": arrays." + name + ".values is missing");
    }
    double[] out = new double[values.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = values.get(i).asDouble(Double.NaN);
    }
    return out;
  }

  /**
   * The comparison.
   *
   * @param federated the released model on all hospitals' evaluation rows
   * @param pooled a model fitted on all train rows, on the same evaluation rows
   * @param alone each hospital's own model, on the same evaluation rows
   */
  record Comparison(Score federated, Score pooled, Map<String, Score> alone) {}

  Comparison compare(TrainedModel released) {
    List<String> hospitals = DemoRecords.HOSPITALS;
    LabelledMatrix evaluation = matrix(hospitals, DemoRecords.Side.EVALUATION);
    Map<String, Score> alone = new LinkedHashMap<>();
    for (String hospital : hospitals) {
      OutsideModel own = OutsideModel.fit(matrix(List.of(hospital), DemoRecords.Side.TRAIN), RIDGE);
      alone.put(hospital, Score.of(evaluation, own::probability));
    }
    OutsideModel pooled = OutsideModel.fit(matrix(hospitals, DemoRecords.Side.TRAIN), RIDGE);
    return new Comparison(
        Score.of(evaluation, released::probability),
        Score.of(evaluation, pooled::probability),
        alone);
  }

  private LabelledMatrix matrix(List<String> hospitals, DemoRecords.Side side) {
    return LabelledMatrix.of(records, records.pooled(hospitals, side), features);
  }
}
