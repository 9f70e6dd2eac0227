package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.FeatureSpace.Scaling;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ExactAnalysesTest {
  private static final SortedMap<String, Long> COHORT = new TreeMap<>();

  private static FedAvgAnalysis fedAvg(Scaling scaling, ModelShape model, boolean evaluation) {
    FeatureSpace features =
        new FeatureSpace(
            List.of(new Feature.Number("x", 0, 10, 5, 2), new Feature.Level("c", "b")),
            new LabelRule.Above("y", 0),
            scaling);
    return new FedAvgAnalysis(
        new FedAvgAnalysis.Plan(
            features,
            model,
            2,
            new LocalTraining(1, 8, 0.1, 0, 0, 9),
            new Quantiser(4, 16),
            evaluation,
            500));
  }

  @Test
  void statisticsGiveCountsMeansVariancesAndLevels() {
    var analysis =
        new StatisticsAnalysis(
            List.of(
                new DescribedColumn.Number("age", 0, 100),
                new DescribedColumn.Category("sex", List.of("f", "m"))),
            5,
            1000);
    // Ages 20, 40, 60, 80 in units of the range.
    long unit = RoundTask.MOMENT_UNITS;
    long[] sum = {4, 4, 4, 2 * unit, Math.round(1.2 * unit), 3, 0, 1};
    PublicState state = analysis.advance(analysis.initialState(), sum, COHORT);
    AnalysisResult.Statistics result = analysis.result(state);
    assertThat(result.patients()).isEqualTo(4);
    var age = (AnalysisResult.Column.Number) result.columns().get(0);
    assertThat(age.mean()).isCloseTo(50, within(1e-5));
    assertThat(age.variance()).isCloseTo(2000.0 / 3, within(1e-2));
    var sex = (AnalysisResult.Column.Category) result.columns().get(1);
    assertThat(sex.levels())
        .containsExactly(new AnalysisResult.Level("f", 3), new AnalysisResult.Level("m", 0));
    assertThat(sex.suppressed()).isEqualTo(1);
    assertThat(analysis.finished(state)).isTrue();
  }

  @Test
  void averagingAddsTheUpdatesWeightedByPatients() {
    FedAvgAnalysis analysis = fedAvg(Scaling.SCHEMA, new ModelShape.Logistic(2), false);
    long unit = 32767 / 4;
    PublicState start = analysis.initialState();
    // 100 patients moved by 1, 300 by 2, in parameter 0: mean 1.75.
    long[] sum = {400, 100 * unit + 300 * 2 * unit, 0, -400 * unit};
    PublicState state = analysis.advance(start, sum, COHORT);
    assertThat(state.values(StateNames.WEIGHTS)[0]).isCloseTo(1.75, within(1e-3));
    assertThat(state.values(StateNames.WEIGHTS)[2]).isCloseTo(-1, within(1e-3));
    assertThat(analysis.advance(start, new long[4], COHORT).values(StateNames.WEIGHTS))
        .isEqualTo(start.values(StateNames.WEIGHTS));
  }

  @Test
  void federationScalingOpensMeansAndDeviationsFirst() {
    FedAvgAnalysis analysis = fedAvg(Scaling.FEDERATION, new ModelShape.Logistic(2), true);
    PublicState start = analysis.initialState();
    assertThat(analysis.rounds()).isEqualTo(4);
    assertThat(analysis.shape(start).task()).isInstanceOf(RoundTask.FeatureMoments.class);
    long unit = RoundTask.MOMENT_UNITS;
    long[] sum = {4, 2 * unit, 4 * unit, Math.round(1.2 * unit), 4 * unit};
    PublicState state = analysis.advance(start, sum, COHORT);
    assertThat(state.values(StateNames.FEATURE_CENTER)[0]).isCloseTo(5, within(1e-6));
    assertThat(state.values(StateNames.FEATURE_SCALE)[0])
        .isCloseTo(10 * Math.sqrt(0.05), within(1e-5));
    // A column that never varies keeps its range: nothing is divided by zero.
    assertThat(state.values(StateNames.FEATURE_SCALE)[1]).isEqualTo(1);
    assertThat(analysis.shape(state).task()).isInstanceOf(RoundTask.LocalEpochs.class);
  }

  @Test
  void widthsHoldWhatTheLargestSiloCanSend() {
    FedAvgAnalysis analysis = fedAvg(Scaling.FEDERATION, new ModelShape.Logistic(2), true);
    PublicState state = analysis.initialState();
    for (int round = 0; round < analysis.rounds(); round++) {
      RoundShape shape = analysis.shape(state.toBuilder().scalar(StateNames.ROUND, round).build());
      long largest =
          switch (shape.task()) {
            case RoundTask.FeatureMoments _ -> 500L * 64 * RoundTask.MOMENT_UNITS;
            case RoundTask.LocalEpochs _ -> 500L * 32767;
            case RoundTask.Evaluate _ -> 500L * 16 * ScoreHistogram.LOSS_UNITS;
            case RoundTask.Describe _, RoundTask.Figures _, RoundTask.GradientStep _ ->
                throw new AssertionError();
          };
      assertThat((1L << (shape.bits() - 1)) - 1).isBetween(largest, 2 * largest);
    }
  }

  @Test
  void startingNetworkAndItsLogitsAreTheSameBitsEverywhere() {
    ModelShape.Mlp model = new ModelShape.Mlp(3, List.of(4, 2));
    double[] weights = model.initialWeights(7);
    PublicState state =
        PublicState.builder()
            .vector("weights", weights)
            .scalar("p", ModelShape.probability(model.logit(weights, new double[] {1, -2, 0.5})))
            .scalar("q", ModelShape.probability(-40))
            .build();
    assertThat(weights).hasSize(29);
    assertThat(HexFormat.of().formatHex(state.sha256()))
        .isEqualTo("7c8167e2c693e1e7155776bd0b1c30acec80c9a899996314da478ca6d59ef7b6");
  }

  @Test
  void splitMixIsThePublishedGenerator() {
    SplitMix stream = new SplitMix(1234567);
    assertThat(stream.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(stream.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(new SplitMix(1).permutation(100)).doesNotHaveDuplicates().hasSize(100);
  }
}
