package io.concordat.protocol.policy;

import io.concordat.crypto.sign.VerifyingKey;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A legal entity that signs the policy.
 *
 * @param policyKeys keys of its officers, kept offline; any one signs for the institution, and all
 *     of them together still count once
 * @param nodeKey the key of its node, which the policy keys vouch for by signing this file
 */
public record Institution(
    String id,
    String legalEntity,
    List<VerifyingKey> policyKeys,
    VerifyingKey nodeKey,
    Set<Role> roles) {
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
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }
}
