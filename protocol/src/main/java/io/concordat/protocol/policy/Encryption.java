package io.concordat.protocol.policy;

import java.util.Optional;

/**
 * @param maxCohort most silos in one sum: sizes the slots
 * @param parameters a stricter parameter set by name, or empty: then it follows from the layout
 */
public record Encryption(int maxCohort, Optional<String> parameters) {
  /** The bounds on noise and key sums are shown up to here. */
  public static final int LARGEST_COHORT = 500;

  public Encryption {
    Ids.check(maxCohort >= 2 && maxCohort <= LARGEST_COHORT, "maxCohort must be 2 to 500");
  }
}
