package io.concordat.privacy.accountant;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The least noise multiplier that keeps a job within its epsilon, beside rounds whose noise is
 * already settled.
 *
 * <p>The answer is a decimal with {@link #DIGITS} digits after the point, found on that grid by
 * bisection: whoever repeats the calibration gets the same text, and the epsilon of exactly this
 * decimal was checked.
 */
public final class Calibration {

  /** Digits after the point of a calibrated noise multiplier. */
  public static final int DIGITS = 4;

  private static final long GRID = 10_000;
  private static final long LARGEST = 1_000_000 * GRID;

  private Calibration() {}

  /** What came of a calibration. */
  public sealed interface Outcome {}

  /**
   * @param noiseMultiplier for the rounds that were asked about
   * @param epsilon of all rounds together at that multiplier, at most the target
   */
  public record Calibrated(BigDecimal noiseMultiplier, double epsilon) implements Outcome {}

  /**
   * No noise is enough.
   *
   * @param fixedEpsilon what the other rounds cost by themselves
   */
  public record Unreachable(double fixedEpsilon) implements Outcome {}

  /**
   * @param samplingRate of the rounds to calibrate
   * @param count how many of them
   * @param fixed other rounds of the job, evaluation for example
   */
  public static Outcome noiseMultiplier(
      Accountant accountant,
      double targetEpsilon,
      double delta,
      double samplingRate,
      long count,
      List<GaussianRound> fixed) {
    if (!(targetEpsilon > 0)) {
      throw new IllegalArgumentException("target epsilon must be positive, is " + targetEpsilon);
    }
    Search search = new Search(accountant, delta, samplingRate, count, fixed);
    double fixedEpsilon = accountant.epsilon(fixed, delta);
    if (fixedEpsilon > targetEpsilon) {
      return new Unreachable(fixedEpsilon);
    }
    // Doubling from a half: the low end is too noisy to be enough, the high end suffices.
    long high = GRID / 2;
    double epsilon = search.epsilon(high);
    long low;
    if (epsilon <= targetEpsilon) {
      low = 0;
    } else {
      do {
        low = high;
        high *= 2;
        if (high > LARGEST) {
          return new Unreachable(fixedEpsilon);
        }
        epsilon = search.epsilon(high);
      } while (epsilon > targetEpsilon);
    }
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      double there = search.epsilon(middle);
      if (there <= targetEpsilon) {
        high = middle;
        epsilon = there;
      } else {
        low = middle;
      }
    }
    return new Calibrated(BigDecimal.valueOf(high, DIGITS), epsilon);
  }

  /** Rounds a multiplier to the grid of this class, never down. */
  public static BigDecimal onGrid(double noiseMultiplier) {
    return new BigDecimal(noiseMultiplier).setScale(DIGITS, RoundingMode.CEILING);
  }

  private record Search(
      Accountant accountant,
      double delta,
      double samplingRate,
      long count,
      List<GaussianRound> fixed) {
    double epsilon(long gridMultiplier) {
      List<GaussianRound> rounds = new ArrayList<>(fixed);
      rounds.add(new GaussianRound(samplingRate, gridMultiplier / (double) GRID, count));
      return accountant.epsilon(rounds, delta);
    }
  }
}
