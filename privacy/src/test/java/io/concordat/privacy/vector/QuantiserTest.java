package io.concordat.privacy.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantiserTest {

  private static final Quantiser SIXTEEN = new Quantiser(4.0, 16);

  @Test
  void rangeBecomesTheLargestIntegerOfItsWidth() {
    assertThat(values(SIXTEEN, 4, -4, 0)).containsExactly(32767, -32767, 0);
    assertThat(SIXTEEN.real(32767)).isEqualTo(4.0);
  }

  @Test
  void sumOfSilosIsWithinHalfAStepEach() {
    Random random = new Random(1);
    for (int trial = 0; trial < 1000; trial++) {
      long sum = 0;
      double real = 0;
      for (int silo = 0; silo < 16; silo++) {
        double v = random.nextDouble(-4, 4);
        real += v;
        sum += values(SIXTEEN, v)[0];
      }
      assertThat(SIXTEEN.real(sum)).isCloseTo(real, within(8 * SIXTEEN.step() + 1e-9));
    }
  }

  @Test
  void roundsToNearestAndTiesToEven() {
    Quantiser whole = new Quantiser(127, 8);
    assertThat(values(whole, 0.5, 1.5, 2.5, -0.5, 1.4999)).containsExactly(0, 2, 2, 0, 1);
  }

  @Test
  void unfitValuesAreRefusedByPlaceAndReason() {
    assertThat(SIXTEEN.quantise(new double[] {0, Double.NaN}))
        .isEqualTo(new Quantiser.Unfit(1, Quantiser.Reason.NOT_A_NUMBER));
    assertThat(SIXTEEN.quantise(new double[] {Double.NEGATIVE_INFINITY}))
        .isEqualTo(new Quantiser.Unfit(0, Quantiser.Reason.INFINITE));
    assertThat(SIXTEEN.quantise(new double[] {Math.nextUp(4.0)}))
        .isEqualTo(new Quantiser.Unfit(0, Quantiser.Reason.OUT_OF_RANGE));
  }

  @Test
  void clampingMovesOutliersButNotNonsense() {
    assertThat(((Quantiser.Quantised) SIXTEEN.quantiseClamped(new double[] {9, -1e300})).values())
        .containsExactly(32767, -32767);
    assertThat(SIXTEEN.quantiseClamped(new double[] {Double.NaN}))
        .isEqualTo(new Quantiser.Unfit(0, Quantiser.Reason.NOT_A_NUMBER));
    assertThat(SIXTEEN.quantiseClamped(new double[] {Double.POSITIVE_INFINITY}))
        .isEqualTo(new Quantiser.Unfit(0, Quantiser.Reason.INFINITE));
  }

  @Test
  void refusesParametersThatADoubleCannotCarry() {
    assertThatThrownBy(() -> new Quantiser(1, 54)).hasMessageContaining("2..53");
    assertThatThrownBy(() -> new Quantiser(0, 16)).hasMessageContaining("range");
  }

  private static long[] values(Quantiser quantiser, double... values) {
    return ((Quantiser.Quantised) quantiser.quantise(values)).values();
  }
}
