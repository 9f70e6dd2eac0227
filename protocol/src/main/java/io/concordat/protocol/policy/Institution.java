package io.concordat.protocol.policy;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.VerifyingKey;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A legal entity that signs the policy.
 *
 * @param policyKeys keys of its officers, kept offline; any one signs for the institution, and all
 *     of them together still count once
 * @param nodeKey the key of its node, which the policy keys vouch for by signing this file
 * @param quantum fingerprints of the ML-DSA-65 keys that have to sign beside some of these keys
 */
public record Institution(
    String id,
    String legalEntity,
    List<VerifyingKey> policyKeys,
    VerifyingKey nodeKey,
    Set<Role> roles,
    Map<VerifyingKey, Digest> quantum) {
  public Institution {
    Ids.checkId("institution id", id);
    Ids.check(!legalEntity.isBlank(), "an institution has a legal name");
    policyKeys = List.copyOf(policyKeys);
    Ids.check(!policyKeys.isEmpty(), "an institution has a policy key");
    Ids.checkDistinct("policy key", policyKeys);
    // One key for both would let whoever breaks into the node sign policies.
    Ids.check(!policyKeys.contains(nodeKey), "a node key must not be a policy key");
    Ids.check(!roles.isEmpty(), "an institution has a role");
    roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    quantum = Collections.unmodifiableMap(new TreeMap<>(quantum));
    for (VerifyingKey key : quantum.keySet()) {
      Ids.check(
          key.equals(nodeKey) || policyKeys.contains(key), "an ML-DSA key stands beside a key");
    }
    Ids.checkDistinct("ML-DSA key", List.copyOf(quantum.values()));
  }

  /** An institution whose keys are Ed25519 alone. */
  public Institution(
      String id,
      String legalEntity,
      List<VerifyingKey> policyKeys,
      VerifyingKey nodeKey,
      Set<Role> roles) {
    this(id, legalEntity, policyKeys, nodeKey, roles, Map.of());
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /** What the file says of one of its keys. */
  public PublicKeys named(VerifyingKey key) {
    return new PublicKeys(key, Optional.ofNullable(quantum.get(key)));
  }
}
