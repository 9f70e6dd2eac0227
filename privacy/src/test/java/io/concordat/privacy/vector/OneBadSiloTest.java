package io.concordat.privacy.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** One of ten silos whose values are a hundred times too large. */
class OneBadSiloTest {
  private static final int SILOS = 10;
  private static final int PATIENTS = 50;
  private static final int LENGTH = 14;
  private static final double CLIP = 1;
  private static final long UNITS = 1 << 18;

  /** The federation's sum, the last silo's gradients multiplied. */
  private static double[] sum(double factor, double clip) {
    Random random = new Random(5);
    ClippedSum sum = new ClippedSum(LENGTH, clip, UNITS);
    for (int silo = 0; silo < SILOS; silo++) {
      for (int patient = 0; patient < PATIENTS; patient++) {
        double[] gradient = new double[LENGTH];
        for (int j = 0; j < LENGTH; j++) {
          gradient[j] = (0.2 + random.nextGaussian()) * (silo == SILOS - 1 ? factor : 1);
        }
        sum.add(gradient);
      }
    }
    long[] values = sum.take().values();
    double[] out = new double[LENGTH];
    for (int j = 0; j < LENGTH; j++) {
      out[j] = values[j] * clip / UNITS;
    }
    return out;
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int j = 0; j < a.length; j++) {
      squares += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(squares);
  }

  @Test
  void shiftsTheSumByNoMoreThanItsPatientsClips() {
    double shift = distance(sum(1, CLIP), sum(100, CLIP));
    assertThat(shift).isLessThanOrEqualTo(2 * PATIENTS * CLIP);
    // A sign turned in every record is the worst that it can do.
    assertThat(distance(sum(1, CLIP), sum(-100, CLIP))).isLessThanOrEqualTo(2 * PATIENTS * CLIP);
  }

  @Test
  void withoutAClipItWouldDecideTheSumAlone() {
    double wide = 1e6;
    double[] clean = sum(1, wide);
    double shift = distance(clean, sum(100, wide));
    assertThat(shift).isGreaterThan(5 * distance(clean, new double[LENGTH]));
    assertThat(distance(sum(1, CLIP), sum(100, CLIP)))
        .isLessThan(distance(sum(1, CLIP), new double[LENGTH]) / 5);
  }
}
