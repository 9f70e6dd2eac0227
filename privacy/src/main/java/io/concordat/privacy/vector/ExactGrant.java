package io.concordat.privacy.vector;

/**
 * The token that an {@link ExactVector} needs: one job on one dataset, after the policy said yes.
 *
 * <p>A class and not a boolean, so that "exact" cannot be passed by accident where another flag was
 * meant.
 */
public final class ExactGrant {

  private final String dataset;
  private final String job;

  private ExactGrant(String dataset, String job) {
    this.dataset = dataset;
    this.job = job;
  }

  /**
   * @throws IllegalStateException if the policy does not allow exact sums; the caller should have
   *     refused the job before
   */
  public static ExactGrant from(ExactDecision decision) {
    if (!decision.exactSumsAllowed()) {
      throw new IllegalStateException(
          "policy allows no exact sums of dataset "
              + decision.dataset()
              + " to job "
              + decision.job());
    }
    return new ExactGrant(decision.dataset(), decision.job());
  }

  public String dataset() {
    return dataset;
  }

  public String job() {
    return job;
  }

  @Override
  public String toString() {
    return "ExactGrant[" + dataset + ", " + job + "]";
  }
}
