package io.concordat.privacy.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscreteGaussianTest {

  @ParameterizedTest
  @CsvSource({"0.5, 0.49897913083282047", "1, 0.9999997887677282", "10, 10.0"})
  void definitionHasThePublishedVariances(double sigmaSquared, double variance) {
    double weights = 0;
    double squares = 0;
    for (int x = -60; x <= 60; x++) {
      double weight = Math.exp(-x * x / (2 * sigmaSquared));
      weights += weight;
      squares += weight * x * x;
    }
    assertThat(squares / weights).isCloseTo(variance, within(1e-14 * variance));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 30})
  void samplesFollowTheDefinition(int sigma) {
    int samples = 400_000;
    int reach = 4 * sigma;
    long[] counts = new long[2 * reach + 3];
    DiscreteGaussian gaussian = new DiscreteGaussian(sigma);
    RandomBits bits = new SeededBits(sigma);
    for (int i = 0; i < samples; i++) {
      long x = gaussian.sample(bits);
      counts[(int) Math.max(-reach - 1, Math.min(reach + 1, x)) + reach + 1]++;
    }
    double[] expected = new double[counts.length];
    double total = 0;
    for (int x = -20 * sigma; x <= 20 * sigma; x++) {
      double weight = Math.exp(-x * (double) x / (2.0 * sigma * sigma));
      total += weight;
      expected[Math.max(-reach - 1, Math.min(reach + 1, x)) + reach + 1] += weight;
    }
    double chiSquare = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      double e = expected[cell] / total * samples;
      chiSquare += (counts[cell] - e) * (counts[cell] - e) / e;
    }
    double freedom = counts.length - 1;
    // Wilson and Hilferty: the cube root of a chi-square is nearly normal; 5 deviations.
    double normal =
        (Math.cbrt(chiSquare / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
    assertThat(Math.abs(normal)).isLessThan(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 1000, 1 << 20, DiscreteGaussian.MAX_SIGMA})
  void momentsAreThoseOfTheParameter(int sigma) {
    int samples = 300_000;
    DiscreteGaussian gaussian = new DiscreteGaussian(sigma);
    RandomBits bits = new SeededBits(100 + sigma);
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (int i = 0; i < samples; i++) {
      double x = gaussian.sample(bits) / (double) sigma;
      mean += x / samples;
      square += x * x / samples;
      fourth += x * x * x * x / samples;
    }
    assertThat(mean).isCloseTo(0, within(5 / Math.sqrt(samples)));
    assertThat(square).isCloseTo(1, within(5 * Math.sqrt(2.0 / samples)));
    assertThat(fourth).isCloseTo(3, within(5 * Math.sqrt(96.0 / samples)));
  }

  @Test
  void sameBitsGiveTheSameNoise() {
    long[] first = new long[1000];
    long[] second = new long[1000];
    new DiscreteGaussian(12345).fill(first, 0, 1000, new SeededBits(7));
    new DiscreteGaussian(12345).fill(second, 0, 1000, new SeededBits(7));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void refusesParametersOutsideItsRange() {
    assertThatThrownBy(() -> new DiscreteGaussian(0)).hasMessageContaining("sigma");
    assertThatThrownBy(() -> new DiscreteGaussian(DiscreteGaussian.MAX_SIGMA + 1))
        .hasMessageContaining("sigma");
  }

  /**
   * Two honest shares of sigma 8 are, to any precision, one discrete Gaussian of the summed
   * variance; of sigma 1 they are not.
   */
  @Test
  void sumOfSharesIsADiscreteGaussianFromSigmaEightOn() {
    assertThat(distanceOfSum(8, 2)).isLessThan(1e-14);
    assertThat(distanceOfSum(8, 5)).isLessThan(1e-13);
    assertThat(distanceOfSum(1, 2)).isLessThan(stated(1, 2)).isGreaterThan(1e-6);
    assertThat(stated(8, 500)).isLessThan(1e-200);
  }

  /**
   * Largest |log ratio| between the n-fold convolution and the discrete Gaussian of variance n
   * sigma^2, within 6 deviations.
   */
  private static double distanceOfSum(int sigma, int n) {
    int reach = 40 * sigma;
    double[] one = weights(sigma * sigma, reach);
    double[] sum = one;
    for (int k = 1; k < n; k++) {
      double[] next = new double[2 * reach + 1];
      for (int i = 0; i < next.length; i++) {
        for (int j = Math.max(0, i - reach); j <= Math.min(2 * reach, i + reach); j++) {
          next[i] += sum[j] * one[i - j + reach];
        }
      }
      sum = next;
    }
    double[] expected = weights(n * sigma * sigma, reach);
    double worst = 0;
    for (int x = -6 * sigma; x <= 6 * sigma; x++) {
      worst = Math.max(worst, Math.abs(Math.log(sum[x + reach] / expected[x + reach])));
    }
    return worst;
  }

  private static double[] weights(double variance, int reach) {
    double[] w = new double[2 * reach + 1];
    double total = 0;
    for (int x = -reach; x <= reach; x++) {
      w[x + reach] = Math.exp(-x * (double) x / (2 * variance));
      total += w[x + reach];
    }
    for (int i = 0; i < w.length; i++) {
      w[i] /= total;
    }
    return w;
  }

  /** The bound of Kairouz, Liu and Steinke 2021: 10 sum_{k<n} exp(-2 pi^2 sigma^2 k/(k+1)). */
  private static double stated(int sigma, int n) {
    double sum = 0;
    for (int k = 1; k < n; k++) {
      sum += Math.exp(-2 * Math.PI * Math.PI * sigma * sigma * k / (k + 1.0));
    }
    return 10 * sum;
  }
}
