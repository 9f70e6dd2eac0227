package io.concordat.privacy.accountant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.Calibration.Calibrated;
import io.concordat.privacy.accountant.Calibration.Unreachable;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {

  private static final PldAccountant PLD = PldAccountant.standard();

  @ParameterizedTest
  @CsvSource({
    "1, 3.874, 2.34, 0.88, 1.10",
    "2, 2.187, 5.66, 1.74, 2.19",
    "4, 1.340, 16.4, 3.37, 4.40",
    "8, 0.916, 44.6, 6.40, 8.88"
  })
  void exampleTableIsMet(double target, double z, double own, double allFive, double rdp) {
    Calibrated calibrated =
        (Calibrated) Calibration.noiseMultiplier(PLD, target, 1e-5, 0.05, 400, List.of());
    double found = calibrated.noiseMultiplier().doubleValue();
    assertThat(found).isCloseTo(z, within(6e-4));
    assertThat(calibrated.epsilon()).isLessThanOrEqualTo(target);
    // Five silos, one colluder: each adds half the joint deviation.
    assertThat(epsilon(PLD, found / 2)).isCloseTo(own, within(0.005 * own));
    assertThat(epsilon(PLD, found * Math.sqrt(5) / 2)).isCloseTo(allFive, within(0.006));
    assertThat(epsilon(RdpAccountant.standard(), found)).isCloseTo(rdp, within(0.015));
  }

  private static double epsilon(Accountant accountant, double z) {
    return accountant.epsilon(List.of(new GaussianRound(0.05, z, 400)), 1e-5);
  }

  @Test
  void oneStepLessNoiseIsNotEnough() {
    List<GaussianRound> evaluation = List.of(new GaussianRound(1, 20, 3));
    for (double q : new double[] {0.1, 1}) {
      Calibrated calibrated =
          (Calibrated) Calibration.noiseMultiplier(PLD, 1.5, 1e-5, q, 50, evaluation);
      BigDecimal less = calibrated.noiseMultiplier().subtract(new BigDecimal("0.0001"));
      assertThat(
              PLD.epsilon(
                  List.of(evaluation.getFirst(), new GaussianRound(q, less.doubleValue(), 50)),
                  1e-5))
          .isGreaterThan(1.5);
      assertThat(
              PLD.epsilon(
                  List.of(
                      new GaussianRound(q, calibrated.noiseMultiplier().doubleValue(), 50),
                      evaluation.getFirst()),
                  1e-5))
          .isLessThanOrEqualTo(1.5);
    }
  }

  @Test
  void fixedRoundsBeyondTheTargetCannotBeCalibratedAway() {
    assertThat(
            Calibration.noiseMultiplier(PLD, 1, 1e-5, 1, 50, List.of(new GaussianRound(1, 1, 1))))
        .isInstanceOfSatisfying(
            Unreachable.class, none -> assertThat(none.fixedEpsilon()).isGreaterThan(4));
  }

  @Test
  void generousTargetNeedsLittleNoise() {
    Calibrated calibrated =
        (Calibrated) Calibration.noiseMultiplier(PLD, 60, 1e-5, 1, 1, List.of());
    assertThat(calibrated.noiseMultiplier().doubleValue()).isLessThan(0.5);
  }

  @Test
  void answersAreDecimalsOfFourDigits() {
    assertThat(Calibration.onGrid(1.00001)).isEqualTo(new BigDecimal("1.0001"));
    assertThatThrownBy(() -> Calibration.noiseMultiplier(PLD, 0, 1e-5, 1, 1, List.of()))
        .hasMessageContaining("target epsilon");
  }
}
