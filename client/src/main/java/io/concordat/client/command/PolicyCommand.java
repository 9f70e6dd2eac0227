package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.Home;
import io.concordat.homes.PolicyFolder;
import io.concordat.policies.PolicyDiff;
import io.concordat.policies.PolicyExplanation;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.PolicyStart;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
      "  concordat policy init --federation cardio-eu --institution charite,mgh,ucl -o policy.yaml",
      "  concordat policy explain policy.yaml",
      "  concordat policy key --key charite-policy.pem",
      "  concordat policy validate policy.yaml",
      "  concordat policy sign policy.yaml --key charite-policy.pem",
      "  concordat policy verify policy-7.yaml --after policy-6.yaml",
      "  concordat policy diff policy-6.yaml policy-7.yaml",
      "  concordat policy activate policy-7.yaml"
    })
public final class PolicyCommand {
  @Command(
      name = "key",
      mixinStandardHelpOptions = true,
      description = {
        "Make a policy key and print its public halves for the policy's policyKeys.",
        "They are an Ed25519 key and the fingerprint of an ML-DSA-65 key; whoever signs with this file signs with both."
      })
  int key(
      @Option(
              names = "--key",
              paramLabel = "FILE",
              required = true,
              description = "A new file; with --show one that is there.")
          Path file,
      @Option(names = "--show", description = "Make nothing; print what the file holds.")
          boolean show,
      @Mixin Output output)
      throws Exception {
    SigningKey key =
        show ? SubmitterKeys.read(file) : SubmitterKeys.create(file, new SystemRandomness());
    String text = key.publicKeys().toString();
    key.destroy();
    if (output.json) {
      output.printJson(Map.of("file", file.toString(), "policyKey", text));
    } else {
      output.terminal().line(text);
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Write a commented policy to begin with: valid as it stands, strict, with example keys where none are given.")
  int init(
      @Option(names = "--federation", paramLabel = "ID", required = true) String federation,
      @Option(
              names = "--institution",
              paramLabel = "ID",
              required = true,
              split = ",",
              description = "3 to 32 of them; repeat it or separate by commas.")
          List<String> institutions,
      @Option(
              names = "--policy-key",
              paramLabel = "ID=KEY",
              description = "What 'concordat policy key' printed; repeatable.")
          @Nullable Map<String, String> policyKeys,
      @Option(
              names = "--node-key",
              paramLabel = "ID=KEY",
              description = "What 'concordat silo init' printed; repeatable.")
          @Nullable Map<String, String> nodeKeys,
      @Option(
              names = "--log-keys",
              paramLabel = "FILE",
              description =
                  "What 'concordat aggregator init' wrote as config/log.pub: three lines.")
          @Nullable Path logKeys,
      @Option(
              names = "--origin",
              paramLabel = "NAME",
              description = "The log's name (default: concordat.example/FEDERATION).")
          @Nullable String origin,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              required = true,
              description = "A new file.")
          Path file,
      @Mixin Output output)
      throws Exception {
    byte[] bytes;
    try {
      bytes =
          new PolicyStart(
                  federation,
                  origin == null ? "concordat.example/" + federation : origin,
                  institutions,
                  GivenKeys.of(policyKeys),
                  GivenKeys.of(nodeKeys),
                  logKeys == null ? Optional.empty() : Optional.of(GivenKeys.ofLog(logKeys)))
              .write(Instant.now(), new SystemRandomness());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
    policy(file, bytes);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    if (output.json) {
      output.printJson(Map.of("file", file.toString(), "policy", Digests.sha256(bytes).toString()));
    } else {
      output.terminal().line(file.toString());
      output.say("read what it permits with: concordat policy explain " + file);
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description = "Say in plain words what a policy permits, with every figure that decides.")
  int explain(@Parameters(paramLabel = "POLICY.yaml") Path file, @Mixin Output output)
      throws Exception {
    List<PolicyExplanation.Section> page =
        PolicyExplanation.of(policy(file, Files.readAllBytes(file)));
    if (output.json) {
      output.printJson(Map.of("schema", "policy-explain/1", "sections", json(page)));
      return ExitStatus.DONE;
    }
    for (PolicyExplanation.Section section : page) {
      output.terminal().line(section.title());
      section.sentences().forEach(s -> output.terminal().line("  " + s));
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "activate",
      mixinStandardHelpOptions = true,
      description = {
        "Put a signed next version into force in the running log: the signatures of both thresholds",
        "are checked here by nobody but the aggregator, and again by every node. With --home the",
        "files are only put into the home of a node, which then need not fetch them."
      })
  int activate(
      @Parameters(paramLabel = "POLICY.yaml", description = "Its signatures are FILE.sig.")
          Path file,
      @Option(names = "--home", paramLabel = "DIR", description = "A home on this machine.")
          @Nullable Path home,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Policy policy = policy(file, bytes);
    byte[] signatures = signatures(file, bytes).write();
    if (home != null) {
      PolicyFolder.of(new Home(home)).keep(policy.version(), bytes, signatures);
      output.say("version " + policy.version() + " is in " + home + "; it is not in force by that");
      return ExitStatus.DONE;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("file", new String(bytes, StandardCharsets.UTF_8));
    body.put("signatures", new String(signatures, StandardCharsets.UTF_8));
    try (FederationClient client = server.connect()) {
      JsonNode answer = client.post("/api/v1/policies", body);
      if (output.json) {
        output.printJson(answer);
      } else {
        output
            .terminal()
            .line(
                "version "
                    + answer.path("version").asText()
                    + " is in force from entry "
                    + answer.path("entry").asText()
                    + " of the log on"
                    + (answer.path("endsRunningJobs").asBoolean()
                        ? "; running jobs end at their round's boundary"
                        : "; running jobs go on"));
      }
      return ExitStatus.DONE;
    }
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
    output.say("the signature is in " + signatureFile(file) + "; pass both files on");
    // Signed it is; whether all have is for 'verify' to say by its exit status.
    report(file, bytes, Optional.empty(), output);
    return ExitStatus.DONE;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Say which institutions signed a policy and whether they are enough.")
  int verify(
      @Parameters(paramLabel = "POLICY.yaml") Path file,
      @Option(
              names = "--after",
              paramLabel = "OLD.yaml",
              description = "The version that it follows, whose institutions have to sign, too.")
          @Nullable Path old,
      @Mixin Output output)
      throws Exception {
    Optional<Policy> before =
        old == null ? Optional.empty() : Optional.of(policy(old, Files.readAllBytes(old)));
    return report(file, Files.readAllBytes(file), before, output);
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = {
        "Say what a new version changes, and whether it loosens or tightens.",
        "TIGHTENS is said only of what takes a possibility away and gives none; all else, other wording or clipping"
            + " bounds too, is LOOSENS and wants to be read."
      })
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

  /** The page of an explanation for scripts. */
  static List<Map<String, Object>> json(List<PolicyExplanation.Section> page) {
    List<Map<String, Object>> sections = new ArrayList<>();
    for (PolicyExplanation.Section section : page) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("title", section.title());
      item.put("sentences", section.sentences());
      sections.add(item);
    }
    return sections;
  }

  private static int report(Path file, byte[] bytes, Optional<Policy> before, Output output)
      throws IOException, InvalidInputException {
    return SignatureReport.print(
        accepted(SignedPolicy.read(file.toString(), bytes, signatures(file, bytes))),
        before,
        output);
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
