package io.concordat.policies;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.KeyHolders;
import io.concordat.protocol.policy.Role;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Where;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.YamlFields;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The part of a policy that says who takes part, with which keys, and who holds round keys. */
final class MemberReader {
  private final Findings findings;

  MemberReader(Findings findings) {
    this.findings = findings;
  }

  List<Institution> institutions(YamlFields f) {
    List<Institution> out = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<VerifyingKey, String> keys = new HashMap<>();
    Map<Digest, String> quantum = new HashMap<>();
    for (YamlFields i : f.groups("institutions")) {
      String id = i.id("id");
      String legalEntity = i.string("legalEntity");
      List<PublicKeys> policyKeys = i.keys("policyKeys");
      Optional<PublicKeys> nodeKey = i.key("nodeKey");
      List<Role> roles = i.choices("roles", Role.class, Role::text);
      i.end();
      if (!ids.add(id) && !id.isEmpty()) {
        i.refuse("id", Code.POLICY_DUPLICATE, id + " stands twice");
      }
      for (int k = 0; k < policyKeys.size(); k++) {
        Where where = i.where("policyKeys", k);
        owner(keys, quantum, policyKeys.get(k), id)
            .ifPresent(owner ->
                findings.add(where, Code.POLICY_DUPLICATE, "this key is one of " + owner + "'s"));
      }
      nodeKey
          .flatMap(key -> owner(keys, quantum, key, id))
          .ifPresent(owner ->
              i.refuse("nodeKey", Code.POLICY_DUPLICATE, "this key is one of " + owner + "'s"));
      if (i.clean() && nodeKey.isPresent()) {
        Map<VerifyingKey, Digest> second = new HashMap<>();
        Stream.concat(policyKeys.stream(), nodeKey.stream())
            .forEach(key -> key.quantum().ifPresent(q -> second.put(key.classic(), q)));
        out.add(
            new Institution(
                id,
                legalEntity,
                policyKeys.stream().map(PublicKeys::classic).toList(),
                nodeKey.get().classic(),
                EnumSet.copyOf(roles),
                second));
      }
    }
    return out;
  }

  /** Who has either half of a pair already; if nobody, it is this institution's from now on. */
  private static Optional<String> owner(
      Map<VerifyingKey, String> keys, Map<Digest, String> quantum, PublicKeys pair, String id) {
    Optional<String> first = Optional.ofNullable(keys.putIfAbsent(pair.classic(), id));
    Optional<String> second =
        pair.quantum().flatMap(q -> Optional.ofNullable(quantum.putIfAbsent(q, id)));
    return first.or(() -> second);
  }

  Optional<KeyHolders> keyHolders(YamlFields f) {
    List<String> members = f.ids("members");
    int threshold = f.smallInteger("threshold", 1, KeyHolders.MAX_MEMBERS);
    int maxCorrupt = f.smallInteger("maxCorrupt", 0, KeyHolders.MAX_MEMBERS);
    f.end();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < members.size(); i++) {
      if (!seen.add(members.get(i))) {
        findings.add(
            f.where("members", i), Code.POLICY_DUPLICATE, members.get(i) + " stands twice");
      }
    }
    if (members.size() > KeyHolders.MAX_MEMBERS) {
      f.refuse("members", Code.POLICY_QUORUM, "at most " + KeyHolders.MAX_MEMBERS + " holders");
    }
    int n = members.size();
    if (f.clean() && !KeyHolders.isQuorum(n, threshold, maxCorrupt)) {
      f.refuse(
          "threshold",
          Code.POLICY_QUORUM,
          String.format(
              "%d of %d holders with %d corruptible: %s",
              threshold,
              n,
              maxCorrupt,
              threshold > n
                  ? "more than there are"
                  : maxCorrupt >= threshold
                      ? "the corrupt alone could open"
                      : "two sets of them may share only "
                          + Math.max(0, 2 * threshold - n)
                          + ", all corruptible, and open two cohorts of one round"));
    }
    return f.clean()
        ? Optional.of(new KeyHolders(members, threshold, maxCorrupt))
        : Optional.empty();
  }

  void holdersAreInstitutions(YamlFields f, List<Institution> institutions, KeyHolders keyHolders) {
    Map<String, Institution> byId = new HashMap<>();
    institutions.forEach(i -> byId.put(i.id(), i));
    if (byId.size() < f.count("institutions")) {
      return; // Some institution could not be read: it may be the one that seems to be missing.
    }
    YamlFields k = f.group("keyHolders");
    for (int i = 0; i < keyHolders.members().size(); i++) {
      String member = keyHolders.members().get(i);
      Institution institution = byId.get(member);
      if (institution == null) {
        findings.add(
            k.where("members", i), Code.POLICY_REFERENCE, member + " is not an institution");
      } else if (!institution.is(Role.HOLDER)) {
        findings.add(
            k.where("members", i), Code.POLICY_ROLE, member + " does not have the role holder");
      }
    }
    for (Institution institution : institutions) {
      if (institution.is(Role.HOLDER) && keyHolders.positionOf(institution.id()).isEmpty()) {
        k.refuse(
            "members",
            Code.POLICY_ROLE,
            institution.id() + " has the role holder and is not a member");
      }
    }
  }
}
