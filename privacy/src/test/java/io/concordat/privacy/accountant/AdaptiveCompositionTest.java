package io.concordat.privacy.accountant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.LossDistribution.Direction;
import io.concordat.privacy.budget.RenyiFilter;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Why the budget across jobs is not kept by composing loss distributions. A first job is run; its
 * outcome decides which of two second jobs follows. Either pair, fixed in advance, has delta 1e-5
 * at the cap's epsilon, so an accountant that admits "as long as the composed delta is within the
 * cap" admits both. The adversary who chooses by the outcome gets more.
 */
class AdaptiveCompositionTest {

  private static final double CAP_EPSILON = 2;
  private static final double CAP_DELTA = 1e-5;
  private static final double STEP = 1e-3;

  private record Job(double q, double z, long count) {
    GaussianRound round() {
      return new GaussianRound(q, z, count);
    }

    /**
     * delta of this job at loss budgets k * STEP for k in [from, to], negative budgets included.
     */
    double[] curve(long from, long to) {
      LossDistribution loss = LossComposition.compose(List.of(round()), STEP).remove();
      double[] delta = new double[Math.toIntExact(to - from + 1)];
      double decay = Math.exp(-STEP);
      double total = 0;
      double weighted = 0;
      long last = Math.max(to, loss.first() + loss.mass().length);
      for (long k = last; k >= from; k--) {
        if (k <= to) {
          delta[Math.toIntExact(k - from)] = loss.infinity() + total - weighted;
        }
        long at = k - loss.first();
        double mass = at >= 0 && at < loss.mass().length ? loss.mass()[(int) at] : 0;
        total += mass;
        weighted = (weighted + mass) * decay;
      }
      return delta;
    }
  }

  private static final Job FIRST = new Job(1, 2.5, 1);

  @Test
  void choosingByTheFirstOutcomeExceedsWhatEitherPairCosts() {
    Job plain = new Job(1, calibrated(FIRST, 1), 1);
    Job sampled = new Job(0.1, calibrated(FIRST, 0.1), 1);
    assertThat(adaptive(FIRST, plain)).isLessThan(1.001e-5).isCloseTo(CAP_DELTA, within(2e-8));
    assertThat(adaptive(FIRST, sampled)).isLessThan(1.001e-5).isCloseTo(CAP_DELTA, within(2e-8));
    assertThat(adaptive(FIRST, plain, sampled)).isGreaterThan(1.5e-5);
  }

  @Test
  void renyiFilterRefusesBothPairs() {
    for (double q : new double[] {1, 0.1}) {
      Job second = new Job(q, calibrated(FIRST, q), 1);
      assertThat(FILTER.price(List.of(FIRST.round(), second.round())))
          .isGreaterThan(FILTER.rhoMax());
    }
  }

  @Test
  void whatTheRenyiFilterAdmitsIsWithinTheCapHoweverChosen() {
    Job plain = filling(1);
    Job sampled = filling(0.1);
    Job rare = filling(0.001);
    assertThat(adaptive(FIRST, plain, sampled, rare)).isLessThan(CAP_DELTA);
  }

  private static final RenyiFilter FILTER =
      RenyiFilter.forCap(BigDecimal.valueOf(CAP_EPSILON), BigDecimal.valueOf(CAP_DELTA));

  /** The least noisy second job of this rate that the filter admits after the first. */
  private static Job filling(double q) {
    double low = 0.1;
    double high = 50;
    while (high - low > 1e-4) {
      double z = (low + high) / 2;
      boolean fits =
          FILTER
                  .price(List.of(FIRST.round(), new GaussianRound(q, z, 1)))
                  .compareTo(FILTER.rhoMax())
              <= 0;
      low = fits ? low : z;
      high = fits ? z : high;
    }
    assertThat(high).isLessThan(49);
    return new Job(q, high, 1);
  }

  private static double calibrated(Job first, double q) {
    Calibration.Calibrated c =
        (Calibration.Calibrated)
            Calibration.noiseMultiplier(
                PldAccountant.withStep(STEP), CAP_EPSILON, CAP_DELTA, q, 1, List.of(first.round()));
    return c.noiseMultiplier().doubleValue();
  }

  /** Sum over the first job's losses of mass times the larger delta that is left for the rest. */
  private static double adaptive(Job first, Job... second) {
    LossDistribution loss = LossDistribution.ofRound(first.q(), first.z(), Direction.REMOVE, STEP);
    long cap = Math.round(CAP_EPSILON / STEP);
    long highest = loss.first() + loss.mass().length - 1;
    double[][] curves = new double[second.length][];
    for (int j = 0; j < second.length; j++) {
      curves[j] = second[j].curve(cap - highest, cap - loss.first());
    }
    double delta = loss.infinity();
    for (int i = 0; i < loss.mass().length; i++) {
      int at = Math.toIntExact(highest - loss.first() - i);
      double best = 0;
      for (double[] curve : curves) {
        best = Math.max(best, curve[at]);
      }
      delta += loss.mass()[i] * best;
    }
    return delta;
  }
}
