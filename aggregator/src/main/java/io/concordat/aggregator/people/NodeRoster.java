package io.concordat.aggregator.people;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may knock: the node keys that the policy in force names, without those that were revoked.
 *
 * <p>Read at each request from memory; a revocation replaces what is read before it is answered, so
 * the very next request is refused.
 */
@ApplicationScoped
public class NodeRoster {
  /** The identity's attribute with the digests of the keys that a request came with. */
  static final String KEYS = "concordat.keys";

  private final Federation federation;
  private volatile Keys keys;
  private volatile Set<String> revoked = Set.of();

  /** The node keys of one version of the policy. */
  private record Keys(Policy policy, Map<VerifyingKey, String> institutions) {
    static Keys of(Policy policy) {
      return new Keys(
          policy,
          policy.institutions().stream()
              .collect(Collectors.toUnmodifiableMap(Institution::nodeKey, Institution::id)));
    }
  }

  NodeRoster(Federation federation) {
    this.federation = federation;
    this.keys = Keys.of(federation.policy());
  }

  private Keys inForce() {
    Policy policy = federation.policy();
    Keys known = keys;
    if (known.policy() != policy) {
      // Two callers may both do this; they come to the same.
      known = Keys.of(policy);
      keys = known;
    }
    return known;
  }

  /** Reads the revocations from the database. */
  public void reload() {
    revoked =
        QuarkusTransaction.requiringNew()
            .call(() ->
                RevokedKeyEntity.<RevokedKeyEntity>streamAll()
                    .map(row -> row.sha256)
                    .collect(Collectors.toUnmodifiableSet()));
  }

  Optional<String> institution(VerifyingKey nodeKey) {
    return Optional.ofNullable(inForce().institutions().get(nodeKey));
  }

  /** A node key's name in the table of revocations. */
  public static Digest digest(VerifyingKey nodeKey) {
    return Digests.sha256(nodeKey.bytes());
  }

  /**
   * Refuses a caller whose key was revoked since the request came in: one that waits for news would
   * otherwise still be told it.
   */
  public void requireNotRevoked(SecurityIdentity caller) {
    Set<Digest> keys = caller.getAttribute(KEYS);
    for (Digest key : keys == null ? Set.<Digest>of() : keys) {
      if (revoked(key)) {
        throw new ProblemException(Code.AUTH_REVOKED, "the key " + key + " was revoked");
      }
    }
  }

  boolean revoked(Digest key) {
    return revoked.contains(key.hex());
  }
}
