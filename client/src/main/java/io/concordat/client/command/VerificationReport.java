package io.concordat.client.command;

import io.concordat.client.terminal.Terminal;
import io.concordat.verify.Check;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an offline verification found, for a person or as one object. */
final class VerificationReport {
  private static final String SCHEMA = "audit-verify/1";

  private VerificationReport() {}

  /** Prints all checks and returns the exit status. */
  static int print(
      List<Check> checks, Path pack, Path policy, boolean acceptUnchecked, Output output) {
    long failed = count(checks, Check.Outcome.FAILED);
    long unchecked = count(checks, Check.Outcome.NOT_CHECKED);
    boolean good = !checks.isEmpty() && failed == 0 && (unchecked == 0 || acceptUnchecked);
    if (output.json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("schema", SCHEMA);
      tree.put("pack", pack.toString());
      tree.put("policy", policy.toString());
      tree.put("passed", good);
      tree.put("failed", failed);
      tree.put("notChecked", unchecked);
      tree.put("checks", checks.stream().map(VerificationReport::json).toList());
      output.printJson(tree);
    } else {
      text(checks, output);
      output
          .terminal()
          .line(
              checks.size()
                  + " checks: "
                  + count(checks, Check.Outcome.PASSED)
                  + " passed, "
                  + failed
                  + " failed, "
                  + unchecked
                  + " not checked");
    }
    return good ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }

  private static long count(List<Check> checks, Check.Outcome outcome) {
    return checks.stream().filter(check -> check.outcome() == outcome).count();
  }

  private static Map<String, String> json(Check check) {
    Map<String, String> tree = new LinkedHashMap<>();
    tree.put("name", check.name());
    tree.put("outcome", check.outcome().name());
    tree.put("detail", check.detail());
    return tree;
  }

  /** Two lines a check, since what was compared is a sentence and no cell of a table. */
  private static void text(List<Check> checks, Output output) {
    Terminal terminal = output.terminal();
    for (Check check : checks) {
      String mark =
          switch (check.outcome()) {
            case PASSED -> terminal.good("passed      ");
            case FAILED -> terminal.bad("FAILED      ");
            case NOT_CHECKED -> terminal.bold("not checked ");
          };
      if (!output.quiet || !check.ok()) {
        terminal.line(mark + check.name());
        terminal.line("            " + terminal.dim(check.detail()));
      }
    }
  }
}
