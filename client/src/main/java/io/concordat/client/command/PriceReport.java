package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A dry run in words. */
final class PriceReport {
  private PriceReport() {}

  static void print(JsonNode price, Terminal terminal) {
    boolean allowed = price.path("allowed").asBoolean();
    terminal.line(
        (allowed ? terminal.good("allowed") : terminal.bad("refused"))
            + "  "
            + price.path("name").asText()
            + " on "
            + price.path("dataset").asText()
            + " ("
            + price.path("kind").asText()
            + ")");
    for (JsonNode refusal : price.path("refusals")) {
      String silo = refusal.has("silo") ? " at " + refusal.path("silo").asText() : "";
      String where = refusal.has("where") ? refusal.path("where").asText() + ": " : "";
      terminal.line(
          "  "
              + where
              + refusal.path("detail").asText()
              + " ["
              + refusal.path("code").asText()
              + silo
              + "]");
    }
    for (JsonNode refusal : price.path("staysOut")) {
      String where = refusal.has("where") ? refusal.path("where").asText() + ": " : "";
      terminal.line(
          "  "
              + refusal.path("silo").asText()
              + " stays out by its own overlay: "
              + where
              + refusal.path("detail").asText()
              + " ["
              + refusal.path("rule").asText()
              + " at "
              + refusal.path("silo").asText()
              + "]");
    }
    if (!price.has("rounds")) {
      return;
    }
    hands(price.path("decidedByHand"), "jobs", "the job starts", terminal);
    hands(price.path("decidedByHand"), "releases", "its result is opened", terminal);
    line(terminal, "rounds", price.path("rounds").asText());
    if (price.path("noised").asBoolean()) {
      line(
          terminal,
          "epsilon",
          figure(price, "epsilon")
              + " at delta "
              + price.path("delta").asText()
              + ", if all but the policy's colluders are honest");
      line(
          terminal,
          "epsilon, own share",
          figure(price, "ownShareEpsilon") + ", if everybody else colludes and can open");
      for (JsonNode part : price.path("parts")) {
        line(
            terminal,
            "  " + part.path("kind").asText(),
            String.format(
                Locale.ROOT,
                "%s round(s), noise multiplier %s, alone epsilon %s",
                part.path("rounds").asText(),
                part.path("noiseMultiplier").asText(),
                figure(part, "epsilonAlone")));
      }
    } else {
      line(terminal, "epsilon", "not bounded: the dataset's policy says privacy: none");
    }
    line(
        terminal,
        "bytes per silo",
        price.path("bytesPerSilo").asText()
            + ", at most "
            + price.path("bytesPerSiloAndRound").asText()
            + " a round");
    JsonNode expected = price.path("expected");
    line(
        terminal,
        "expected minutes",
        expected.path("minutes").asText()
            + (expected.path("basis").asText().equals("measured")
                ? " (from "
                    + expected.path("measuredRounds").asText()
                    + " rounds of this federation)"
                : " (an estimate: nothing has been measured here yet)"));
    if (price.has("budget") && !price.path("budget").isEmpty()) {
      Table table =
          new Table(
              "silo", "cap", "taken", "this job", "left after", "jobs of epsilon 1 left after");
      for (JsonNode silo : price.path("budget")) {
        table.row(
            silo.path("silo").asText(),
            figure(silo, "rhoCap"),
            figure(silo, "rhoTaken"),
            figure(silo, "rhoPrice"),
            figure(silo, "rhoLeftAfter"),
            silo.path("jobsOfEpsilonOneLeftAfter").asText());
      }
      table.print(terminal);
    }
  }

  private static void hands(JsonNode byHand, String what, String before, Terminal terminal) {
    List<String> silos = new ArrayList<>();
    byHand.path(what).forEach(silo -> silos.add(silo.asText()));
    if (!silos.isEmpty()) {
      terminal.line("  before " + before + ", officers decide at " + String.join(", ", silos));
    }
  }

  private static void line(Terminal terminal, String name, String value) {
    terminal.line(String.format(Locale.ROOT, "%-20s %s", name, value));
  }

  private static String figure(JsonNode object, String field) {
    return String.format(Locale.ROOT, "%.4f", Double.parseDouble(object.path(field).asText("0")));
  }
}
