package io.concordat.aggregator.log;

import io.concordat.crypto.bulk.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What people see of a job file beside its state.
 *
 * @param kind of the analysis, in the job file's words
 * @param openings it takes in all
 */
public record JobFacts(
    String name,
    String dataset,
    String kind,
    long openings,
    @Nullable String epsilon,
    @Nullable String delta) {

  /** Reads the file of a job that has entered the log, under the policy that its entry names. */
  @FunctionalInterface
  public interface Reader {
    JobFacts read(byte[] file, Digest policy);
  }
}
