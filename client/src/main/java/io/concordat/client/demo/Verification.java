package io.concordat.client.demo;

import io.concordat.verify.Check;
import io.concordat.verify.PackVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The outcome of an offline verification, as the demo tells it. */
record Verification(int checks, boolean passed, String firstFailure) {
  /**
   * Checks a pack against the policy that lies in the federation's folder, not the pack's word for
   * it.
   */
  static Verification of(Path pack, Path trusted) throws IOException {
    List<Check> checks = PackVerifier.verify(pack, trusted.resolve("policy.yaml"));
    String failure =
        checks.stream()
            .filter(check -> !check.ok())
            .map(check -> check.name() + ": " + check.detail())
            .findFirst()
            .orElse("");
    return new Verification(checks.size(), failure.isEmpty() && !checks.isEmpty(), failure);
  }
}
