package io.concordat.privacy.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Silos that an attacker owns send zeros and no noise, so that little stands before the one record
 * it wants (Boenisch et al., "Reconstructing Individual Data Points in Federated Learning Hardened
 * with Differential Privacy and Secure Aggregation", 2023).
 */
class SybilSilosTest {
  private static final int SUMS = 40_000;

  @Test
  void theNoiseOfTheHonestSilosAloneIsAsLargeAsThePolicyAsks() {
    Random random = new Random(2301);
    for (int colluders = 0; colluders <= 4; colluders++) {
      for (int honest : new int[] {2, 3}) {
        BigDecimal multiplier = new BigDecimal("1.7");
        NoiseShare share = NoiseShare.of(multiplier, 1000, colluders + honest, colluders);
        double asked = Math.pow(multiplier.doubleValue() * 1000, 2);
        double left = variance(share, honest, random);
        // Five standard errors of an estimated variance: wrong once in some million runs.
        assertThat(left)
            .as("%d of %d silos without noise", colluders, colluders + honest)
            .isGreaterThan(asked * (1 - 5 * Math.sqrt(2.0 / SUMS)));
      }
    }
  }

  @Test
  void noiseSizedForHonestSilosOnlyWouldFallShort() {
    Random random = new Random(2304);
    NoiseShare share = NoiseShare.of(new BigDecimal("1.7"), 1000, 5, 0);
    double asked = Math.pow(1700, 2);
    assertThat(variance(share, 3, random)).isLessThan(0.7 * asked);
  }

  private static double variance(NoiseShare share, int honest, Random random) {
    double squares = 0;
    for (int i = 0; i < SUMS; i++) {
      long sum = 0;
      for (int silo = 0; silo < honest; silo++) {
        sum += share.distribution().sample(random::nextLong);
      }
      squares += (double) sum * sum;
    }
    return squares / SUMS;
  }
}
