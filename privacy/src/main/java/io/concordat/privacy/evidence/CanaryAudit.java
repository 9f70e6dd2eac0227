package io.concordat.privacy.evidence;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A lower bound on epsilon from one run (Steinke, Nasr, Jagielski, "Privacy Auditing with One (1)
 * Training Run", NeurIPS 2023, theorem 5.2 and appendix D). Of {@code canaries} planted records
 * each was in or out by a fair coin; an attacker who saw the released model guessed some of the
 * coins.
 *
 * @param canaries planted records
 * @param guesses coins that the attacker dared to guess, at most {@code canaries}
 * @param right guesses that were right
 * @param delta the mechanism's claimed delta
 */
public record CanaryAudit(int canaries, int guesses, int right, double delta) {

  /** Probability with which the bound may be wrong. */
  public static final double SIGNIFICANCE = 0.05;

  /** What the bound says about a claim. */
  public enum Verdict {
    /** The bound does not exceed the claim, and could have. */
    CONSISTENT,
    /** The claim is below the bound: wrong with 95 % confidence. */
    INCONSISTENT,
    /** Even an attacker who is always right would not have exceeded the claim. */
    TEST_TOO_WEAK
  }

  public CanaryAudit {
    if (right < 0 || right > guesses || guesses > canaries || guesses < 1) {
      throw new IllegalArgumentException(
          "right <= guesses <= canaries expected: " + right + ", " + guesses + ", " + canaries);
    }
    if (!(delta >= 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be in [0, 1), is " + delta);
    }
  }

  /**
   * The attacker that is told a score for every canary, larger where the model seems to have seen
   * it: guesses "in" for the highest scores and "out" for the lowest, half of the guesses each, and
   * keeps silent on the rest.
   *
   * @param in the coins: which canaries took part
   * @param guesses even, at most one for each canary
   */
  public static CanaryAudit ofScores(double[] scores, boolean[] in, int guesses, double delta) {
    if (scores.length != in.length || guesses % 2 != 0 || guesses > scores.length) {
      throw new IllegalArgumentException(
          "a coin for each score and an even number of guesses expected: "
              + scores.length
              + ", "
              + in.length
              + ", "
              + guesses);
    }
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
    int right = 0;
    for (int k = 0; k < guesses / 2; k++) {
      right += in[order[k]] ? 0 : 1;
      right += in[order[scores.length - 1 - k]] ? 1 : 0;
    }
    return new CanaryAudit(scores.length, guesses, right, delta);
  }

  /**
   * Probability of at least this many right guesses if the mechanism were (epsilon, delta)-private.
   * The term with delta is part of the theorem; without it the bound is wrong for delta above 0.
   */
  public double pValue(double epsilon) {
    double chance = 1 / (1 + StrictMath.exp(-epsilon));
    double[] mass = binomial(guesses, chance);
    double beta = 0;
    for (int k = guesses; k >= right; k--) {
      beta += mass[k];
    }
    double alpha = 0;
    double below = 0;
    for (int i = 1; i <= right; i++) {
      below += mass[right - i];
      alpha = Math.max(alpha, below / i);
    }
    return Math.min(1, beta + 2 * canaries * delta * alpha);
  }

  /** The largest epsilon that is refuted at {@link #SIGNIFICANCE}; 0 if none is. */
  public double epsilonLowerBound() {
    if (pValue(0) >= SIGNIFICANCE) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (pValue(high) < SIGNIFICANCE) {
      low = high;
      high *= 2;
    }
    while (high - low > 1e-10) {
      double middle = (low + high) / 2;
      if (pValue(middle) < SIGNIFICANCE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * What the bound would be, without delta, had every guess been right: log(s/(1-s)) with s =
   * 0.05^(1/guesses).
   */
  public double ceiling() {
    double logChance = StrictMath.log(SIGNIFICANCE) / guesses;
    return logChance - StrictMath.log(-StrictMath.expm1(logChance));
  }

  public Verdict verdict(double claimedEpsilon) {
    if (epsilonLowerBound() > claimedEpsilon) {
      return Verdict.INCONSISTENT;
    }
    CanaryAudit best = new CanaryAudit(canaries, guesses, guesses, delta);
    return best.epsilonLowerBound() > claimedEpsilon ? Verdict.CONSISTENT : Verdict.TEST_TOO_WEAK;
  }

  /**
   * Binomial probabilities for 0..n, each from logarithms: the smallest are below any double
   * otherwise.
   */
  private static double[] binomial(int n, double chance) {
    double[] mass = new double[n + 1];
    double logHit = StrictMath.log(chance);
    double logMiss = StrictMath.log1p(-chance);
    double logChoose = 0;
    for (int k = 0; k <= n; k++) {
      mass[k] = StrictMath.exp(logChoose + k * logHit + (n - k) * logMiss);
      logChoose += StrictMath.log((n - k) / (double) (k + 1));
    }
    return mass;
  }
}
