package io.concordat.privacy.accountant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Why a silo may take only one step on its own before an opening. A hundred silos each add a tenth
 * of the joint deviation at each of two local steps. Accounting each step at the joint noise claims
 * epsilon 6.57; but the adversary never sees the joint noise on the intermediate model, the silo's
 * own small noise decides it, and one patient steers all others' second gradients.
 */
class SharedNoiseCounterexampleTest {

  private static final int SILOS = 100;
  private static final int BATCH = 500;
  private static final double OWN_DEVIATION = 0.1;

  @Test
  void sharingNoiseOverLocalStepsIsNotPrivate() {
    double joint = OWN_DEVIATION * Math.sqrt(SILOS);
    assertThat(joint).isCloseTo(1, within(1e-12));
    double claimed = new AnalyticGaussian(Math.sqrt(2) / joint).epsilon(1e-5);
    assertThat(claimed).isCloseTo(6.57, within(0.01));

    double[] with = openedSum(true, 1);
    double[] without = openedSum(false, 1);
    double openedDeviation = Math.sqrt(2) * joint;
    assertThat(openedDeviation).isCloseTo(1.41, within(0.01));
    assertThat(with[1] - without[1]).isCloseTo(998, within(6 * Math.sqrt(2) * openedDeviation));

    // Even at delta 0.1 the two sums are told apart far beyond the claim.
    double truth = new AnalyticGaussian(998 / openedDeviation).epsilon(0.1);
    assertThat(truth).isGreaterThan(1000 * claimed);
  }

  @Test
  void adversaryNeverErrsOverManyRuns() {
    for (int seed = 0; seed < 200; seed++) {
      assertThat(openedSum(seed % 2 == 0, seed)[1] > 0)
          .as("seed %d", seed)
          .isEqualTo(seed % 2 == 0);
    }
  }

  /** Sum over all silos of two noised local steps; every single gradient has norm at most 1. */
  private static double[] openedSum(boolean targetTakesPart, long seed) {
    Random random = new Random(seed);
    double[] sum = new double[2];
    for (int silo = 0; silo < SILOS; silo++) {
      boolean targets = silo == 0;
      double first = (targets && targetTakesPart ? 1 : 0) + OWN_DEVIATION * random.nextGaussian();
      double second = OWN_DEVIATION * random.nextGaussian();
      // The second local step sees the first coordinate of the silo's own model, started half a
      // step below zero.
      double direction = first - 0.5 > 0 ? 1 : -1;
      if (targets) {
        second += direction * (BATCH - 1);
      }
      sum[0] += first + OWN_DEVIATION * random.nextGaussian();
      sum[1] += second + OWN_DEVIATION * random.nextGaussian();
    }
    return sum;
  }
}
