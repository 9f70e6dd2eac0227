package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of the policy, reduced to what replay and the machines decide by.
 *
 * @param policy SHA-256 of the policy file
 * @param aggregator the aggregator's key: statements and checkpoints
 * @param origin the log's origin line
 * @param institutions by id
 * @param holders ids of the key holders; position j is element j - 1
 * @param threshold t, answers that open
 * @param maxCorrupt f, holders that may lie
 * @param witnesses ids of the witnesses
 * @param witnessQuorum q, cosignatures that a checkpoint needs
 * @param policyThreshold institutions that must agree where the policy's own threshold is asked
 * @param datasets by id
 */
public record FederationRules(
    String federation,
    long version,
    Digest policy,
    Instant notBefore,
    Instant expires,
    VerifyingKey aggregator,
    String origin,
    Map<String, Institution> institutions,
    List<String> holders,
    int threshold,
    int maxCorrupt,
    List<String> witnesses,
    int witnessQuorum,
    int policyThreshold,
    int minContributors,
    int maxColluding,
    int maxCohort,
    boolean manualApproval,
    Map<String, DatasetRules> datasets) {
  public FederationRules {
    institutions = Map.copyOf(institutions);
    holders = List.copyOf(holders);
    witnesses = List.copyOf(witnesses);
    datasets = Map.copyOf(datasets);
  }

  /** Keys and role of one institution. */
  public record Institution(VerifyingKey nodeKey, List<VerifyingKey> policyKeys, boolean silo) {
    public Institution {
      policyKeys = List.copyOf(policyKeys);
    }
  }

  /**
   * A dataset's privacy.
   *
   * @param person the person column whose cap it shares
   * @param capUnits the cap in billionths of rho at the cap's order, rounded down; empty where the
   *     policy says {@code privacy: none}
   */
  public record DatasetRules(String person, OptionalLong capUnits) {}

  /** The institution of this id. */
  public Optional<Institution> institution(String id) {
    return Optional.ofNullable(institutions.get(id));
  }

  /** The holder's position, if this institution is one. */
  public Optional<Integer> position(String id) {
    int index = holders.indexOf(id);
    return index < 0 ? Optional.empty() : Optional.of(index + 1);
  }

  /** The holder at this position. */
  public Optional<String> holder(int position) {
    return position < 1 || position > holders.size()
        ? Optional.empty()
        : Optional.of(holders.get(position - 1));
  }

  /**
   * Witnesses that may fail in any way: as many as leave a quorum alive and two quorums an honest
   * one in common.
   */
  public int witnessFaults() {
    int n = witnesses.size();
    return Math.max(0, Math.min(2 * witnessQuorum - n - 1, n - witnessQuorum));
  }
}
