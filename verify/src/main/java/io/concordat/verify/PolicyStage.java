package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.policies.PolicyChain;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * From the reader's own copy of one version to all versions that the log needs.
 *
 * <p>Later versions are accepted by the signatures of their institutions, as any node accepts them.
 * Earlier ones are accepted because the version after them names their digest: what the reader
 * trusts has said which file it replaced.
 */
final class PolicyStage {
  static final String OWN = "Your own copy of the policy reads";
  static final String SIGNED = "The policy is signed by enough institutions";
  static final String SAME = "The pack holds your policy, and its versions follow each other";

  private static final int MAX_POLICY_BYTES = 1 << 20;
  private static final int MAX_VERSIONS = 1000;

  private final PackFiles pack;
  private final List<Check> checks;
  private final Tally same = new Tally(SAME);
  private final TreeMap<Integer, Policy> versions = new TreeMap<>();

  private PolicyStage(PackFiles pack, List<Check> checks) {
    this.pack = pack;
    this.checks = checks;
  }

  /** All trusted versions by number; empty if the reader's own copy is none. */
  static TreeMap<Integer, Policy> run(PackFiles pack, Path own, List<Check> checks)
      throws IOException {
    PolicyStage stage = new PolicyStage(pack, checks);
    byte[] file = Files.readAllBytes(own);
    switch (PolicyReader.read(own.toString(), file)) {
      case Outcome.Refused<Policy>(List<Refusal> reasons) ->
          checks.add(Check.failed(OWN, words(reasons)));
      case Outcome.Accepted<Policy>(Policy policy) -> {
        checks.add(
            Check.passed(
                OWN,
                policy.federation() + " version " + policy.version() + ", " + policy.digest()));
        stage.versions.put(policy.version(), policy);
        stage.samePolicy(policy, file);
        stage.backwards(policy);
        stage.forwards(policy, file, own);
        checks.add(
            stage.same.check(
                "policy/"
                    + policy.version()
                    + "/policy.yaml is your file byte for byte; versions "
                    + stage.versions.firstKey()
                    + " to "
                    + stage.versions.lastKey()));
      }
    }
    return stage.versions;
  }

  private void samePolicy(Policy policy, byte[] file) throws IOException {
    String path = PackLayout.policy(policy.version());
    Optional<byte[]> copy = read(path, MAX_POLICY_BYTES);
    if (copy.isEmpty()) {
      same.fault("version " + policy.version(), "not in the pack: " + path);
    } else if (!Arrays.equals(copy.get(), file)) {
      same.fault(
          "version " + policy.version(),
          "the pack's file is " + Digests.sha256(copy.get()) + ", yours is " + policy.digest());
    } else {
      same.agree();
    }
  }

  /** Each earlier version is the file whose digest the next one names. */
  private void backwards(Policy own) throws IOException {
    Policy next = own;
    while (next.previous().isPresent()) {
      int version = next.version() - 1;
      Digest digest = next.previous().get();
      String path = PackLayout.policy(version);
      Optional<byte[]> file = read(path, MAX_POLICY_BYTES);
      if (file.isEmpty()) {
        // Not needed if the log begins later; replay says so if it does not.
        return;
      }
      if (!Digests.sha256(file.get()).equals(digest)) {
        same.fault(
            "version " + version, "is not the file that version " + next.version() + " names");
        return;
      }
      Outcome<Policy> read = PolicyReader.read(path, file.get());
      if (!(read instanceof Outcome.Accepted<Policy>(Policy policy))) {
        same.fault("version " + version, words(read.refusals()));
        return;
      }
      read(PackLayout.policySignatures(version), PolicySignatures.MAX_BYTES);
      versions.put(version, policy);
      next = policy;
    }
  }

  private void forwards(Policy own, byte[] file, Path ownFile) throws IOException {
    Path beside = ownFile.resolveSibling(ownFile.getFileName() + ".sig");
    String packed = PackLayout.policySignatures(own.version());
    Optional<byte[]> fromPack = read(packed, PolicySignatures.MAX_BYTES);
    Optional<byte[]> signatures =
        Files.isRegularFile(beside) ? Optional.of(Files.readAllBytes(beside)) : fromPack;
    if (signatures.isEmpty()) {
      checks.add(
          Check.failed(SIGNED, "neither " + beside + " nor, in the pack, " + packed + " exists"));
      return;
    }
    Outcome<PolicyChain> chain =
        signed(ownFile.toString(), file, signatures.get())
            .then(s -> PolicyChain.start(s, own.digest()));
    if (chain instanceof Outcome.Accepted<PolicyChain> && fromPack.isPresent()) {
      // The pack's copy may carry other signatures than the reader's, but no false ones.
      Outcome<PolicyChain> theirs =
          signed(packed, file, fromPack.get()).then(s -> PolicyChain.start(s, own.digest()));
      if (!theirs.refusals().isEmpty()) {
        chain = theirs;
      }
    }
    for (int version = own.version() + 1;
        chain instanceof Outcome.Accepted<PolicyChain> && version <= MAX_VERSIONS;
        version++) {
      Optional<byte[]> next = read(PackLayout.policy(version), MAX_POLICY_BYTES);
      Optional<byte[]> by = read(PackLayout.policySignatures(version), PolicySignatures.MAX_BYTES);
      if (next.isEmpty()) {
        break;
      }
      byte[] sig = by.orElse(new byte[0]);
      String path = PackLayout.policy(version);
      chain = chain.then(c -> signed(path, next.get(), sig).then(c::next));
    }
    switch (chain) {
      case Outcome.Refused<PolicyChain>(List<Refusal> reasons) ->
          checks.add(Check.failed(SIGNED, words(reasons)));
      case Outcome.Accepted<PolicyChain>(PolicyChain good) -> {
        List<String> each = new ArrayList<>();
        for (SignedPolicy version : good.versions()) {
          Policy policy = version.policy();
          versions.put(policy.version(), policy);
          each.add(
              "version "
                  + policy.version()
                  + " by "
                  + String.join(", ", version.signers(policy))
                  + (policy.institutions().stream()
                          .allMatch(i -> i.quantum().keySet().containsAll(i.policyKeys()))
                      ? ", each with Ed25519 and ML-DSA-65"
                      : "")
                  + " (needed "
                  + policy.policyThreshold()
                  + ")");
        }
        checks.add(Check.passed(SIGNED, String.join("; ", each)));
      }
    }
  }

  private static Outcome<SignedPolicy> signed(String name, byte[] file, byte[] signatures) {
    try {
      return SignedPolicy.read(name, file, PolicySignatures.read(signatures));
    } catch (DecodeException e) {
      return Outcome.refused(
          Refusal.of(
              io.concordat.protocol.refusal.Code.POLICY_SIGNATURES,
              "the signatures of " + name + " do not read: " + e.getMessage()));
    }
  }

  private Optional<byte[]> read(String path, int mostBytes) throws IOException {
    try {
      return pack.read(path, mostBytes);
    } catch (DecodeException tooLong) {
      same.fault(path, String.valueOf(tooLong.getMessage()));
      return Optional.empty();
    }
  }

  private static String words(List<Refusal> reasons) {
    return reasons.stream().map(Refusal::toString).collect(Collectors.joining("; "));
  }
}
