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
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * FLamby's setting: the four heart disease hospitals, federated averaging of a logistic model, no
 * privacy, each hospital scaling by its own train rows or all by the federation's.
 *
 * <p>Each setting runs twice, with updates of 16 and of 24 bits. In one round quantisation moves a
 * weight by at most half a step, {@code range / (2^(bits-1) - 1) / 2} = 6.1e-5 and 2.4e-7 for range
 * 4; over the rounds the convex loss keeps such moves from growing, which the printed distance of
 * the two models shows. Encryption changes nothing at all: an opened sum is the sum.
 *
 * <p>Usage: {@code FlambySetting DEMO_DATA}.
 */
public final class FlambySetting {
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

  private FlambySetting() {}

  /** Runs and prints. */
  public static void main(String[] args) throws IOException, RefusedException {
    Path demoData = Path.of(args[0]);
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
    Policy policy = DemoFederation.policy(List.of(open));
    SortedMap<String, SiloRecords> silos =
        DemoFederation.silos(DemoRecords.heartDisease(demoData), open);
    for (String scaling : new String[] {"silo", "federation"}) {
      AnalysisResult.Model coarse = run(scaling, 16, policy, silos);
      AnalysisResult.Model fine = run(scaling, 24, policy, silos);
      Metrics metrics = coarse.metrics().orElseThrow();
      System.out.printf(
          Locale.ROOT,
          "FedAvg, %s scaling: pooled accuracy %.4f auc %.4f; 16 and 24 bits differ by %.1e%n",
          scaling,
          metrics.accuracy(),
          metrics.auc(),
          distance(coarse.model(), fine.model()));
    }
    System.out.println(
        "FLamby, as published: FedAvg 0.7480, FedAdam 0.7787, Cyclic 0.7850, pooled 0.7953");
  }

  private static AnalysisResult.Model run(
      String scaling, int bits, Policy policy, SortedMap<String, SiloRecords> silos)
      throws RefusedException {
    JobSpecification job =
        DemoFederation.job(JOB.replace("SCALING", scaling).replace("BITS", Integer.toString(bits)));
    Analysis analysis = Analyses.of(job, policy).orThrow();
    if (!(analysis.result(new ClearFederation(silos).run(analysis, 1))
        instanceof AnalysisResult.Model model)) {
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
