package io.concordat.bench.privacy;

import io.concordat.bench.accuracy.DemoConsortium;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.demo.data.DemoRecords.Side;
import io.concordat.client.demo.data.LabelledMatrix;
import io.concordat.client.demo.data.OutsideModel;
import io.concordat.client.demo.data.Score;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.DpSgdAnalysis;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** One benchmark's silos, model and evaluation patients. */
final class Experiment {
  private final Benchmark benchmark;
  private final SortedMap<String, SiloRecords> silos;
  private final DpSgdAnalysis.Plan plan;
  private final LabelledMatrix test;

  Experiment(Benchmark benchmark) throws IOException, RefusedException {
    this.benchmark = benchmark;
    this.silos = DemoConsortium.silos(benchmark.records(), benchmark.dataset());
    DemoConsortium consortium = new DemoConsortium(List.of(benchmark.dataset()));
    if (!(consortium.analysis(benchmark.job()) instanceof DpSgdAnalysis analysis)) {
      throw new IllegalStateException("a private job takes noised gradient steps");
    }
    this.plan = analysis.plan();
    this.test = pooled(Side.EVALUATION);
  }

  Benchmark benchmark() {
    return benchmark;
  }

  int trainPatients() {
    return silos.values().stream().mapToInt(s -> s.train().patients()).sum();
  }

  int testPatients() {
    return silos.values().stream().mapToInt(s -> s.evaluation().patients()).sum();
  }

  PrivateTraining training() {
    return new PrivateTraining(plan);
  }

  RateChoice choice(int splits) {
    return new RateChoice(training(), silos, splits);
  }

  /** Logistic regression on all train rows in one place, without privacy. */
  double pooledAccuracy() {
    return Score.of(test, OutsideModel.fit(pooled(Side.TRAIN), 1)::probability).accuracy();
  }

  private LabelledMatrix pooled(Side side) {
    DemoRecords records = benchmark.records();
    return LabelledMatrix.of(records, records.pooled(DemoRecords.HOSPITALS, side), plan.features());
  }

  /** Trains once a seed and scores each model on the pooled evaluation patients. */
  Result measure(NoiseBasis basis, double epsilon, Rates rates, int seeds) {
    PrivateTraining training = training();
    NoiseShare noise =
        basis.calibrated(epsilon, Benchmark.DELTA, rates.rounds(), training.clipUnits());
    double[] accuracies = new double[seeds];
    double auc = 0;
    for (int seed = 0; seed < seeds; seed++) {
      Score score = Score.of(test, training.run(silos, rates, noise, seed + 1)::probability);
      accuracies[seed] = score.accuracy();
      auc += score.auc() / seeds;
    }
    double mean = mean(accuracies);
    double squares = 0;
    double lowest = 1;
    double highest = 0;
    for (double accuracy : accuracies) {
      squares += (accuracy - mean) * (accuracy - mean);
      lowest = Math.min(lowest, accuracy);
      highest = Math.max(highest, accuracy);
    }
    return new Result(
        basis,
        epsilon,
        rates,
        noise,
        NoiseBasis.JOINT.epsilon(noise, rates.rounds(), Benchmark.DELTA),
        NoiseBasis.OWN_SHARE.epsilon(noise, rates.rounds(), Benchmark.DELTA),
        seeds,
        mean,
        seeds > 1 ? Math.sqrt(squares / (seeds - 1)) : 0,
        lowest,
        highest,
        auc);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
