package io.concordat.silonode.training;

import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.records.WardFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A ward of five train patients, one of them with three rows, and two that evaluate. */
final class Ward {
  private Ward() {}

  static SiloRecords records(Path folder) throws IOException {
    return WardFixture.records(
        folder,
        "p1,61,1,ill,train",
        "p2,45,2,well,train",
        "p1,62,3,ill,train",
        "p3,30,1,well,train",
        "p1,63,3,well,train",
        "p4,88,3,ill,train",
        "p5,52,2,ill,train",
        "p6,70,3,ill,test",
        "p7,20,1,well,test",
        "p7,21,2,well,test");
  }

  static FeatureSpace features(FeatureSpace.Scaling scaling) {
    return new FeatureSpace(
        List.of(
            new Feature.Number("age", 0, 120, 50, 10),
            new Feature.Level("stage", "2"),
            new Feature.Level("stage", "3")),
        new LabelRule.Levels("outcome", List.of("ill")),
        scaling);
  }

  static PublicState state(FeatureSpace features, ModelShape model) {
    return PublicState.builder()
        .scalar(StateNames.ROUND, 0)
        .vector(StateNames.FEATURE_CENTER, features.schemaCenters())
        .vector(StateNames.FEATURE_SCALE, features.schemaScales())
        .vector(StateNames.WEIGHTS, model.initialWeights(1))
        .build();
  }

  static ExactGrant grant() {
    return ExactGrant.from(
        new ExactDecision() {
          @Override
          public String dataset() {
            return "ward";
          }

          @Override
          public String job() {
            return "test";
          }

          @Override
          public boolean exactSumsAllowed() {
            return true;
          }
        });
  }
}
