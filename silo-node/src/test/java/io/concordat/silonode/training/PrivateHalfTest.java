package io.concordat.silonode.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.RandomBits;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.NoisedVector;
import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.DescribedColumn;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.LocalTraining;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.PatientFigures;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import io.concordat.protocol.analysis.RoundTask;
import io.concordat.protocol.analysis.ScoreHistogram;
import io.concordat.protocol.analysis.SplitMix;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.records.WardFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateHalfTest {
  private static final FeatureSpace FEATURES = Ward.features(FeatureSpace.Scaling.SCHEMA);
  private static final ModelShape.Logistic MODEL = new ModelShape.Logistic(3);
  private static final NoiseShare SHARE = new NoiseShare(1000, 1 << 18, 3, 1);

  @TempDir Path folder;

  private static RoundShape exact(RoundTask task, int values) {
    return new RoundShape(task, values, 60, new Sealing.Exact());
  }

  private static RoundShape noised(RoundTask task, int values, NoiseShare share, SamplingRate q) {
    return new RoundShape(task, values, 60, new Sealing.Noised(share, q));
  }

  private static long[] values(PrivateHalf.Outcome outcome) {
    return ((PrivateHalf.Outcome.Ready) outcome).vector().values();
  }

  private static RandomBits bits(long seed) {
    return new SplitMix(seed)::nextLong;
  }

  private static PublicState state() {
    return Ward.state(FEATURES, MODEL);
  }

  @Test
  void statisticsCountRowsOfBothSidesAndHoldBackSmallCells() throws IOException {
    var task =
        new RoundTask.Describe(
            List.of(
                new DescribedColumn.Number("age", 0, 120),
                new DescribedColumn.Category("stage", List.of("1", "2", "3"))),
            4);
    long[] sums =
        values(PrivateHalf.exact(exact(task, 9), state(), Ward.records(folder), Ward.grant()));
    assertThat(sums[0]).isEqualTo(7);
    assertThat(sums[1]).isEqualTo(10);
    assertThat(sums[2]).isEqualTo(10);
    double mean = 120.0 * sums[3] / RoundTask.MOMENT_UNITS / sums[2];
    assertThat(mean).isCloseTo(51.2, within(1e-4));
    // Stages occur 3, 3 and 4 times: the first two stay in the house, only their total is told.
    assertThat(sums).endsWith(0, 0, 4, 6);
  }

  @Test
  void momentsAreThoseOfTheTrainRows() throws IOException {
    long[] sums =
        values(
            PrivateHalf.exact(
                exact(new RoundTask.FeatureMoments(FEATURES), 7),
                state(),
                Ward.records(folder),
                Ward.grant()));
    double units = RoundTask.MOMENT_UNITS;
    assertThat(sums[0]).isEqualTo(7);
    assertThat(sums[1] / units * 120).isCloseTo(401, within(1e-3));
    assertThat(sums[2] / units).isEqualTo(2);
    assertThat(sums[6] / units).isEqualTo(3);
  }

  @Test
  void histogramsOfRowsHoldBackSmallBins() throws IOException {
    var task = new RoundTask.Describe(List.of(new DescribedColumn.Histogram("age", 0, 120, 3)), 4);
    long[] sums =
        values(PrivateHalf.exact(exact(task, 6), state(), Ward.records(folder), Ward.grant()));
    // Ages 20, 21, 30 | 45, 52, 61, 62, 63, 70 | 88: two bins stay in the house.
    assertThat(sums).containsExactly(7, 10, 0, 6, 0, 4);
  }

  @Test
  void everyPatientWeighsOneInNoisedFiguresHoweverManyRowsItHas() throws IOException {
    PatientFigures figures =
        new PatientFigures(
            List.of(
                PatientFigures.Figure.Spread.around("age", 0, 120, 50, 10),
                new PatientFigures.Figure.Cells("stage", List.of("1", "2", "3")),
                new PatientFigures.Figure.Bins("age", 0, 120, 3)));
    // A whisper of noise, so that values worked out by hand can be compared.
    NoiseShare whisper = new NoiseShare(8, PatientFigures.CLIP_UNITS, 3, 1);
    RoundShape shape =
        noised(
            new RoundTask.Figures(figures, RoundTask.Side.BOTH),
            figures.values(),
            whisper,
            SamplingRate.ALWAYS);
    long[] sums =
        values(PrivateHalf.noised(shape, state(), Ward.records(folder), bits(1), bits(2)));
    double unit = PatientFigures.CLIP_UNITS / Math.sqrt(1 + 2 + 1 + 1);
    // p1 has ages 61, 62, 63 (mean tau 0.4), p7 20 and 21 (tau -1 and -29/30).
    double taus = 0.4 - 5 / 30.0 - 20 / 30.0 + 1 + 2 / 30.0 + 20 / 30.0 - 59 / 60.0;
    assertThat(sums[0] / unit).isCloseTo(7, within(3e-3));
    assertThat(sums[1] / unit).isCloseTo(taus, within(3e-3));
    // Stages: p1 a third and two thirds, p2 2, p3 1, p4 3, p5 2, p6 3, p7 half and half.
    assertThat(sums[3] / unit).isCloseTo(1 / 3.0 + 1 + 0.5, within(3e-3));
    assertThat(sums[4] / unit).isCloseTo(2.5, within(3e-3));
    assertThat(sums[5] / unit).isCloseTo(2 / 3.0 + 2, within(3e-3));
    assertThat(sums[6] / unit).isCloseTo(2, within(3e-3));
    assertThat(sums[7] / unit).isCloseTo(4, within(3e-3));
    assertThat(sums[8] / unit).isCloseTo(1, within(3e-3));
  }

  @Test
  void scalingInAPrivateJobLooksAtTrainPatientsAlone() throws IOException {
    PatientFigures figures =
        new PatientFigures(List.of(PatientFigures.Figure.Spread.around("age", 0, 120, 50, 10)));
    NoiseShare whisper = new NoiseShare(8, PatientFigures.CLIP_UNITS, 3, 1);
    RoundShape shape =
        noised(
            new RoundTask.Figures(figures, RoundTask.Side.TRAIN), 3, whisper, SamplingRate.ALWAYS);
    long[] sums =
        values(PrivateHalf.noised(shape, state(), Ward.records(folder), bits(1), bits(2)));
    assertThat(sums[0] * Math.sqrt(3) / PatientFigures.CLIP_UNITS).isCloseTo(5, within(3e-3));
  }

  @Test
  void averagingSendsPatientsAndPatientsTimesTheQuantisedUpdate() throws IOException {
    Quantiser quantiser = new Quantiser(4, 20);
    LocalTraining training = new LocalTraining(2, 2, 0.1, 0, 0, 5);
    RoundTask.LocalEpochs task = new RoundTask.LocalEpochs(FEATURES, MODEL, training, quantiser);
    SiloRecords records = Ward.records(folder);
    long[] sums = values(PrivateHalf.exact(exact(task, 5), state(), records, Ward.grant()));
    double[] trained =
        LocalTrainer.train(
            MODEL,
            new double[4],
            Examples.of(records.train(), records.train(), FEATURES, state()),
            training,
            0);
    assertThat(sums[0]).isEqualTo(5);
    for (int j = 0; j < 4; j++) {
      assertThat(sums[j + 1] % 5).isZero();
      assertThat(quantiser.real(sums[j + 1]) / 5)
          .isCloseTo(trained[j], within(quantiser.step() / 2));
    }
  }

  @Test
  void divergedTrainingAndOverfullLayoutsAreUnfitAndSayWhy() throws IOException {
    LocalTraining wild = new LocalTraining(50, 1, 1e200, 0.9, 0, 5);
    RoundTask.LocalEpochs task =
        new RoundTask.LocalEpochs(
            FEATURES, new ModelShape.Mlp(3, List.of(4)), wild, new Quantiser(4, 20));
    PublicState state = Ward.state(FEATURES, new ModelShape.Mlp(3, List.of(4)));
    var outcome = PrivateHalf.exact(exact(task, 22), state, Ward.records(folder), Ward.grant());
    assertThat(outcome).isInstanceOf(PrivateHalf.Outcome.Unfit.class);
    var narrow = new RoundShape(new RoundTask.FeatureMoments(FEATURES), 7, 8, new Sealing.Exact());
    assertThat(PrivateHalf.exact(narrow, state(), Ward.records(folder), Ward.grant()))
        .isInstanceOf(PrivateHalf.Outcome.Unfit.class);
  }

  @Test
  void exactEvaluationIsTheHistogramOfEvaluationPatientsWithTheirLoss() throws IOException {
    ScoreHistogram histogram = new ScoreHistogram(2, true);
    PublicState state =
        state().toBuilder().vector(StateNames.WEIGHTS, new double[] {1, 0, 0, 0}).build();
    long[] sums =
        values(
            PrivateHalf.exact(
                exact(new RoundTask.Evaluate(FEATURES, MODEL, histogram), 5),
                state,
                Ward.records(folder),
                Ward.grant()));
    // p6: age 70, logit 2, ill: upper bin, label 1. p7: two rows of logit -3 and -2.9, well.
    assertThat(sums[0]).isEqualTo(1024);
    assertThat(sums[1]).isZero();
    assertThat(sums[2]).isZero();
    assertThat(sums[3]).isEqualTo(1024);
    double expected =
        Math.log1p(Math.exp(-2)) + (Math.log1p(Math.exp(-3)) + Math.log1p(Math.exp(-2.9))) / 2;
    assertThat(sums[4] / (double) ScoreHistogram.LOSS_UNITS).isCloseTo(expected, within(1e-4));
  }

  @Test
  void privateStepIsTheSumOfClippedGradientsPlusNoiseOfTheShare() throws IOException {
    RoundTask.GradientStep task = new RoundTask.GradientStep(FEATURES, MODEL, 1.0);
    SiloRecords records = Ward.records(folder);
    Examples train = Examples.of(records.train(), records.train(), FEATURES, state());
    double[] clipped = new double[4];
    for (int patient = 0; patient < 5; patient++) {
      double[] gradient = LogisticGradient.of(MODEL, new double[4], train, patient);
      double norm = 0;
      for (double g : gradient) {
        norm += g * g;
      }
      double factor = Math.min(1, 1 / Math.sqrt(norm));
      for (int j = 0; j < 4; j++) {
        clipped[j] += factor * gradient[j] * SHARE.clipUnits();
      }
    }
    double squares = 0;
    int runs = 400;
    for (int run = 0; run < runs; run++) {
      var outcome =
          PrivateHalf.noised(
              noised(task, 4, SHARE, SamplingRate.ALWAYS),
              state(),
              records,
              bits(1),
              bits(1000 + run));
      assertThat(outcome.vector()).isInstanceOf(NoisedVector.class);
      for (int j = 0; j < 4; j++) {
        double noise = values(outcome)[j] - clipped[j];
        // Truncation of five patients moves a coordinate by less than five units.
        assertThat(Math.abs(noise)).isLessThan(7 * 1000);
        squares += noise * noise;
      }
    }
    // 1600 squares of deviation 1000: relative deviation sqrt(2/1600) = 0.035, five of them.
    assertThat(squares / (4 * runs) / 1e6).isCloseTo(1, within(0.18));
  }

  @Test
  void coinsDecideWhoJoinsAndAnEmptyBatchStillSendsNoise() throws IOException {
    RoundTask.GradientStep task = new RoundTask.GradientStep(FEATURES, MODEL, 1.0);
    SiloRecords records = Ward.records(folder);
    SamplingRate rare = new SamplingRate(1, 1_000_000_000);
    long[] noiseAlone =
        values(
            PrivateHalf.noised(noised(task, 4, SHARE, rare), state(), records, bits(1), bits(2)));
    assertThat(noiseAlone).isNotEqualTo(new long[4]);
    for (long value : noiseAlone) {
      assertThat(Math.abs(value)).isLessThan(7 * 1000);
    }
  }

  @Test
  void networkUnderPrivacySumsAutogradOfEachPatientAlone() throws IOException {
    ModelShape.Mlp model = new ModelShape.Mlp(3, List.of(2));
    PublicState state = Ward.state(FEATURES, model);
    RoundTask.GradientStep task = new RoundTask.GradientStep(FEATURES, model, 0.25);
    long[] sum =
        values(
            PrivateHalf.noised(
                noised(task, model.parameters(), SHARE, SamplingRate.ALWAYS),
                state,
                Ward.records(folder),
                bits(1),
                bits(2)));
    double norm = 0;
    for (long value : sum) {
      norm += (double) value * value;
    }
    // Five patients of at most one clip each, and noise of deviation 1000 in 11 coordinates.
    assertThat(Math.sqrt(norm)).isBetween(SHARE.clipUnits() / 10.0, 5.2 * SHARE.clipUnits());
  }

  @Test
  void privateEvaluationGivesEveryPatientTheSameWeightHoweverManyRows() throws IOException {
    ScoreHistogram histogram = new ScoreHistogram(2, false);
    NoiseShare share = new NoiseShare(8, ScoreHistogram.PATIENT_UNITS, 3, 1);
    PublicState state =
        state().toBuilder().vector(StateNames.WEIGHTS, new double[] {1, 0, 0, 0}).build();
    long[] cells =
        values(
            PrivateHalf.noised(
                noised(
                    new RoundTask.Evaluate(FEATURES, MODEL, histogram),
                    4,
                    share,
                    SamplingRate.ALWAYS),
                state,
                Ward.records(folder),
                bits(1),
                bits(2)));
    long[] expected = {1024, 0, 0, 1024};
    for (int cell = 0; cell < 4; cell++) {
      assertThat(Math.abs(cells[cell] - expected[cell])).isLessThan(60);
    }
  }

  @Test
  void neitherRoadTakesTheOthersRounds() throws IOException {
    SiloRecords records = Ward.records(folder);
    RoundTask.GradientStep step = new RoundTask.GradientStep(FEATURES, MODEL, 1.0);
    RoundShape wantsNoise = noised(step, 4, SHARE, SamplingRate.ALWAYS);
    RoundShape wantsGrant = exact(new RoundTask.FeatureMoments(FEATURES), 7);
    assertThatThrownBy(() -> PrivateHalf.exact(wantsNoise, state(), records, Ward.grant()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PrivateHalf.noised(wantsGrant, state(), records, bits(1), bits(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(PrivateHalf.exact(exact(step, 4), state(), records, Ward.grant()))
        .isInstanceOf(PrivateHalf.Outcome.Unfit.class);
  }

  @Test
  void siloScalingUsesOwnTrainRowsAndConstantColumnsKeepTheirScale() throws IOException {
    FeatureSpace own = Ward.features(FeatureSpace.Scaling.SILO);
    SiloRecords records =
        WardFixture.records(folder, "p1,40,1,ill,train", "p2,60,1,well,train", "p3,70,1,well,test");
    Examples train = Examples.of(records.train(), records.train(), own, state());
    Examples test = Examples.of(records.evaluation(), records.train(), own, state());
    assertThat(train.input(0)).containsExactly(-1, 0, 0);
    assertThat(test.input(0)[0]).isCloseTo(2, within(1e-12));
  }
}
