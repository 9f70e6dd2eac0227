package io.concordat.policies;

import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.util.Set;
import java.util.TreeSet;

/** A policy as read, the very bytes it was read from, and signatures that claim to be over them. */
public final class SignedPolicy {
  private final byte[] file;
  private final Policy policy;
  private final PolicySignatures signatures;

  private SignedPolicy(byte[] file, Policy policy, PolicySignatures signatures) {
    this.file = file;
    this.policy = policy;
    this.signatures = signatures;
  }

  /** Reads the file; refuses signatures that name another one. Nothing is verified yet. */
  public static Outcome<SignedPolicy> read(String name, byte[] file, PolicySignatures signatures) {
    return PolicyReader.read(name, file)
        .then(policy ->
            policy.digest().equals(signatures.policy())
                ? Outcome.accepted(new SignedPolicy(file.clone(), policy, signatures))
                : Outcome.refused(
                    Refusal.of(
                        Code.POLICY_MISMATCH,
                        "the signatures are of "
                            + signatures.policy()
                            + ", the file is "
                            + policy.digest())));
  }

  public Policy policy() {
    return policy;
  }

  public byte[] file() {
    return file.clone();
  }

  public PolicySignatures signatures() {
    return signatures;
  }

  /**
   * Institutions of {@code judge} whose policy keys signed this file, with both algorithms where
   * {@code judge} names both. An institution counts once however many of its keys signed: whoever
   * takes one ministry's key ring must not make a majority.
   */
  public Set<String> signers(Policy judge) {
    Set<String> out = new TreeSet<>();
    for (Institution institution : judge.institutions()) {
      if (institution.policyKeys().stream()
          .anyMatch(k -> signatures.holds(institution.named(k), file))) {
        out.add(institution.id());
      }
    }
    return out;
  }

  /** Why the signatures do not reach the threshold that {@code judge} sets; or the signers. */
  Outcome<Set<String>> reaches(Policy judge) {
    Set<String> signers = signers(judge);
    return signers.size() >= judge.policyThreshold()
        ? Outcome.accepted(signers)
        : Outcome.refused(
            Refusal.of(
                Code.POLICY_SIGNATURES,
                "version "
                    + policy.version()
                    + " needs "
                    + judge.policyThreshold()
                    + " institutions of version "
                    + judge.version()
                    + ", and is signed by "
                    + (signers.isEmpty()
                        ? "none of them"
                        : signers.size() + ": " + String.join(", ", signers))));
  }

  @Override
  public String toString() {
    return policy.federation() + " version " + policy.version() + ", " + signatures;
  }
}
