package io.concordat.bench.accuracy;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.protocol.analysis.Analyses;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * FLamby's setting: the four heart disease hospitals, federated averaging of a logistic model, no
 * privacy, each hospital scaling by its own train rows or all by the federation's.
 *
 * <p>Each setting runs with updates of 16 and of 24 bits added in the clear, and of 16 bits added
 * under encryption. Encryption changes nothing at all: an opened sum is the sum, so the models are
 * the very same, which is checked. Quantising moves a value by at most half a step, {@code range /
 * (2^(bits-1) - 1) / 2}, 6.1e-5 and 2.4e-7 for range 4, and the mean of the silos by no more. In
 * local epochs over a convex loss with so small a rate two starts do not move apart, so after R
 * rounds weights lie within R such half steps of those that no rounding would give: 1.2e-3 and
 * 4.8e-6 for 20 rounds, hence 16 and 24 bits within {@link #BOUND} of each other.
 *
 * <p>Usage: {@code FlambySetting DEMO_DATA}.
 */
public final class FlambySetting {
  private static final int ROUNDS = 20;
  private static final double RANGE = 4;

  /** How far weights of 16 and of 24 bits may lie apart. */
  static final double BOUND = ROUNDS * (halfStep(16) + halfStep(24));

  private static final String JOB =
      """
      schema: job/1
      name: flamby
      federation: cardio-demo
      dataset: heart
      analysis:
        kind: train
        model: {kind: logistic, features: [age, sex, cp, trestbps, chol, fbs, restecg, thalach, exang, oldpeak],
                label: disease, scaling: SCALING}
        strategy: {kind: fedavg, rounds: 20, localEpochs: 2, batch: 4, learningRate: "0.01",
                   encoding: {bits: BITS, range: "4.0"}}
        evaluation: {metrics: [accuracy, auc, loss]}
      """;

  private final Policy policy;
  private final SortedMap<String, SiloRecords> silos;

  FlambySetting(Path demoData) throws IOException, RefusedException {
    Dataset capped = DemoDatasets.heart();
    Dataset open =
        new Dataset(
            capped.id(),
            capped.person(),
            capped.maxPatientsPerSilo(),
            capped.holdout(),
            capped.columns(),
            capped.labels(),
            new Privacy.None(),
            capped.filters());
    policy = DemoFederation.policy(List.of(open));
    silos = DemoFederation.silos(DemoRecords.heartDisease(demoData), open);
  }

  private static double halfStep(int bits) {
    return RANGE / ((1 << (bits - 1)) - 1) / 2;
  }

  /**
   * What one scaling came to.
   *
   * @param metrics of the model of 16 bits on the pooled test rows
   * @param apart largest distance of a weight between 16 and 24 bits
   * @param same whether encryption gave the very same model
   */
  record Figures(Metrics metrics, double apart, boolean same) {}

  Figures figures(String scaling) throws RefusedException {
    AnalysisResult.Model coarse = run(scaling, 16, new ClearFederation(silos));
    AnalysisResult.Model fine = run(scaling, 24, new ClearFederation(silos));
    AnalysisResult.Model encrypted =
        run(scaling, 16, new ClearFederation(silos, new EncryptedAddition()));
    Metrics metrics = coarse.metrics().orElseThrow();
    return new Figures(
        metrics,
        distance(coarse.model(), fine.model()),
        Arrays.equals(coarse.model().weights(), encrypted.model().weights())
            && encrypted.metrics().equals(coarse.metrics()));
  }

  /** Runs and prints. */
  public static void main(String[] args) throws IOException, RefusedException {
    FlambySetting setting = new FlambySetting(Path.of(args[0]));
    boolean holds = true;
    for (String scaling : new String[] {"silo", "federation"}) {
      Figures figures = setting.figures(scaling);
      holds &= figures.same() && figures.apart() <= BOUND;
      System.out.printf(
          Locale.ROOT,
          "FedAvg, %s scaling: pooled accuracy %.4f auc %.4f; encrypted %s; 16 and 24 bits differ"
              + " by %.1e (bound %.1e)%n",
          scaling,
          figures.metrics().accuracy(),
          figures.metrics().auc(),
          figures.same() ? "the very same model" : "ANOTHER MODEL",
          figures.apart(),
          BOUND);
    }
    System.out.println(
        "FLamby, as published: FedAvg 0.7480, FedAdam 0.7787, Cyclic 0.7850, pooled 0.7953");
    if (!holds) {
      System.exit(4);
    }
  }

  private AnalysisResult.Model run(String scaling, int bits, ClearFederation federation)
      throws RefusedException {
    JobSpecification job =
        DemoFederation.job(JOB.replace("SCALING", scaling).replace("BITS", Integer.toString(bits)));
    Analysis analysis = Analyses.of(job, policy).orThrow();
    if (!(analysis.result(federation.run(analysis, 1)) instanceof AnalysisResult.Model model)) {
      throw new IllegalStateException("a training job ends in a model");
    }
    return model;
  }

  private static double distance(TrainedModel one, TrainedModel other) {
    double[] a = one.weights();
    double[] b = other.weights();
    double largest = 0;
    for (int j = 0; j < a.length; j++) {
      largest = Math.max(largest, Math.abs(a[j] - b[j]));
    }
    return largest;
  }
}
