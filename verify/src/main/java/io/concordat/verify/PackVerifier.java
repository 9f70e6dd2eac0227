package io.concordat.verify;

import io.concordat.policies.PolicyReader;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Checks a pack. */
public final class PackVerifier {
  static final String OWN_POLICY = "Your own copy of the policy reads";

  private PackVerifier() {}

  /**
   * All checks, in the order of trust: each stands on those before it, and the list ends where
   * there is nothing left to stand on.
   *
   * @param packFolder what {@code concordat audit export} wrote
   * @param trustedPolicyFile a policy that the reader has from a source of their own, with its
   *     signatures beside it under the same name and {@code .sig}
   * @throws IOException if a file cannot be read; a file that is not there, or is not what it
   *     should be, is a failed check instead
   */
  public static List<Check> verify(Path packFolder, Path trustedPolicyFile) throws IOException {
    List<Check> checks = new ArrayList<>();
    Outcome<Policy> read =
        PolicyReader.read(trustedPolicyFile.toString(), Files.readAllBytes(trustedPolicyFile));
    switch (read) {
      case Outcome.Refused<Policy>(List<Refusal> reasons) ->
          checks.add(
              Check.failed(
                  OWN_POLICY,
                  reasons.stream().map(Refusal::toString).collect(Collectors.joining("; "))));
      case Outcome.Accepted<Policy>(Policy policy) -> {
        checks.add(
            Check.passed(
                OWN_POLICY,
                policy.federation() + " version " + policy.version() + ", " + policy.digest()));
        LogStage.run(new PackFiles(packFolder), policy, checks);
      }
    }
    return List.copyOf(checks);
  }
}
