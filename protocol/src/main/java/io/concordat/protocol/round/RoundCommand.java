package io.concordat.protocol.round;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.RoundAnnounced;
import java.util.List;
import java.util.SortedMap;

/** Heavy work of the aggregator; each command is answered by one {@link RoundEvent}. */
public sealed interface RoundCommand {
  /**
   * Add the stored ciphertexts of these headers, in their order; answered by {@link
   * RoundEvent.SumReady}.
   */
  record SumCohort(RoundAnnounced announcement, List<ContributionHeader> headers)
      implements RoundCommand {
    public SumCohort {
      headers = List.copyOf(headers);
    }
  }

  /**
   * Compute the fingerprint of each stored ciphertext of the cohort; answered by {@link
   * RoundEvent.FingerprintsReady}.
   */
  record ComputeFingerprints(RoundAnnounced announcement, CohortFixed manifest)
      implements RoundCommand {}

  /**
   * Search the answers for a subset that opens the sum and advance the job's state; answered by
   * {@link RoundEvent.OpeningTried}.
   *
   * @param answers digest of the key sum object by position
   */
  record TryOpening(
      RoundAnnounced announcement,
      CohortFixed manifest,
      Digest manifestDigest,
      int threshold,
      SortedMap<Integer, Digest> answers)
      implements RoundCommand {}
}
