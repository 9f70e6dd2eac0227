package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.protocol.analysis.DpSgdAnalysis.Averaging;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.FeatureSpace.Scaling;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DpSgdAnalysisTest {
  private static final SortedMap<String, Long> COHORT =
      new TreeMap<>(Map.of("a", 100L, "b", 60L, "c", 40L));
  private static final NoiseShare SHARE = new NoiseShare(1 << 20, 1 << 18, 3, 1);
  private static final NoiseShare EVALUATION = new NoiseShare(7241, 1 << 10, 3, 1);

  private static FeatureSpace features(Scaling scaling) {
    return new FeatureSpace(
        List.of(new Feature.Number("x", 0, 10, 5, 2)), new LabelRule.Above("y", 0), scaling);
  }

  private static DpSgdAnalysis analysis(
      int rounds, double momentum, Averaging averaging, boolean evaluation) {
    return new DpSgdAnalysis(
        new DpSgdAnalysis.Plan(
            features(Scaling.SCHEMA),
            new ModelShape.Logistic(1),
            rounds,
            new SamplingRate(1, 2),
            2.0,
            0.5,
            momentum,
            averaging,
            SHARE,
            Optional.empty(),
            evaluation ? Optional.of(EVALUATION) : Optional.empty(),
            1,
            1,
            500,
            2000));
  }

  /** A sum that says: mean gradient {@code g} over half of 200 patients, clip 2 in 2^18 units. */
  private static long[] sum(double g0, double g1) {
    double units = (1 << 18) / 2.0 * 200 / 2;
    return new long[] {Math.round(g0 * units), Math.round(g1 * units)};
  }

  @Test
  void aStepDividesByThePublicNumbersOfItsCohortAlone() {
    DpSgdAnalysis analysis = analysis(3, 0, Averaging.NONE, false);
    PublicState state = analysis.advance(analysis.initialState(), sum(0.5, -1), COHORT);
    assertThat(state.values(StateNames.WEIGHTS)[0]).isCloseTo(-0.25, within(1e-9));
    assertThat(state.values(StateNames.WEIGHTS)[1]).isCloseTo(0.5, within(1e-9));
    SortedMap<String, Long> fewer = new TreeMap<>(Map.of("a", 100L));
    PublicState other = analysis.advance(analysis.initialState(), sum(0.5, -1), fewer);
    assertThat(other.values(StateNames.WEIGHTS)[0]).isCloseTo(-0.5, within(1e-9));
  }

  @Test
  void momentumKeepsAPartOfTheLastStep() {
    DpSgdAnalysis analysis = analysis(3, 0.5, Averaging.NONE, false);
    PublicState state = analysis.advance(analysis.initialState(), sum(1, 0), COHORT);
    state = analysis.advance(state, sum(0, 0), COHORT);
    assertThat(state.values(StateNames.WEIGHTS)[0]).isCloseTo(-0.75, within(1e-9));
  }

  @Test
  void tailAveragesTheLaterHalfOfTheStatesAndEvaluationSeesThatAverage() {
    DpSgdAnalysis analysis = analysis(4, 0, Averaging.TAIL, true);
    PublicState state = analysis.initialState();
    for (int round = 0; round < 4; round++) {
      state = analysis.advance(state, sum(1, 0), COHORT);
    }
    // Weights were -0.5, -1, -1.5, -2.
    assertThat(state.values(StateNames.WEIGHTS)[0]).isCloseTo(-1.75, within(1e-9));
    assertThat(analysis.shape(state).task()).isInstanceOf(RoundTask.Evaluate.class);
    assertThat(analysis.rounds()).isEqualTo(5);
    state =
        analysis.advance(
            state, new long[] {30 << 10, 1 << 10, 4 << 10, 0, 0, 5 << 10, 0, 20 << 10}, COHORT);
    assertThat(analysis.finished(state)).isTrue();
    Metrics metrics = analysis.result(state).metrics().orElseThrow();
    assertThat(metrics.patients()).isEqualTo(60);
    assertThat(metrics.accuracy()).isCloseTo(59.0 / 60, within(1e-12));
    assertThat(metrics.auc()).isCloseTo((30 / 2.0 + 25 * 34) / (26.0 * 34), within(1e-12));
  }

  @Test
  void absurdSumsAndRatesLeaveAFiniteState() {
    DpSgdAnalysis analysis = analysis(50, 0.9, Averaging.ALL, false);
    PublicState state = analysis.initialState();
    for (int round = 0; round < 50; round++) {
      state = analysis.advance(state, new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, COHORT);
    }
    assertThat(analysis.finished(state)).isTrue();
    assertThat(analysis.advance(analysis.initialState(), new long[] {1, 1}, new TreeMap<>()))
        .isNotNull();
  }

  @Test
  void scalingBySilosAndScalingByTheFederationWithoutNoiseAreRefused() {
    for (Scaling scaling : new Scaling[] {Scaling.FEDERATION, Scaling.SILO}) {
      assertThatThrownBy(() ->
              new DpSgdAnalysis.Plan(
                  features(scaling),
                  new ModelShape.Logistic(1),
                  3,
                  SamplingRate.ALWAYS,
                  1,
                  1,
                  0,
                  Averaging.NONE,
                  SHARE,
                  Optional.empty(),
                  Optional.empty(),
                  1,
                  1,
                  500,
                  2000))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("scaling");
    }
  }

  @Test
  void sameSumsGiveTheSameBitsOnEveryMachine() {
    DpSgdAnalysis analysis = analysis(20, 0.9, Averaging.TAIL, false);
    PublicState state = analysis.initialState();
    SplitMix stream = new SplitMix(2026);
    while (!analysis.finished(state)) {
      long[] sum = {stream.nextLong() >> 38, stream.nextLong() >> 38};
      state = analysis.advance(state, sum, COHORT);
    }
    assertThat(HexFormat.of().formatHex(state.sha256()))
        .isEqualTo("369212f2b9e28339616b1ad8b875711b0d1186b01ea7c2b28732f21b619c07fe");
  }

  @Test
  void aWrongLengthOrAFinishedStateIsRefused() {
    DpSgdAnalysis analysis = analysis(1, 0, Averaging.NONE, false);
    PublicState start = analysis.initialState();
    assertThatThrownBy(() -> analysis.advance(start, new long[3], COHORT))
        .isInstanceOf(IllegalArgumentException.class);
    PublicState end = analysis.advance(start, new long[2], COHORT);
    assertThatThrownBy(() -> analysis.advance(end, new long[2], COHORT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> analysis.result(start)).isInstanceOf(IllegalArgumentException.class);
  }
}
