package io.concordat.privacy.vector;

/**
 * The policy's answer to "may this job open exact sums of this dataset?". Implemented where
 * policies are read; this module cannot read one.
 */
public interface ExactDecision {

  /** The dataset's id in the policy. */
  String dataset();

  /** The job's digest. */
  String job();

  /**
   * True only if the policy in force declares the dataset with {@code privacy: none} and the job
   * fits its rules.
   */
  boolean exactSumsAllowed();
}
