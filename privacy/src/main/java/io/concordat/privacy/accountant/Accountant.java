package io.concordat.privacy.accountant;

import java.util.List;

/**
 * Turns a list of rounds, all fixed in advance, into epsilon and delta. The order of the rounds
 * does not matter.
 */
public sealed interface Accountant permits PldAccountant, RdpAccountant {

  /**
   * An upper bound on epsilon at this delta; positive infinity where there is none. No rounds cost
   * 0.
   *
   * @param delta in (0, 1)
   */
  double epsilon(List<GaussianRound> rounds, double delta);

  /**
   * An upper bound on delta at this epsilon, at most 1.
   *
   * @param epsilon at least 0
   */
  double delta(List<GaussianRound> rounds, double epsilon);

  /** Refuses a delta that is no probability. */
  static void requireDelta(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be in (0, 1), is " + delta);
    }
  }

  /** Refuses an epsilon that is negative or no number. */
  static void requireEpsilon(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must be at least 0, is " + epsilon);
    }
  }
}
