package io.concordat.protocol.contributor;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.RoundAnnounced;
import java.util.Optional;
import java.util.SortedMap;

/** Heavy work of a silo; each command is answered by one {@link ContributorEvent}. */
public sealed interface ContributorCommand {
  /**
   * Compute the vector from records and state, add noise, pack, encrypt into the blob {@code
   * prepared/<ctx>}, share and box the round key. Nothing leaves before the seal.
   *
   * @param round the round as the log has it; its announcement, job and rules are fixed
   * @param boxKeys public box keys by position, as the announcement names them
   * @param counter how many seals this node has begun, for the seed
   */
  record Prepare(RoundRecord round, SortedMap<Integer, byte[]> boxKeys, long counter)
      implements ContributorCommand {}

  /** The inner products of the own stored ciphertext. */
  record ComputeFingerprint(
      RoundAnnounced announcement,
      CohortFixed manifest,
      Digest manifestDigest,
      ContributionHeader own)
      implements ContributorCommand {}

  /**
   * Check fingerprints and key sums, decrypt the sum, advance the state: everything that the
   * aggregator claims, done again here. Material that is missing is fetched.
   *
   * @param round the round as the log has it: announcement, manifest and claim are fixed
   * @param material what came with the poll, if it came
   */
  record VerifySum(RoundRecord round, Optional<WorkItem.Opening> material)
      implements ContributorCommand {}
}
