package io.concordat.client.command;

import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose signatures a policy bears, and whether they are enough: by its own threshold and by that of
 * the version it follows, each counting the institutions and keys that it names itself.
 */
final class SignatureReport {
  private SignatureReport() {}

  /** One threshold and who meets it. */
  private record Count(long version, Set<String> signers, int of, int needed) {
    static Count by(Policy judge, SignedPolicy signed) {
      return new Count(
          judge.version(),
          signed.signers(judge),
          judge.institutions().size(),
          judge.policyThreshold());
    }

    boolean enough() {
      return signers.size() >= needed;
    }

    String words() {
      return "by version "
          + version
          + "'s institutions: signed by "
          + (signers.isEmpty() ? "nobody" : String.join(", ", signers))
          + "; "
          + needed
          + " of "
          + of
          + " are needed: "
          + (enough() ? "enough" : "not enough");
    }
  }

  static int print(SignedPolicy signed, Optional<Policy> before, Output output)
      throws InvalidInputException {
    Policy policy = signed.policy();
    List<Count> counts = new ArrayList<>();
    if (before.isPresent()) {
      requireFollows(before.get(), policy);
      counts.add(Count.by(before.get(), signed));
    }
    Count own = Count.by(policy, signed);
    counts.add(own);
    boolean enough = counts.stream().allMatch(Count::enough);
    boolean half = policy.version() > 1 && before.isEmpty();
    if (output.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("policy", policy.digest().toString());
      json.put("signedBy", own.signers());
      json.put("threshold", own.needed());
      before.ifPresent(old -> {
        json.put("signedByPrevious", counts.getFirst().signers());
        json.put("thresholdPrevious", counts.getFirst().needed());
      });
      json.put("enough", enough);
      output.printJson(json);
    } else {
      counts.forEach(count -> output.terminal().line(count.words()));
      if (half) {
        output.say(
            "version "
                + (policy.version() - 1)
                + "'s institutions have to sign, too: name its file with --after");
      }
    }
    return enough ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private static void requireFollows(Policy before, Policy policy) throws InvalidInputException {
    if (policy.version() != before.version() + 1
        || !policy.previous().equals(Optional.of(before.digest()))) {
      throw new InvalidInputException(
          "version "
              + policy.version()
              + " (previousSha256: "
              + policy.previous().map(Object::toString).orElse("none")
              + ") does not follow version "
              + before.version()
              + " ("
              + before.digest()
              + "): expected version "
              + (before.version() + 1)
              + " with that digest");
    }
  }
}
