package io.concordat.privacy.accountant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountantPropertiesTest {

  private static final PldAccountant PLD = PldAccountant.standard();
  private static final RdpAccountant RDP = RdpAccountant.standard();

  /** Rounding of a composed grid may turn an equality by this much. */
  private static final double SLACK = 1e-6;

  private record Setting(double z, double q, long count, double delta) {
    static Setting random(Random random) {
      return new Setting(
          Math.exp(random.nextDouble(Math.log(0.7), Math.log(8))),
          random.nextInt(5) == 0 ? 1 : Math.exp(random.nextDouble(Math.log(0.005), 0)),
          1 + (long) Math.exp(random.nextDouble(0, Math.log(400))),
          Math.exp(random.nextDouble(Math.log(1e-8), Math.log(1e-2))));
    }

    List<GaussianRound> rounds() {
      return List.of(new GaussianRound(q, z, count));
    }
  }

  @Test
  void thousandSettingsAreMonotoneInEachArgument() {
    PldAccountant coarse = PldAccountant.withStep(2e-3);
    RdpAccountant few = RdpAccountant.withOrders(1.5, 2, 2.5, 4, 6.5, 8, 16, 32, 64);
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      Setting s = Setting.random(random);
      double more = 1 + random.nextDouble();
      List<Setting> worse =
          List.of(
              new Setting(s.z / more, s.q, s.count, s.delta),
              new Setting(s.z, Math.min(1, s.q * more), s.count, s.delta),
              new Setting(s.z, s.q, s.count + 1 + random.nextInt(20), s.delta),
              new Setting(s.z, s.q, s.count, s.delta / more));
      for (Accountant accountant : List.of(coarse, few)) {
        double epsilon = accountant.epsilon(s.rounds(), s.delta);
        for (Setting other : worse) {
          assertThat(accountant.epsilon(other.rounds(), other.delta))
              .as("%s: %s to %s", accountant.getClass().getSimpleName(), s, other)
              .isGreaterThanOrEqualTo(epsilon - SLACK * Math.max(1, epsilon));
        }
      }
    }
  }

  @Test
  void tightAccountantIsNeverAboveTheRenyiOne() {
    for (int seed = 0; seed < 1000; seed++) {
      Setting s = Setting.random(new Random(seed));
      // A sample on the fine grid, all on a coarser one: both are upper bounds, the coarser less
      // tight.
      PldAccountant pld = seed % 20 == 0 ? PLD : PldAccountant.withStep(1e-3);
      assertThat(pld.epsilon(s.rounds(), s.delta))
          .as("%s", s)
          .isLessThanOrEqualTo(RDP.epsilon(s.rounds(), s.delta) + SLACK);
    }
  }

  @Test
  void epsilonAndDeltaAreEachOthersInverse() {
    for (int seed = 0; seed < 30; seed++) {
      Setting s = Setting.random(new Random(seed));
      double epsilon = PLD.epsilon(s.rounds(), s.delta);
      if (epsilon > 0) {
        assertThat(PLD.delta(s.rounds(), epsilon))
            .as("%s", s)
            .isCloseTo(s.delta, within(1e-6 * s.delta + 1e-11));
      }
      double renyi = RDP.epsilon(s.rounds(), s.delta);
      if (renyi > 0) {
        assertThat(RDP.delta(s.rounds(), renyi)).isCloseTo(s.delta, within(1e-6 * s.delta));
      }
    }
  }

  /** The grid, forced onto rounds that have a closed form. */
  @Test
  void gridMeetsTheAnalyticGaussian() {
    for (double z : new double[] {0.7, 1, 3, 10, 40}) {
      for (long count : new long[] {1, 10, 100}) {
        List<GaussianRound> rounds = List.of(new GaussianRound(1, z, count));
        LossComposition.Composed composed = LossComposition.compose(rounds, 1e-4);
        AnalyticGaussian exact = new AnalyticGaussian(Math.sqrt(count) / z);
        for (double delta : new double[] {1e-3, 1e-5, 1e-8}) {
          double wanted = exact.epsilon(delta);
          assertThat(composed.remove().epsilon(delta))
              .as("z %s, %s rounds, delta %s", z, count, delta)
              .isBetween(wanted - 1e-7, wanted + 2e-4 * Math.max(0.1, wanted));
        }
      }
    }
  }

  @Test
  void mixedRoundsEqualTheirPartsInAnyOrder() {
    GaussianRound train = new GaussianRound(0.05, 1.5, 200);
    GaussianRound evaluate = new GaussianRound(1, 10, 5);
    GaussianRound second = new GaussianRound(0.1, 3, 50);
    double together = PLD.epsilon(List.of(train, evaluate, second), 1e-5);
    assertThat(PLD.epsilon(List.of(second, train, evaluate), 1e-5))
        .isCloseTo(together, within(1e-9));
    assertThat(
            PLD.epsilon(
                List.of(
                    second,
                    train.times(80),
                    evaluate.times(2),
                    train.times(120),
                    evaluate.times(3)),
                1e-5))
        .isCloseTo(together, within(1e-9));
    assertThat(together)
        .isGreaterThan(PLD.epsilon(List.of(train, second), 1e-5))
        .isLessThan(RDP.epsilon(List.of(train, evaluate, second), 1e-5));
  }

  @Test
  void splitRoundsCostWhatTheirSumCosts() {
    // Two kinds that differ by nothing but a hair are convolved separately; the result must not
    // jump.
    List<GaussianRound> one = List.of(new GaussianRound(0.05, 2, 100));
    List<GaussianRound> two =
        List.of(new GaussianRound(0.05, 2, 60), new GaussianRound(0.05, Math.nextUp(2.0), 40));
    assertThat(PLD.epsilon(two, 1e-5)).isCloseTo(PLD.epsilon(one, 1e-5), within(1e-7));
  }

  @Test
  void seriesAndIntegralOfTheMomentAgree() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double q = Math.exp(random.nextDouble(Math.log(0.01), Math.log(0.9)));
      double z = Math.exp(random.nextDouble(Math.log(0.5), Math.log(4)));
      double alpha = seed % 2 == 0 ? 2 + random.nextInt(20) : random.nextDouble(1.05, 20);
      double series = RenyiDivergence.ofRound(q, z, alpha) * (alpha - 1);
      double integral = Math.log1p(excessByQuadrature(q, z, alpha));
      if (series > 1e-5) {
        assertThat(series)
            .as("q %s z %s alpha %s", q, z, alpha)
            .isCloseTo(integral, within(1e-9 * Math.max(1e-2, integral)));
      } else {
        assertThat(series).isGreaterThanOrEqualTo(integral - 1e-12);
      }
    }
  }

  /**
   * E[(1+q w)^alpha - 1 - alpha q w] for w = e^{(2x-1)/(2z^2)} - 1: positive throughout, by the
   * trapezoidal rule.
   */
  private static double excessByQuadrature(double q, double z, double alpha) {
    double step = Math.min(z / 8, z * z / 2) / 4;
    double sum = 0;
    for (double x = -14 * z; x <= alpha + 14 * z; x += step) {
      double w = Math.expm1((2 * x - 1) / (2 * z * z));
      double exponent = -x * x / (2 * z * z);
      double power = alpha * Math.log1p(q * w);
      // Beyond 30 the power alone is the integrand, and must not overflow before it meets its
      // density.
      sum +=
          power > 30
              ? Math.exp(exponent + power)
              : Math.exp(exponent) * (Math.expm1(power) - alpha * q * w);
    }
    sum /= z * Math.sqrt(2 * Math.PI);
    return sum * step;
  }

  /**
   * The bound of a sum of discrete Gaussians by the integer formula: itself summed by brute force.
   */
  @Test
  void subsampledDiscreteSumStaysBelowTheFormula() {
    for (int sigma : new int[] {8, 12}) {
      for (int shift : new int[] {8, 20}) {
        for (double q : new double[] {0.01, 0.2, 1}) {
          double z = sigma * Math.sqrt(3) / shift;
          for (int alpha : new int[] {2, 4, 8}) {
            assertThat(discreteMoment(3L * sigma * sigma, shift, q, alpha))
                .as("sigma %s shift %s q %s alpha %s", sigma, shift, q, alpha)
                .isLessThanOrEqualTo(
                    RenyiDivergence.ofRound(q, z, alpha) * (alpha - 1) * (1 + 1e-9) + 1e-14);
          }
        }
      }
    }
  }

  private static double discreteMoment(long variance, int shift, double q, int alpha) {
    double weight = 0;
    double moment = 0;
    for (int x = -400; x <= 400; x++) {
      double exponent = -x * (double) x / (2.0 * variance);
      double loss = (2.0 * x * shift - (double) shift * shift) / (2.0 * variance);
      weight += Math.exp(exponent);
      moment += Math.exp(exponent + alpha * Math.log1p(q * Math.expm1(loss)));
    }
    return Math.log(moment / weight);
  }

  @Test
  void jointGuaranteeIsBetterThanTheOwnShare() {
    NoiseShare share = NoiseShare.of(new java.math.BigDecimal("3.874"), 1 << 18, 5, 1);
    SamplingRate rate = SamplingRate.parse("0.05");
    double joint = PLD.epsilon(List.of(GaussianRound.joint(share, rate, 400)), 1e-5);
    double own = PLD.epsilon(List.of(GaussianRound.ownShare(share, rate, 400)), 1e-5);
    double allHonest = PLD.epsilon(List.of(GaussianRound.withHonest(share, 5, rate, 400)), 1e-5);
    assertThat(joint).isCloseTo(1, within(1e-3));
    assertThat(own).isCloseTo(2.34, within(0.006));
    assertThat(allHonest).isCloseTo(0.88, within(0.006));
  }

  @Test
  void integerNoiseIsPricedBelowItsOwnVariance() {
    NoiseShare share = new NoiseShare(8, 8, 3, 1);
    assertThat(GaussianRound.joint(share, SamplingRate.ALWAYS, 1).noiseMultiplier())
        .isLessThan(Math.sqrt(2 * 64 - 4) / 8)
        .isCloseTo(Math.sqrt(2 * 64 - 4) / 8, within(1e-15));
  }

  @Test
  void unequalRatesAndSeveralSilosCostMore() {
    // z 2, q .05, 400 rounds: a patient in k silos moves the sum by k clips, which is the noise
    // divided by k.
    assertThat(PLD.epsilon(List.of(new GaussianRound(0.05, 2, 400)), 1e-5))
        .isCloseTo(2.25, within(6e-3));
  }

  @Test
  void siloAsTheUnitNeedsMuchMoreNoise() {
    double[][] table = {{1, 26.4}, {2, 14.1}, {4, 7.65}, {8, 4.24}};
    for (double[] row : table) {
      Calibration.Calibrated calibrated =
          (Calibration.Calibrated) Calibration.noiseMultiplier(PLD, row[0], 1e-5, 1, 50, List.of());
      assertThat(calibrated.noiseMultiplier().doubleValue())
          .isCloseTo(row[1], within(0.005 * row[1]));
    }
  }

  @Test
  void extremeSettingsGiveAnAnswer() {
    assertThat(PLD.epsilon(List.of(new GaussianRound(0.5, 0.001, 1000)), 1e-5)).isInfinite();
    assertThat(PLD.delta(List.of(new GaussianRound(0.5, 0.001, 1000)), 1)).isEqualTo(1);
    assertThat(PLD.epsilon(List.of(new GaussianRound(1e-9, 50, 1)), 1e-5)).isZero();
    assertThat(PLD.epsilon(List.of(new GaussianRound(0, 1, 100)), 1e-5)).isZero();
    assertThat(PLD.epsilon(List.of(), 1e-5)).isZero();
    assertThat(PLD.epsilon(List.of(new GaussianRound(0.001, 0.3, 10)), 1e-5)).isBetween(0.5, 60.0);
    assertThat(PLD.epsilon(List.of(new GaussianRound(0.0001, 20, 1_000_000)), 1e-6))
        .isBetween(0.0, 1.0);
    assertThatThrownBy(() -> PLD.epsilon(List.of(new GaussianRound(0.5, 1, 1)), 1e-11))
        .hasMessageContaining("1e-10");
    assertThatThrownBy(() -> PLD.epsilon(List.of(), 0)).hasMessageContaining("delta");
    assertThatThrownBy(() -> new GaussianRound(Double.NaN, 1, 1)).hasMessageContaining("rate");
  }

  @Test
  void tailsAreThoseOfTheNormalDistribution() {
    // By mpmath at 30 digits.
    assertThat(NormalTail.survival(0)).isEqualTo(0.5);
    assertThat(NormalTail.survival(5)).isCloseTo(2.86651571879193911673752e-7, within(1e-22));
    assertThat(NormalTail.survival(37)).isCloseTo(5.72557122252457682e-300, within(1e-314));
    assertThat(NormalTail.survival(-1)).isCloseTo(0.8413447460685429, within(1e-15));
    assertThat(NormalTail.logErfc(40)).isCloseTo(-1604.26155665327356, within(1e-9));
    List<Double> previous = new ArrayList<>(List.of(Double.POSITIVE_INFINITY));
    for (double u = -8; u < 37; u += 0.01) {
      assertThat(NormalTail.mills(u)).isPositive().isLessThan(previous.removeFirst());
      previous.add(NormalTail.mills(u));
      assertThat(NormalTail.mills(u) * NormalTail.density(u))
          .isCloseTo(NormalTail.survival(u), within(1e-14 * NormalTail.survival(u)));
    }
  }

  /** Golden numbers to the last bit: two nodes compare what comes out of these. */
  @Test
  void resultsAreTheSameBitsEverywhere() {
    assertThat(Double.toHexString(RenyiDivergence.ofRound(0.05, 2.187, 4)))
        .isEqualTo("0x1.38186a9e41ef5p-10");
    assertThat(Double.toHexString(RenyiDivergence.ofRound(0.05, 2.187, 4.5)))
        .isEqualTo("0x1.614671782996ap-10");
    assertThat(Double.toHexString(PLD.epsilon(List.of(new GaussianRound(0.05, 2.187, 400)), 1e-5)))
        .isEqualTo("0x1.ffd6ff606d8c8p0");
  }
}
