package io.concordat.policies;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The versions of one federation's policy, each signed as the one before it demands.
 *
 * <p>INV-05: every version but the first is one higher than the one before, names its digest, and
 * carries the thresholds of both, by institutions (The Update Framework, specification 5.3.4 to
 * 5.3.6). So nobody who could not change the agreement alone can change it by steps, a version
 * cannot be skipped to hide what was in it, and none can be gone back to. Expiry is asked of the
 * newest only: old versions are history, and history expires.
 *
 * <p>The first version is trusted because its digest was compared by people, never because it
 * arrived.
 */
public final class PolicyChain {
  private final List<SignedPolicy> versions;

  private PolicyChain(List<SignedPolicy> versions) {
    this.versions = versions;
  }

  /**
   * Starts at a version whose digest the institution knows from elsewhere (its own copy, the signed
   * bootstrap file, a telephone call).
   */
  public static Outcome<PolicyChain> start(SignedPolicy first, Digest pinned) {
    if (!first.policy().digest().equals(pinned)) {
      return Outcome.refused(
          Refusal.of(
              Code.POLICY_MISMATCH,
              "expected " + pinned + ", the file is " + first.policy().digest()));
    }
    return judge(first, List.of(first.policy())).then(ok -> chain(List.of(first)));
  }

  /** The chain with its next version. */
  public Outcome<PolicyChain> next(SignedPolicy next) {
    Policy old = newest().policy();
    Policy policy = next.policy();
    if (!policy.federation().equals(old.federation())) {
      return refused(
          Code.POLICY_FEDERATION,
          "expected " + old.federation() + ", found " + policy.federation());
    }
    if (policy.version() != old.version() + 1) {
      return refused(
          Code.POLICY_VERSION,
          "expected version " + (old.version() + 1) + ", found " + policy.version());
    }
    if (!policy.previous().equals(Optional.of(old.digest()))) {
      return refused(
          Code.POLICY_VERSION,
          "version " + policy.version() + " does not name the digest " + old.digest());
    }
    List<SignedPolicy> longer = new ArrayList<>(versions);
    longer.add(next);
    return judge(next, List.of(old, policy)).then(ok -> chain(List.copyOf(longer)));
  }

  /** A whole chain at once, in order. */
  public static Outcome<PolicyChain> of(List<SignedPolicy> versions, Digest pinned) {
    if (versions.isEmpty()) {
      return refused(Code.POLICY_VERSION, "there is no version");
    }
    Outcome<PolicyChain> chain = start(versions.getFirst(), pinned);
    for (SignedPolicy next : versions.subList(1, versions.size())) {
      chain = chain.then(c -> c.next(next));
    }
    return chain;
  }

  private static Outcome<Boolean> judge(SignedPolicy signed, List<Policy> judges) {
    List<Refusal> refusals = new ArrayList<>();
    for (VerifyingKey key : signed.signatures().keys()) {
      // A stranger's or broken signature cannot help, but is never honest: say so, do not skip it.
      if (judges.stream().allMatch(j -> j.institutionOfPolicyKey(key).isEmpty())) {
        refusals.add(Refusal.of(Code.POLICY_SIGNATURE_STRANGER, key.toString()));
      } else if (!signed.signatures().isHonest(key, signed.file())) {
        refusals.add(Refusal.of(Code.POLICY_SIGNATURE_INVALID, "by " + key));
      }
    }
    for (Policy judge : judges) {
      refusals.addAll(signed.reaches(judge).refusals());
    }
    return refusals.isEmpty() ? Outcome.accepted(true) : Outcome.refused(refusals);
  }

  public SignedPolicy newest() {
    return versions.getLast();
  }

  /** Every version from the pinned one on. */
  public List<SignedPolicy> versions() {
    return versions;
  }

  /** The policy that a job was pinned to, by its digest. */
  public Optional<Policy> byDigest(Digest digest) {
    return versions.stream()
        .map(SignedPolicy::policy)
        .filter(p -> p.digest().equals(digest))
        .findFirst();
  }

  /** The newest version, if it is in force. */
  public Outcome<Policy> inForce(Instant now) {
    Policy policy = newest().policy();
    return PolicyReader.inForce(policy, now)
        .<Outcome<Policy>>map(Outcome::refused)
        .orElseGet(() -> Outcome.accepted(policy));
  }

  private static Outcome<PolicyChain> chain(List<SignedPolicy> versions) {
    return Outcome.accepted(new PolicyChain(versions));
  }

  private static Outcome<PolicyChain> refused(Code code, String detail) {
    return Outcome.refused(Refusal.of(code, detail));
  }
}
