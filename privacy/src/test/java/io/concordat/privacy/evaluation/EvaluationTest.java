package io.concordat.privacy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.noise.SeededBits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final int BINS = 20;
  private static final int UNITS = 1024;

  private static int cell(double score, boolean positive) {
    return (positive ? BINS : 0) + Math.min(BINS - 1, (int) (score * BINS));
  }

  @Test
  void priceOfTenEvaluationsAndOfOne() {
    PldAccountant pld = PldAccountant.standard();
    NoiseShare share = NoiseShare.of(BigDecimal.TEN, 1024, 4, 1);
    GaussianRound one = GaussianRound.joint(share, SamplingRate.ALWAYS, 1);
    assertThat(pld.epsilon(List.of(one.times(10)), 1e-5)).isCloseTo(1.20, within(5e-3));
    assertThat(pld.epsilon(List.of(one), 1e-5)).isCloseTo(0.34, within(5e-3));
    assertThat(one.noiseMultiplier()).isGreaterThanOrEqualTo(10 - 1e-7);
  }

  @Test
  void figuresEqualThoseOfTheRecordsUpToTheBins() {
    Random random = new Random(1);
    int n = 4000;
    double[] score = new double[n];
    boolean[] label = new boolean[n];
    long[] cells = new long[2 * BINS];
    int right = 0;
    double brier = 0;
    for (int i = 0; i < n; i++) {
      score[i] = random.nextDouble();
      label[i] = random.nextDouble() < score[i];
      cells[cell(score[i], label[i])] += UNITS;
      right += (score[i] >= 0.5) == label[i] ? 1 : 0;
      double target = label[i] ? 1 : 0;
      brier += (score[i] - target) * (score[i] - target) / n;
    }
    double ordered = 0;
    double pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (label[i] && !label[j]) {
          pairs++;
          ordered += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
        }
      }
    }
    EvaluationMetrics metrics = EvaluationMetrics.of(BINS, cells, UNITS).orElseThrow();
    assertThat(metrics.patients()).isEqualTo(n);
    assertThat(metrics.accuracy()).isEqualTo(right / (double) n);
    assertThat(metrics.auc().orElseThrow()).isCloseTo(ordered / pairs, within(0.005));
    assertThat(metrics.brier()).isCloseTo(brier, within(1.0 / BINS));
    assertThat(metrics.calibrationError()).isLessThan(0.05);
    assertThat(metrics.calibration())
        .hasSize(20)
        .isSortedAccordingTo(
            java.util.Comparator.comparingDouble(EvaluationMetrics.CalibrationBin::rate));
  }

  @Test
  void accuracySurvivesTheNoise() {
    NoiseShare share = NoiseShare.of(new BigDecimal("4"), 1024, 4, 1);
    long[] cells = new long[2 * BINS];
    for (int i = 0; i < 500; i++) {
      cells[cell(0.15, false)] += 800;
      cells[cell(0.15, true)] += 224;
      cells[cell(0.85, true)] += 1024;
    }
    double mean = 0;
    for (int seed = 0; seed < 50; seed++) {
      long[] noised = cells.clone();
      for (int silo = 0; silo < 4; silo++) {
        SeededBits bits = new SeededBits(seed * 4L + silo);
        for (int i = 0; i < noised.length; i++) {
          noised[i] += share.distribution().sample(bits);
        }
      }
      mean += EvaluationMetrics.of(BINS, noised, UNITS).orElseThrow().accuracy() / 50;
    }
    assertThat(mean).isCloseTo(1 - 0.5 * 224 / 1024.0, within(0.03));
  }

  @Test
  void projectionKeepsTheTotalAndLeavesNoNegativeCell() {
    Random random = new Random(2);
    for (int trial = 0; trial < 1000; trial++) {
      double[] cells = random.doubles(12).map(x -> 20 * x - 7).toArray();
      double total = java.util.Arrays.stream(cells).sum();
      double[] before = cells.clone();
      if (!EvaluationMetrics.project(cells)) {
        assertThat(total).isLessThanOrEqualTo(0);
        assertThat(cells).isEqualTo(before);
        continue;
      }
      assertThat(java.util.Arrays.stream(cells).sum()).isCloseTo(total, within(1e-9));
      assertThat(java.util.Arrays.stream(cells).min().orElseThrow()).isNotNegative();
    }
  }

  @Test
  void monotoneRatesPoolWhatIsOutOfOrder() {
    double[] rate = {0.1, 0.5, 0.3, 0.9, 0.8};
    EvaluationMetrics.makeMonotone(rate, new double[] {1, 1, 3, 2, 2});
    assertThat(rate[1]).isCloseTo(0.35, within(1e-12)).isEqualTo(rate[2]);
    assertThat(rate[3]).isCloseTo(0.85, within(1e-12)).isEqualTo(rate[4]);
  }

  @Test
  void nothingIsSaidWhereTheNoiseLeftNothing() {
    assertThat(EvaluationMetrics.of(BINS, new long[2 * BINS], UNITS)).isEmpty();
    long[] oneLabel = new long[2 * BINS];
    oneLabel[3] = 1024;
    assertThat(EvaluationMetrics.of(BINS, oneLabel, UNITS).orElseThrow().auc()).isEmpty();
  }

  @Test
  void sumsThatDoNotMatchTheirBinsAreRefused() {
    assertThatThrownBy(() -> EvaluationMetrics.of(7, new long[14], UNITS))
        .hasMessageContaining("even");
    assertThatThrownBy(() -> EvaluationMetrics.of(BINS, new long[39], UNITS))
        .hasMessageContaining("39 values");
  }
}
