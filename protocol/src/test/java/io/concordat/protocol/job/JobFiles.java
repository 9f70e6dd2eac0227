package io.concordat.protocol.job;

import java.nio.charset.StandardCharsets;

/** Job files for tests, under the policy of {@code PolicyFixture}. */
public final class JobFiles {
  public static final String PRIVATE =
      """
      schema: job/1
      name: heart-disease-risk
      federation: cardio
      dataset: heart
      analysis:
        kind: train
        model: {kind: logistic, features: [age, sex, cp, trestbps, chol, thalach, exang, oldpeak], label: disease, scaling: schema}
        strategy: {kind: dp-sgd, rounds: 50, samplingRate: "1", clipNorm: "1.0", optimizer: {kind: sgd, learningRate: "2.0", momentum: "0"}, average: tail}
        evaluation: {holdout: policy, metrics: [accuracy, auc]}
      privacy: {epsilon: "1.0", delta: "1e-5"}
      nonce: 0123456789abcdef
      """;

  public static final String EXACT =
      """
      schema: job/1
      name: cells
      federation: cardio
      dataset: cells
      analysis:
        kind: train
        model: {kind: mlp, features: [radius, texture], hidden: [16, 8], label: malignant, scaling: federation}
        strategy: {kind: fedavg, rounds: 10, localEpochs: 5, batch: 32, learningRate: "0.1", encoding: {bits: 16, range: "4.0"}}
        evaluation: {holdout: "0.2", metrics: [accuracy, auc, loss]}
      nonce: 0123456789abcdef
      """;

  public static final String STATISTICS =
      """
      schema: job/1
      name: cells
      federation: cardio
      dataset: cells
      analysis: {kind: statistics, columns: [radius, diagnosis]}
      nonce: 0123456789abcdef
      """;

  private JobFiles() {}

  public static JobSpecification read(String text) {
    try {
      return JobReader.read("job.yaml", text.getBytes(StandardCharsets.UTF_8)).orThrow();
    } catch (io.concordat.protocol.refusal.RefusedException e) {
      throw new AssertionError(e);
    }
  }
}
