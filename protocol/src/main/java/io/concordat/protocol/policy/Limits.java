package io.concordat.protocol.policy;

/**
 * Ceilings of the service; exact lengths follow from a layout.
 *
 * @param uploadBytes longest contribution
 * @param jobsPerDay most jobs that one submitter starts in a day
 */
public record Limits(long uploadBytes, int jobsPerDay) {
  public Limits {
    Ids.check(uploadBytes >= 1, "uploadBytes must be at least 1");
    Ids.check(jobsPerDay >= 1, "jobsPerDay must be at least 1");
  }
}
