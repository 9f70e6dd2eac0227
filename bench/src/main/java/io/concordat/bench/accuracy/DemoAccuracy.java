package io.concordat.bench.accuracy;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.demo.data.DemoRecords.Side;
import io.concordat.client.demo.data.LabelledMatrix;
import io.concordat.client.demo.data.OutsideModel;
import io.concordat.client.demo.data.Score;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Both demo jobs over ten seeds, their accuracy on the pooled evaluation patients, and the models
 * that a hospital alone or all together would get.
 *
 * <p>Usage: {@code DemoAccuracy DEMO_DATA [SEEDS]}.
 */
public final class DemoAccuracy {
  private final Path demoData;
  private final int seeds;
  private final PrintStream out;

  public DemoAccuracy(Path demoData, int seeds, PrintStream out) {
    this.demoData = demoData;
    this.seeds = seeds;
    this.out = out;
  }

  /** Runs and prints. */
  public static void main(String[] args) throws IOException, RefusedException {
    int seeds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    DemoAccuracy demo = new DemoAccuracy(Path.of(args[0]), seeds, System.out);
    demo.heart();
    demo.breastCancer();
  }

  /** Mean accuracy of the private job on the pooled evaluation patients. */
  public double heart() throws IOException, RefusedException {
    JobSpecification job =
        DemoFederation.job(demoData.resolve("jobs").resolve("heart-disease-risk.yaml"));
    JobPrice price = JobPrice.of(job, DemoFederation.policy()).orThrow();
    out.printf(
        Locale.ROOT,
        "heart: z %s, sigma a silo %d, epsilon %.4f at delta %.0e (own share alone %.3f)%n",
        price.noiseMultiplier(),
        price.training().sigma(),
        price.epsilon(),
        price.delta(),
        price.ownShareEpsilon());
    return run(job, DemoRecords.heartDisease(demoData), DemoDatasets.heart(), false);
  }

  /** Mean accuracy of the averaged network on the pooled evaluation patients. */
  public double breastCancer() throws IOException, RefusedException {
    JobSpecification job =
        DemoFederation.job(demoData.resolve("jobs").resolve("breast-cancer.yaml"));
    return run(job, DemoRecords.breastCancer(demoData), DemoDatasets.breastCancer(), true);
  }

  private double run(JobSpecification job, DemoRecords records, Dataset dataset, boolean seedInFile)
      throws IOException, RefusedException {
    Policy policy = DemoFederation.policy();
    SortedMap<String, SiloRecords> silos = DemoFederation.silos(records, dataset);
    ClearFederation federation = new ClearFederation(silos);
    List<Double> accuracies = new ArrayList<>();
    double auc = 0;
    TrainedModel last = null;
    for (int seed = 1; seed <= seeds; seed++) {
      JobSpecification seeded = seedInFile ? Reseeded.of(job, seed) : job;
      Analysis analysis = DemoFederation.analysis(seeded, policy);
      PublicState state = federation.run(analysis, seed);
      if (!(analysis.result(state) instanceof AnalysisResult.Model result)) {
        throw new IllegalStateException("a training job ends in a model");
      }
      last = result.model();
      LabelledMatrix test =
          LabelledMatrix.of(
              records, records.pooled(DemoRecords.HOSPITALS, Side.EVALUATION), last.features());
      Score score = Score.of(test, last::probability);
      accuracies.add(score.accuracy());
      auc += score.auc() / seeds;
      out.printf(
          Locale.ROOT,
          "%s: seed %d accuracy %.4f auc %.4f; as opened: %s%n",
          job.name(),
          seed,
          score.accuracy(),
          score.auc(),
          result.metrics().map(Object::toString).orElse("none"));
    }
    double mean = accuracies.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    out.printf(
        Locale.ROOT,
        "%s: mean of %d seeds: accuracy %.4f (lowest %.4f), auc %.4f%n",
        job.name(),
        seeds,
        mean,
        accuracies.stream().mapToDouble(Double::doubleValue).min().orElse(0),
        auc);
    if (last != null) {
      outside(records, last.features());
    }
    return mean;
  }

  private void outside(DemoRecords records, FeatureSpace features) {
    LabelledMatrix test =
        LabelledMatrix.of(
            records, records.pooled(DemoRecords.HOSPITALS, Side.EVALUATION), features);
    for (String hospital : DemoRecords.HOSPITALS) {
      print(hospital + " alone", records, List.of(hospital), features, test);
    }
    print("pooled", records, DemoRecords.HOSPITALS, features, test);
  }

  private void print(
      String name,
      DemoRecords records,
      List<String> hospitals,
      FeatureSpace features,
      LabelledMatrix test) {
    LabelledMatrix train =
        LabelledMatrix.of(records, records.pooled(hospitals, Side.TRAIN), features);
    Score score = Score.of(test, OutsideModel.fit(train, 1)::probability);
    out.printf(
        Locale.ROOT,
        "  outside the federation, %s: accuracy %.4f auc %.4f%n",
        name,
        score.accuracy(),
        score.auc());
  }
}
