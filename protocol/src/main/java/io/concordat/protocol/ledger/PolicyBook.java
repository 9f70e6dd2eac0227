package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import java.util.Optional;

/** The policies that a node holds its own, checked copies of. */
@FunctionalInterface
public interface PolicyBook {
  /** The rules of this version, if the node has the very file with this digest. */
  Optional<FederationRules> rules(long version, Digest policy);

  /** A book of one policy. */
  static PolicyBook of(FederationRules only) {
    return (version, policy) ->
        version == only.version() && policy.equals(only.policy())
            ? Optional.of(only)
            : Optional.empty();
  }
}
