package io.concordat.protocol.analysis;

/** Names of the arrays that several analyses share. */
public final class StateNames {
  /** Scalar: opened rounds so far. */
  public static final String ROUND = "round";

  /** Parameters of the model, flattened as {@link ModelShape} says. */
  public static final String WEIGHTS = "weights";

  /** Momentum buffer of the server's optimizer, as many values as weights. */
  public static final String VELOCITY = "velocity";

  /** Running mean of the last states of the weights. */
  public static final String AVERAGE = "average";

  /** What is subtracted from each feature before it is divided by its scale. */
  public static final String FEATURE_CENTER = "feature.center";

  /** Positive; what each centred feature is divided by. */
  public static final String FEATURE_SCALE = "feature.scale";

  /** Evaluation: bins x 2, patients' weight in each (score bin, label) cell. */
  public static final String SCORE_HISTOGRAM = "evaluation.histogram";

  /** Evaluation: mean logistic loss; absent where it was not opened. */
  public static final String LOSS = "evaluation.loss";

  /** Attested jobs: for each opened round, squares of the zero tail over the promised variance. */
  public static final String ATTESTATION = "attestation";

  /**
   * Attested jobs: sum over opened rounds of the zero tail, each over its promised deviation; what
   * a later round's noise is compared with.
   */
  public static final String ATTESTATION_SUM = "attestation.sum";

  /** Attested jobs: for each opened round after the first, how much it resembles that sum. */
  public static final String ATTESTATION_REPETITION = "attestation.repetition";

  private StateNames() {}
}
