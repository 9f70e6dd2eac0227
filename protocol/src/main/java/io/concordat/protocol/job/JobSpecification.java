package io.concordat.protocol.job;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.policy.Ids;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * A job file's content.
 *
 * @param digest SHA-256 of the file's bytes: the job's identity
 * @param name for people
 * @param privacy what the whole job may spend, evaluation included; empty for exact jobs
 * @param nonce makes two submissions of the same wish two jobs; empty until the file is submitted
 */
public record JobSpecification(
    Digest digest,
    String name,
    String federation,
    String dataset,
    AnalysisSpec analysis,
    Optional<PrivacyTerms> privacy,
    Optional<String> nonce) {

  public JobSpecification {
    if (!Ids.isId(name) || !Ids.isId(federation) || !Ids.isId(dataset)) {
      throw new IllegalArgumentException("name, federation and dataset are ids");
    }
  }

  /** Whether rounds carry zeros at their end, so that the opened noise can be measured. */
  public enum Attestation {
    /** Where the zeros lengthen the vectors by a sixteenth at most. */
    AUTO,
    ON,
    OFF;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The job's spend: (epsilon, delta) of everything that it opens.
   *
   * @param attestation whether the noise is measured
   */
  public record PrivacyTerms(BigDecimal epsilon, BigDecimal delta, Attestation attestation) {
    public PrivacyTerms {
      if (epsilon.signum() <= 0 || delta.signum() <= 0) {
        throw new IllegalArgumentException("epsilon and delta are above 0");
      }
    }
  }

  /** Whether sums are noised. */
  public boolean isPrivate() {
    return privacy.isPresent();
  }
}
