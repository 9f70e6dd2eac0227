package io.concordat.protocol.ledger;

import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.witness.QuorumRule;
import io.concordat.audit.witness.TrustedLog;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

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
 * @param manualApproval whether every silo's officer decides about a job before it runs
 * @param manualRelease whether every silo's officer decides about a result before its last opening
 * @param templates uploaded model graphs that it names
 * @param datasets by id
 * @param lasting the aggregator's ML-DSA keys
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
    boolean manualRelease,
    Set<Digest> templates,
    Map<String, DatasetRules> datasets,
    Lasting lasting) {
  public FederationRules {
    institutions = Map.copyOf(institutions);
    holders = List.copyOf(holders);
    witnesses = List.copyOf(witnesses);
    templates = Set.copyOf(templates);
    datasets = Map.copyOf(datasets);
  }

  /**
   * Keys and role of one institution.
   *
   * @param nodeQuantum fingerprint of the ML-DSA-65 key that signs beside the node key what must
   *     convince for decades
   */
  public record Institution(
      VerifyingKey nodeKey,
      List<VerifyingKey> policyKeys,
      boolean silo,
      Optional<Digest> nodeQuantum) {
    public Institution {
      policyKeys = List.copyOf(policyKeys);
    }

    /** An institution whose node signs with Ed25519 alone. */
    public Institution(VerifyingKey nodeKey, List<VerifyingKey> policyKeys, boolean silo) {
      this(nodeKey, policyKeys, silo, Optional.empty());
    }
  }

  /**
   * The aggregator's ML-DSA keys, where the policy names them.
   *
   * @param checkpoints the log's ML-DSA-44 key
   * @param releases fingerprint of the ML-DSA-65 key
   */
  public record Lasting(Optional<NoteKey> checkpoints, Optional<Digest> releases) {
    public static final Lasting NONE = new Lasting(Optional.empty(), Optional.empty());
  }

  /**
   * A dataset's privacy.
   *
   * @param scope datasets of one scope hold the same persons and share one cap
   * @param capUnits the cap in billionths of rho at the cap's order, rounded down; empty where the
   *     policy says {@code privacy: none}
   */
  public record DatasetRules(String scope, OptionalLong capUnits) {}

  /** Whether this key speaks for the institution: its node's, or one of its officers'. */
  public boolean speaks(String id, VerifyingKey key) {
    return institution(id)
        .filter(i -> i.nodeKey().equals(key) || i.policyKeys().contains(key))
        .isPresent();
  }

  /** The institution of this id. */
  public Optional<Institution> institution(String id) {
    return Optional.ofNullable(institutions.get(id));
  }

  /** The cap over these persons; empty if no dataset of the policy has them or has one. */
  OptionalLong capOf(String scope) {
    return datasets.values().stream()
        .filter(d -> d.scope().equals(scope) && d.capUnits().isPresent())
        .findFirst()
        .map(DatasetRules::capUnits)
        .orElse(OptionalLong.empty());
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

  /** The name under which an institution's node key cosigns this log. */
  public NoteKey witnessKey(String institution) {
    return NoteKey.of(
        origin + "/" + institution,
        SignatureType.COSIGNATURE_V1,
        require(institution).nodeKey().bytes());
  }

  /** The key line of the aggregator's own signature on checkpoints. */
  public NoteKey logKey() {
    return NoteKey.of(origin, SignatureType.ED25519, aggregator.bytes());
  }

  /** The log as these rules trust it. */
  public TrustedLog trustedLog() {
    Map<String, List<NoteKey>> keys = new TreeMap<>();
    witnesses.forEach(w -> keys.put(w, List.of(witnessKey(w))));
    return TrustedLog.of(
        origin,
        List.of(logKey()),
        keys,
        new QuorumRule(witnesses.size(), maxCorrupt, witnessQuorum));
  }

  private Institution require(String id) {
    return institution(id)
        .orElseThrow(() -> new IllegalArgumentException("not an institution of the policy: " + id));
  }
}
