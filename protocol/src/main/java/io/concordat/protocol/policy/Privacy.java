package io.concordat.protocol.policy;

import java.math.BigDecimal;
import java.util.Locale;

/** Whether what is learnt about one person of a dataset is bounded. */
public sealed interface Privacy {

  /**
   * A cap over the life of the dataset, all jobs together.
   *
   * @param epsilonCap most that all jobs may spend
   * @param delta the failure probability that the cap is stated at
   * @param perJobMax most that one job may spend
   * @param attestation whether the noise of every job is measured
   */
  record Cap(BigDecimal epsilonCap, BigDecimal delta, BigDecimal perJobMax, Attestation attestation)
      implements Privacy {
    /** A cap under which each job decides about attestation. */
    public Cap(BigDecimal epsilonCap, BigDecimal delta, BigDecimal perJobMax) {
      this(epsilonCap, delta, perJobMax, Attestation.JOB);
    }

    public Cap {
      Ids.check(perJobMax.signum() > 0, "perJobMax must be above 0");
      Ids.check(perJobMax.compareTo(epsilonCap) <= 0, "perJobMax must not exceed epsilonCap");
      Ids.check(
          delta.signum() > 0 && delta.compareTo(new BigDecimal("0.01")) <= 0,
          "delta must be above 0 and at most 0.01");
    }
  }

  /** Who decides whether rounds carry zeros in which the opened noise can be measured. */
  enum Attestation {
    /** The job file. */
    JOB,
    /** The policy: every round of every job carries them. */
    REQUIRED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Exact sums are opened; every claim sheet says "epsilon: not bounded". */
  record None() implements Privacy {}
}
