package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import java.util.Optional;

/** The policies that a node holds its own, checked copies of. */
@FunctionalInterface
public interface PolicyBook {
  /** The rules of this version, if the node has the very file with this digest. */
  Optional<FederationRules> rules(long version, Digest policy);

  /**
   * Whether jobs that run under one version end at their round's boundary when the next one comes
   * into force. Both were found in this book. Cautious where a book does not know: they end.
   */
  default boolean endsRunningJobs(FederationRules from, FederationRules to) {
    return true;
  }

  /** A book of one policy. */
  static PolicyBook of(FederationRules only) {
    return (version, policy) ->
        version == only.version() && policy.equals(only.policy())
            ? Optional.of(only)
            : Optional.empty();
  }
}
