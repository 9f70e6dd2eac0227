package io.concordat.protocol.analysis;

import io.concordat.protocol.analysis.RoundShape.Sealing;

/** Centre and scale of the features: the schema's at first, the federation's after its round. */
final class FeatureScaling {
  /** A feature that varies by less than this part of its range is left unscaled. */
  private static final double LEAST_DEVIATION = 1e-6;

  private final FeatureSpace features;

  FeatureScaling(FeatureSpace features) {
    this.features = features;
  }

  int rounds() {
    return features.scaling() == FeatureSpace.Scaling.FEDERATION ? 1 : 0;
  }

  PublicState.Builder start(PublicState.Builder state) {
    return state
        .vector(StateNames.FEATURE_CENTER, features.schemaCenters())
        .vector(StateNames.FEATURE_SCALE, features.schemaScales());
  }

  RoundShape shape(long maxPatientsPerSilo) {
    long bound = maxPatientsPerSilo * RoundTask.MAX_ROWS_PER_PATIENT * RoundTask.MOMENT_UNITS;
    return new RoundShape(
        new RoundTask.FeatureMoments(features),
        1 + 2 * features.dimension(),
        RoundShape.bitsFor(bound),
        new Sealing.Exact());
  }

  /** Vector: rows, then each feature's sum, then each feature's sum of squares. */
  PublicState.Builder open(PublicState.Builder state, long[] sum) {
    int d = features.dimension();
    double[] centers = new double[d];
    double[] scales = new double[d];
    for (int j = 0; j < d; j++) {
      FeatureSpace.Feature feature = features.features().get(j);
      double range = feature.max() - feature.min();
      Moments moments = Moments.of(sum[0], sum[1 + j], sum[1 + d + j]);
      double deviation = Math.sqrt(moments.variance());
      centers[j] = feature.min() + range * moments.mean();
      scales[j] = deviation > LEAST_DEVIATION ? range * deviation : range;
    }
    return state
        .vector(StateNames.FEATURE_CENTER, centers)
        .vector(StateNames.FEATURE_SCALE, scales);
  }
}
