package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import io.concordat.verify.Check;
import io.concordat.verify.PackBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat budget show}: what patients have lost of their privacy, and what is left. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description = "Show the privacy budgets.",
    footer = {
      "",
      "Examples:",
      "  concordat budget show",
      "  concordat budget show --dataset heart --plot spend.svg",
      "  concordat budget show --pack pack --policy policy.yaml --json"
    })
public final class BudgetCommand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BAR = 20;

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "For each person column and silo: the cap, what is spent, what running jobs hold back, what is left.",
        "Asks the aggregator, or reads an exported pack; both compute it from the log."
      },
      footer = {
        "",
        "rho is Renyi divergence at the order that the cap determines: sums of it hold for jobs that were",
        "chosen one after the other. 'if fixed' is the epsilon that the same rounds would have cost had all",
        "of them been fixed in advance; it is smaller, and no guarantee.",
        "Exit status with --pack: 4 if the pack does not hold what its log needs."
      })
  int show(
      @Option(
              names = "--pack",
              paramLabel = "DIR",
              description = "Read this exported pack instead of asking the aggregator.")
          @Nullable Path pack,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              description = "With --pack: your own copy of the policy, its signatures beside it.")
          @Nullable Path policy,
      @Option(
              names = "--dataset",
              paramLabel = "ID",
              description = "Only budgets that this dataset shares.")
          @Nullable String dataset,
      @Option(names = "--silo", paramLabel = "ID", description = "Only this silo's.")
          @Nullable String silo,
      @Option(
              names = "--plot",
              paramLabel = "FILE.svg",
              description = "Draw spend over time into this file.")
          @Nullable Path plot,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    JsonNode report;
    if (pack == null) {
      report = ask(server);
    } else {
      if (policy == null) {
        throw new InvalidInputException("--pack needs --policy: your own copy of the policy");
      }
      PackBudget.Result result = PackBudget.of(pack, policy);
      List<Check> failed = result.checks().stream().filter(c -> !c.ok()).toList();
      failed.forEach(c -> output.terminal().error("FAILED " + c.name() + ": " + c.detail()));
      if (!failed.isEmpty() || result.report().isEmpty()) {
        return ExitStatus.NOT_VERIFIED;
      }
      report = JSON.readTree(result.report().get().toJson().bytes());
    }
    List<JsonNode> accounts = new ArrayList<>();
    for (JsonNode account : report.path("accounts")) {
      if ((dataset == null || names(account.path("datasets")).contains(dataset))
          && (silo == null || account.path("silo").asText().equals(silo))) {
        accounts.add(account);
      }
    }
    if (plot != null) {
      Files.writeString(plot, BudgetPlot.svg(accounts));
    }
    if (output.json) {
      output.printJson(report);
    } else {
      print(accounts, output);
    }
    if (plot != null) {
      output.say(plot + ": spend over time");
    }
    return ExitStatus.DONE;
  }

  private static JsonNode ask(ServerOptions server)
      throws ProblemException, UnreachableException, IOException, InvalidInputException {
    try (FederationClient client = server.connect()) {
      return client.get("/api/v1/budget");
    }
  }

  private static List<String> names(JsonNode array) {
    List<String> out = new ArrayList<>();
    array.forEach(n -> out.add(n.asText()));
    return out;
  }

  private static void print(List<JsonNode> accounts, Output output) {
    if (accounts.isEmpty()) {
      output.say("no dataset with a cap has been declared");
      return;
    }
    Table table =
        new Table(
            "patients of",
            "silo",
            "cap",
            "spent",
            "held back",
            "left",
            "of the cap",
            "if fixed",
            "jobs of epsilon 1 left",
            "over time");
    for (JsonNode a : accounts) {
      double cap = number(a, "rhoCap");
      double spent = number(a, "rhoSpent");
      double reserved = number(a, "rhoReserved");
      table.row(
          String.join(",", names(a.path("datasets"))),
          a.path("silo").asText(),
          "epsilon " + a.path("epsilonCap").asText() + " at " + a.path("delta").asText(),
          rho(spent),
          rho(reserved),
          rho(number(a, "rhoLeft")),
          bar((spent + reserved) / cap),
          String.format(Locale.ROOT, "%.3f", number(a, "epsilonIfFixedInAdvance")),
          a.path("jobsOfEpsilonOneLeft").asText(),
          sparkline(a.path("history"), cap));
    }
    table.print(output.terminal());
    Terminal terminal = output.terminal();
    terminal.line("");
    terminal.line(
        "spent, held back and left are rho at Renyi order "
            + accounts.getFirst().path("order").asText());
  }

  static double number(JsonNode account, String field) {
    return Double.parseDouble(account.path(field).asText("0"));
  }

  private static String rho(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String bar(double part) {
    int filled = (int) Math.ceil(Math.clamp(part, 0, 1) * BAR);
    return "#".repeat(filled)
        + ".".repeat(BAR - filled)
        + String.format(Locale.ROOT, " %5.1f %%", 100 * part);
  }

  /** The running total after each job, as a part of the cap, in eight steps. */
  static String sparkline(JsonNode history, double cap) {
    String steps = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    StringBuilder out = new StringBuilder();
    int skip = Math.max(0, history.size() - BAR);
    for (int i = skip; i < history.size(); i++) {
      double part = number(history.get(i), "rhoTotal") / cap;
      out.append(steps.charAt((int) Math.clamp(Math.ceil(part * 8) - 1, 0, 7)));
    }
    return out.toString();
  }
}
