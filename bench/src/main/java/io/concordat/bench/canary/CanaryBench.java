package io.concordat.bench.canary;

import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.util.Locale;

/** The program behind {@code concordat bench canary}. */
public final class CanaryBench {
  private CanaryBench() {}

  /**
   * Runs and prints.
   *
   * @param arguments epsilon, the divisor of the noise, the seed
   */
  public static void main(String[] arguments) throws IOException, RefusedException {
    String epsilon = arguments[0];
    int divisor = Integer.parseInt(arguments[1]);
    CanaryRun.Outcome outcome = CanaryRun.run(epsilon, divisor, Long.parseLong(arguments[2]));
    System.out.printf(
        Locale.ROOT,
        "%d canaries, %d guesses, %d right: epsilon is at least %.3f with 95 %% confidence%n",
        outcome.audit().canaries(),
        outcome.audit().guesses(),
        outcome.audit().right(),
        outcome.audit().epsilonLowerBound());
    System.out.printf(
        Locale.ROOT,
        "claimed %s%s; the test could have shown up to %.3f: %s%n",
        epsilon,
        divisor == 1 ? "" : " with noise " + divisor + " times too small",
        outcome.audit().ceiling(),
        switch (outcome.verdict()) {
          case CONSISTENT -> "consistent";
          case INCONSISTENT -> "INCONSISTENT";
          case TEST_TOO_WEAK -> "test too weak";
        });
    System.out.println("A lower bound is evidence against a claim or none; it never proves one.");
  }
}
