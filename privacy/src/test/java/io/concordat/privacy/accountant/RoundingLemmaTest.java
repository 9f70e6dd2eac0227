package io.concordat.privacy.accountant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

/**
 * The lemma behind pricing integer noise as continuous noise (docs/privacy-proofs.md, 1): rounding
 * y to the integer k with probability proportional to e^{-(k-y)^2/(2 s^2)} turns N(0, r^2) into a
 * discrete Gaussian of variance r^2 + s^2, up to a factor 1 +- 2 e^{-2 pi^2 s^2}, and commutes with
 * adding integers.
 */
class RoundingLemmaTest {

  private static final MathContext DIGITS = new MathContext(70, RoundingMode.HALF_EVEN);

  @Test
  void normaliserOfTheRoundingIsConstantToThirtyThreeDigitsAtTwo() {
    BigDecimal atZero = normaliser(BigDecimal.ZERO);
    BigDecimal atHalf = normaliser(new BigDecimal("0.5"));
    BigDecimal mean = atZero.add(atHalf).divide(BigDecimal.TWO, DIGITS);
    // Poisson summation: the normaliser is its mean times 1 + 2 e^{-8 pi^2} cos(2 pi y), and
    // further terms of e^{-32 pi^2}.
    double swing = atZero.subtract(atHalf).divide(mean, DIGITS).doubleValue();
    double predicted = 4 * Math.exp(-8 * Math.PI * Math.PI);
    assertThat(swing).isCloseTo(predicted, within(1e-12 * predicted));
    assertThat(swing / 2).isLessThan(1.1e-34);
    BigDecimal atQuarter = normaliser(new BigDecimal("0.25"));
    assertThat(atQuarter.subtract(mean).abs().doubleValue()).isLessThan(1e-60);
  }

  /** Sum over k of e^{-(k-y)^2/8}, to 60 digits. */
  private static BigDecimal normaliser(BigDecimal y) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = -36; k <= 36; k++) {
      BigDecimal distance = BigDecimal.valueOf(k).subtract(y);
      BigDecimal exponent = distance.multiply(distance).divide(BigDecimal.valueOf(8), DIGITS);
      sum = sum.add(BigDecimal.ONE.divide(exp(exponent), DIGITS), DIGITS);
    }
    return sum;
  }

  /** e^x for x >= 0 by its series at x/256, squared eight times. */
  private static BigDecimal exp(BigDecimal x) {
    MathContext more = new MathContext(90);
    BigDecimal small = x.divide(BigDecimal.valueOf(256), more);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 90; n++) {
      term = term.multiply(small, more).divide(BigDecimal.valueOf(n), more);
      sum = sum.add(term, more);
    }
    for (int i = 0; i < 8; i++) {
      sum = sum.multiply(sum, more);
    }
    return sum;
  }

  /** At a rounding this coarse the factor is visible, and stays within its bound. */
  @Test
  void roundedGaussianIsADiscreteGaussianWithinTheStatedFactor() {
    for (double s : new double[] {0.5, 0.7, 1}) {
      double r = 1.5;
      double bound = 2 * Math.exp(-2 * Math.PI * Math.PI * s * s);
      double[] rounded = roundedGaussian(r, s);
      double worst = 0;
      double weights = 0;
      for (int x = -30; x <= 30; x++) {
        weights += Math.exp(-x * x / (2 * (r * r + s * s)));
      }
      for (int x = -6; x <= 6; x++) {
        double discrete = Math.exp(-x * x / (2 * (r * r + s * s))) / weights;
        worst = Math.max(worst, Math.abs(rounded[x + 30] / discrete - 1));
      }
      assertThat(worst).as("s %s", s).isLessThan(2.1 * bound + 1e-13);
    }
  }

  /** P[rounding of N(0, r^2) = x] for |x| <= 30, by the trapezoidal rule. */
  private static double[] roundedGaussian(double r, double s) {
    double[] mass = new double[61];
    double step = 1.0 / 64;
    for (double y = -16; y <= 16; y += step) {
      double density = Math.exp(-y * y / (2 * r * r)) / (r * Math.sqrt(2 * Math.PI)) * step;
      double normaliser = 0;
      for (int k = -40; k <= 40; k++) {
        normaliser += Math.exp(-(k - y) * (k - y) / (2 * s * s));
      }
      for (int x = -30; x <= 30; x++) {
        mass[x + 30] += density * Math.exp(-(x - y) * (x - y) / (2 * s * s)) / normaliser;
      }
    }
    return mass;
  }

  /**
   * In one dimension the loss of integer noise happens to be smaller; in several it is not given by
   * one coordinate. Two coordinates moved by (3, 4) lose what one moved by 5 loses under continuous
   * noise, and the price covers both exactly computed deltas.
   */
  @Test
  void priceCoversVectorsMovedInSeveralCoordinates() {
    double variance = 64;
    AnalyticGaussian price =
        new AnalyticGaussian(5 / Math.sqrt(variance - GaussianRound.ROUNDING_VARIANCE));
    for (double epsilon : new double[] {0, 0.5, 1, 2, 4}) {
      assertThat(discreteDelta(new int[] {3, 4}, variance, epsilon))
          .isLessThanOrEqualTo(price.delta(epsilon));
      assertThat(discreteDelta(new int[] {5, 0}, variance, epsilon))
          .isLessThanOrEqualTo(price.delta(epsilon));
    }
  }

  private static double discreteDelta(int[] shift, double variance, double epsilon) {
    int reach = 100;
    double weights = 0;
    for (int x = -reach; x <= reach; x++) {
      weights += Math.exp(-x * (double) x / (2 * variance));
    }
    double delta = 0;
    for (int x = -reach; x <= reach; x++) {
      for (int y = -reach; y <= reach; y++) {
        double moved =
            Math.exp(
                -((x - shift[0]) * (double) (x - shift[0])
                        + (y - shift[1]) * (double) (y - shift[1]))
                    / (2 * variance));
        double still = Math.exp(-(x * (double) x + y * (double) y) / (2 * variance));
        delta += Math.max(0, moved - Math.exp(epsilon) * still);
      }
    }
    return delta / (weights * weights);
  }
}
