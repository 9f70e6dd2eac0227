package io.concordat.client.command;

import io.concordat.crypto.DecodeException;
import io.concordat.homes.PolicyFolder;
import io.concordat.homes.SiloHome;
import io.concordat.policies.PolicyDiff;
import io.concordat.policies.PolicyExplanation;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.policies.SiteOverlay;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest policy of a home as its overlay leaves it. */
final class EffectivePolicy {
  private EffectivePolicy() {}

  static int print(SiloHome silo, @Nullable Path draft, Output output)
      throws IOException, InvalidInputException {
    Policy policy = newest(silo);
    Path file = draft == null ? silo.overlayFile() : draft;
    Optional<SiteOverlay> overlay = Optional.empty();
    if (draft != null || Files.exists(file)) {
      overlay =
          Optional.of(
              accepted(SiteOverlay.read(file.toString(), Files.readAllBytes(file), policy)));
    }
    Policy effective = overlay.map(o -> o.effective(policy)).orElse(policy);
    List<String> changes = new ArrayList<>();
    PolicyDiff.between(policy, effective).forEach(c -> changes.add(c.toString()));
    overlay
        .flatMap(o -> o.limits().datasets())
        .ifPresent(d ->
            d.forEach((id, caps) ->
                caps.epsilonCap()
                    .ifPresent(e ->
                        changes.add(
                            "TIGHTENS datasets." + id + ".privacy.epsilonCap here: " + e))));
    if (output.json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("schema", "silo-policy/1");
      tree.put("policy", policy.digest().toString());
      tree.put("version", policy.version());
      tree.put("overlay", overlay.isPresent() ? file.toString() : "");
      tree.put("changes", changes);
      tree.put("sections", PolicyCommand.json(PolicyExplanation.of(effective)));
      output.printJson(tree);
      return ExitStatus.DONE;
    }
    output
        .terminal()
        .line(
            overlay.isEmpty()
                ? "no overlay: the policy holds as it is"
                : file + " changes on this node:");
    changes.forEach(c -> output.terminal().line("  " + c));
    for (PolicyExplanation.Section section : PolicyExplanation.of(effective)) {
      output.terminal().line(section.title());
      section.sentences().forEach(s -> output.terminal().line("  " + s));
    }
    return ExitStatus.DONE;
  }

  private static Policy newest(SiloHome silo) throws IOException, InvalidInputException {
    Path file = silo.home().policyFile();
    List<PolicyShelf.Filed> others = new ArrayList<>();
    for (PolicyFolder.Version v : PolicyFolder.of(silo.home()).versions()) {
      others.add(
          new PolicyShelf.Filed(
              v.number(), "policies/" + v.number() + ".yaml", v.file(), v.signatures()));
    }
    try {
      PolicySignatures signatures =
          PolicySignatures.read(Files.readAllBytes(silo.home().policySignaturesFile()));
      return accepted(
              SignedPolicy.read(file.toString(), Files.readAllBytes(file), signatures)
                  .then(own -> PolicyShelf.of(own, others)))
          .newest()
          .policy();
    } catch (DecodeException e) {
      throw new InvalidInputException(
          silo.home().policySignaturesFile() + ": " + e.getMessage(), e);
    }
  }

  private static <T> T accepted(Outcome<T> outcome) throws InvalidInputException {
    return switch (outcome) {
      case Outcome.Accepted<T>(T value) -> value;
      case Outcome.Refused<T>(List<Refusal> reasons) ->
          throw new InvalidInputException(
              String.join("\n  ", reasons.stream().map(Refusal::toString).toList()));
    };
  }
}
