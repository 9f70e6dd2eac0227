package io.concordat.verify;

/** Job files of the demo's federation, small enough to run many times. */
final class Jobs {
  /** Exact, one round. */
  static final String STATISTICS =
      """
      schema: job/1
      name: means
      federation: cardio-demo
      dataset: breast-cancer
      analysis:
        kind: statistics
        columns: [radius_mean, diagnosis]
      """;

  /** Exact, several rounds. */
  static final String AVERAGING =
      """
      schema: job/1
      name: averaging
      federation: cardio-demo
      dataset: breast-cancer
      analysis:
        kind: train
        model:
          kind: logistic
          seed: 1
          features: [radius_mean, texture_mean]
          label: malignant
          scaling: schema
        strategy:
          kind: fedavg
          rounds: 2
          localEpochs: 1
          batch: 16
          learningRate: "0.2"
          encoding: {bits: 20, range: "4.0"}
        evaluation:
          metrics: [accuracy, auc]
      """;

  /** Noised, several rounds and a priced evaluation. */
  static final String PRIVATE =
      """
      schema: job/1
      name: risk
      federation: cardio-demo
      dataset: heart
      analysis:
        kind: train
        model:
          kind: logistic
          features: [age, sex]
          label: disease
          scaling: schema
        strategy:
          kind: dp-sgd
          rounds: 2
          samplingRate: "1"
          clipNorm: "1.0"
          optimizer: {kind: sgd, learningRate: "0.5", momentum: "0"}
          average: tail
        evaluation:
          metrics: [accuracy, auc]
          noiseMultiplier: "10"
      privacy: {epsilon: "1.0", delta: "1e-5"}
      """;

  /** The same with vectors that end in zeros, so that the noise can be measured. */
  static final String ATTESTED =
      PRIVATE.replace("delta: \"1e-5\"}", "delta: \"1e-5\", attestation: on}");

  /** Features scaled by noised sums of the federation. */
  static final String SCALED = PRIVATE.replace("scaling: schema", "scaling: federation");

  /** Noised counts, means and a histogram. */
  static final String PRIVATE_STATISTICS =
      """
      schema: job/1
      name: who
      federation: cardio-demo
      dataset: heart
      analysis: {kind: statistics, columns: [age, sex], bins: 4}
      privacy: {epsilon: "0.5", delta: "1e-5"}
      """;

  private Jobs() {}
}
