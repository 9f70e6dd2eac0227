package io.concordat.protocol.analysis;

/** A model with everything that prediction needs: names of inputs, scaling, weights. */
public final class TrainedModel {
  private final FeatureSpace features;
  private final ModelShape shape;
  private final double[] weights;
  private final double[] centers;
  private final double[] scales;

  public TrainedModel(
      FeatureSpace features,
      ModelShape shape,
      double[] weights,
      double[] centers,
      double[] scales) {
    int inputs = features.dimension();
    if (shape.inputs() != inputs || centers.length != inputs || scales.length != inputs) {
      throw new IllegalArgumentException("features, model and scaling differ in their inputs");
    }
    if (weights.length != shape.parameters()) {
      throw new IllegalArgumentException(
          "the model has " + shape.parameters() + " parameters, not " + weights.length);
    }
    this.features = features;
    this.shape = shape;
    this.weights = weights.clone();
    this.centers = centers.clone();
    this.scales = scales.clone();
  }

  /** The model that a state holds. */
  static TrainedModel of(PublicState state, FeatureSpace features, ModelShape shape) {
    return new TrainedModel(
        features,
        shape,
        state.values(StateNames.WEIGHTS),
        state.values(StateNames.FEATURE_CENTER),
        state.values(StateNames.FEATURE_SCALE));
  }

  public FeatureSpace features() {
    return features;
  }

  public ModelShape shape() {
    return shape;
  }

  public double[] weights() {
    return weights.clone();
  }

  public double[] centers() {
    return centers.clone();
  }

  public double[] scales() {
    return scales.clone();
  }

  /**
   * Probability of the positive class.
   *
   * @param raw the features before scaling, in the order of {@link FeatureSpace#features()}
   */
  public double probability(double[] raw) {
    double[] scaled = new double[raw.length];
    for (int j = 0; j < raw.length; j++) {
      scaled[j] = (raw[j] - centers[j]) / scales[j];
    }
    return ModelShape.probability(shape.logit(weights, scaled));
  }
}
