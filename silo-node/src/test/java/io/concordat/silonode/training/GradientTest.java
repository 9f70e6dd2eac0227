package io.concordat.silonode.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.LocalTraining;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.SplitMix;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GradientTest {
  @TempDir Path folder;

  private Examples examples() throws IOException {
    SiloRecords records = Ward.records(folder);
    FeatureSpace features = Ward.features(FeatureSpace.Scaling.SCHEMA);
    PublicState state = Ward.state(features, new ModelShape.Logistic(3));
    return Examples.of(records.train(), records.train(), features, state);
  }

  private static double[] weights(int count, long seed) {
    SplitMix stream = new SplitMix(seed);
    double[] weights = new double[count];
    for (int j = 0; j < count; j++) {
      weights[j] = 4 * stream.nextUnit() - 2;
    }
    return weights;
  }

  @Test
  void closedFormOfEveryPatientEqualsAutogradOfABatchOfOne() throws IOException {
    Examples examples = examples();
    ModelShape.Logistic model = new ModelShape.Logistic(3);
    try (NetworkGradient network = new NetworkGradient(model)) {
      for (long seed = 1; seed <= 5; seed++) {
        double[] weights = weights(model.parameters(), seed);
        for (int patient = 0; patient < examples.patients(); patient++) {
          double[] closed = LogisticGradient.of(model, weights, examples, patient);
          double[] auto = LocalTrainer.patientGradient(network, weights, examples, patient);
          assertThat(closed).as("seed %d patient %d", seed, patient).hasSameSizeAs(auto);
          for (int j = 0; j < closed.length; j++) {
            assertThat(closed[j]).isCloseTo(auto[j], within(1e-12));
          }
        }
      }
    }
  }

  @Test
  void networkGradientEqualsDifferencesOfTheLossThatEvaluationUses() throws IOException {
    Examples examples = examples();
    ModelShape model = new ModelShape.Mlp(3, List.of(4, 3));
    double[] weights = weights(model.parameters(), 7);
    double[] gradient;
    try (NetworkGradient network = new NetworkGradient(model)) {
      gradient = LocalTrainer.patientGradient(network, weights, examples, 0);
    }
    double step = 1e-6;
    for (int j = 0; j < weights.length; j++) {
      double[] up = weights.clone();
      double[] down = weights.clone();
      up[j] += step;
      down[j] -= step;
      double difference =
          (loss(model, up, examples, 0) - loss(model, down, examples, 0)) / 2 / step;
      assertThat(gradient[j]).as("parameter %d", j).isCloseTo(difference, within(1e-8));
    }
  }

  private static double loss(ModelShape model, double[] weights, Examples examples, int patient) {
    int[] rows = examples.rowsOf(patient);
    double sum = 0;
    for (int row : rows) {
      double z = model.logit(weights, examples.input(row));
      sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - z * examples.label(row);
    }
    return sum / rows.length;
  }

  @Test
  void localTrainingRepeatsBitForBitAndAnotherRoundIsAnotherOrder() throws IOException {
    Examples examples = examples();
    ModelShape model = new ModelShape.Mlp(3, List.of(5));
    LocalTraining training = new LocalTraining(3, 2, 0.1, 0.5, 0.01, 42);
    double[] start = model.initialWeights(1);
    double[] once = LocalTrainer.train(model, start, examples, training, 1);
    assertThat(LocalTrainer.train(model, start, examples, training, 1)).isEqualTo(once);
    assertThat(LocalTrainer.train(model, start, examples, training, 2)).isNotEqualTo(once);
  }

  @Test
  void oneFullBatchOfLocalTrainingIsOneStepAlongTheMeanOfThePatients() throws IOException {
    Examples examples = examples();
    ModelShape.Logistic model = new ModelShape.Logistic(3);
    double[] start = weights(model.parameters(), 3);
    LocalTraining training = new LocalTraining(1, 1000, 0.5, 0, 0, 1);
    double[] trained = LocalTrainer.train(model, start, examples, training, 0);
    double[] mean = new double[start.length];
    for (int patient = 0; patient < examples.patients(); patient++) {
      double[] gradient = LogisticGradient.of(model, start, examples, patient);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += gradient[j] / examples.patients();
      }
    }
    for (int j = 0; j < mean.length; j++) {
      assertThat(trained[j]).isCloseTo(start[j] - 0.5 * mean[j], within(1e-12));
    }
  }
}
