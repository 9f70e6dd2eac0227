package io.concordat.client.command;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.policies.PolicyDiff;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat policy ...}: what the institutions' officers do with the agreement's file. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = {
      "Check, sign and compare policy files.",
      "A policy key belongs to an officer of an institution and lies on no server."
    },
    footer = {
      "",
      "Examples:",
      "  concordat policy key --key charite-policy.pem",
      "  concordat policy validate policy.yaml",
      "  concordat policy sign policy.yaml --key charite-policy.pem",
      "  concordat policy verify policy.yaml",
      "  concordat policy diff policy-6.yaml policy-7.yaml"
    })
public final class PolicyCommand {
  @Command(
      name = "key",
      mixinStandardHelpOptions = true,
      description = "Make a policy key and print its public half for the policy's policyKeys.")
  int key(
      @Option(names = "--key", paramLabel = "FILE", required = true, description = "A new file.")
          Path file,
      @Mixin Output output)
      throws Exception {
    SigningKey key = SubmitterKeys.create(file, new SystemRandomness());
    String text = key.verifyingKey().toString();
    key.destroy();
    if (output.json) {
      output.printJson(Map.of("file", file.toString(), "policyKey", text));
    } else {
      output.terminal().line(text);
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description = "Read a policy strictly; every fault with line, field and reason.")
  int validate(@Parameters(paramLabel = "POLICY.yaml") Path file, @Mixin Output output)
      throws Exception {
    Outcome<Policy> read = PolicyReader.read(file.toString(), Files.readAllBytes(file));
    List<String> faults = read.refusals().stream().map(Refusal::toString).toList();
    if (output.json) {
      output.printJson(Map.of("file", file.toString(), "faults", faults));
    } else {
      faults.forEach(output.terminal()::line);
      if (faults.isEmpty()) {
        output.say(file + ": a valid policy, " + Digests.sha256(Files.readAllBytes(file)));
      }
    }
    return faults.isEmpty() ? ExitStatus.DONE : ExitStatus.INVALID;
  }

  @Command(
      name = "sign",
      mixinStandardHelpOptions = true,
      description = "Add a signature over the file's bytes to POLICY.yaml.sig.")
  int sign(
      @Parameters(paramLabel = "POLICY.yaml") Path file,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              required = true,
              description = "A policy key of your institution.")
          Path keyFile,
      @Mixin Output output)
      throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Policy policy = policy(file, bytes);
    PolicySignatures signatures = signatures(file, bytes);
    SigningKey key = SubmitterKeys.read(keyFile);
    try {
      boolean named =
          policy.institutions().stream().anyMatch(i -> i.policyKeys().contains(key.verifyingKey()));
      // A key of the version before also signs the next; that one need not be named any more.
      if (!named) {
        output.say(
            "this key is not named in " + file + "; it counts only if the version before names it");
      }
      Files.write(signatureFile(file), signatures.sign(bytes, key).write());
    } finally {
      key.destroy();
    }
    return report(file, bytes, output);
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Say which institutions signed a policy and whether they are enough.")
  int verify(@Parameters(paramLabel = "POLICY.yaml") Path file, @Mixin Output output)
      throws Exception {
    return report(file, Files.readAllBytes(file), output);
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Say what a new version changes, and whether it loosens or tightens.")
  int diff(
      @Parameters(paramLabel = "OLD.yaml") Path from,
      @Parameters(paramLabel = "NEW.yaml") Path to,
      @Mixin Output output)
      throws Exception {
    Policy before = policy(from, Files.readAllBytes(from));
    Policy after = policy(to, Files.readAllBytes(to));
    List<String> changes =
        PolicyDiff.between(before, after).stream().map(PolicyDiff.Change::toString).toList();
    boolean ends = PolicyDiff.endsRunningJobs(before, after);
    if (output.json) {
      output.printJson(Map.of("changes", changes, "endsRunningJobs", ends));
    } else {
      changes.forEach(output.terminal()::line);
      output.say(
          changes.isEmpty()
              ? "no changes"
              : ends ? "running jobs end when it is activated" : "running jobs go on");
    }
    return ExitStatus.DONE;
  }

  private static int report(Path file, byte[] bytes, Output output)
      throws IOException, InvalidInputException {
    Policy policy = policy(file, bytes);
    SignedPolicy signed =
        accepted(SignedPolicy.read(file.toString(), bytes, signatures(file, bytes)));
    Set<String> signers = new TreeSet<>(signed.signers(policy));
    boolean enough = signers.size() >= policy.policyThreshold();
    if (output.json) {
      output.printJson(
          Map.of(
              "policy",
              Digests.sha256(bytes).toString(),
              "signedBy",
              signers,
              "threshold",
              policy.policyThreshold(),
              "enough",
              enough));
    } else {
      output
          .terminal()
          .line(
              "signed by "
                  + signers
                  + ", "
                  + policy.policyThreshold()
                  + " institutions are needed");
    }
    return enough ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private static Policy policy(Path file, byte[] bytes) throws InvalidInputException {
    return accepted(PolicyReader.read(file.toString(), bytes));
  }

  private static <T> T accepted(Outcome<T> outcome) throws InvalidInputException {
    return switch (outcome) {
      case Outcome.Accepted<T>(T value) -> value;
      case Outcome.Refused<T>(List<Refusal> reasons) ->
          throw new InvalidInputException(
              String.join("\n  ", reasons.stream().map(Refusal::toString).toList()));
    };
  }

  private static PolicySignatures signatures(Path file, byte[] bytes)
      throws IOException, InvalidInputException {
    Path beside = signatureFile(file);
    if (!Files.exists(beside)) {
      return PolicySignatures.none(bytes);
    }
    PolicySignatures found;
    try {
      found = PolicySignatures.read(Files.readAllBytes(beside));
    } catch (DecodeException e) {
      throw new InvalidInputException(beside + ": " + e.getMessage(), e);
    }
    if (!found.policy().equals(Digests.sha256(bytes))) {
      throw new InvalidInputException(
          beside + ": signatures of other bytes than " + file + "; move it away to begin anew");
    }
    return found;
  }

  private static Path signatureFile(Path policy) {
    return policy.resolveSibling(policy.getFileName() + ".sig");
  }
}
