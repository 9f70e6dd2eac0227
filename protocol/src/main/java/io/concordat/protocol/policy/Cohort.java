package io.concordat.protocol.policy;

/**
 * How small a sum may be.
 *
 * <p>INV-02: {@code minContributors >= maxColluding + 2}: with the colluders' own vectors taken
 * off, at least two honest ones remain in every opened sum.
 *
 * @param minContributors fewest silos in a cohort
 * @param maxColluding silos that may pool what they know; joint noise is sized for the others
 * @param minPatientsPerSilo fewest persons with which a silo takes part
 */
public record Cohort(int minContributors, int maxColluding, int minPatientsPerSilo) {
  public Cohort {
    Ids.check(maxColluding >= 0, "maxColluding must not be negative");
    Ids.check(
        minContributors >= 2L + maxColluding, "minContributors must be at least maxColluding + 2");
    Ids.check(minPatientsPerSilo >= 1, "minPatientsPerSilo must be at least 1");
  }

  /** Honest silos that are sure to be in a cohort: they share out the joint noise. */
  public int honestContributors() {
    return minContributors - maxColluding;
  }
}
