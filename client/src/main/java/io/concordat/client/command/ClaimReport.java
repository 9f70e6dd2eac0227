package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import java.util.Locale;

/** The main points of a claim sheet on a screen; the page has all of them. */
final class ClaimReport {
  private ClaimReport() {}

  static void print(JsonNode sheet, Terminal terminal) {
    JsonNode privacy = sheet.path("privacy");
    terminal.line(terminal.bold(sheet.path("name").asText()) + "  " + sheet.path("job").asText());
    if (!privacy.path("bounded").asBoolean()) {
      terminal.line("epsilon: not bounded (" + privacy.path("reason").asText() + ")");
    } else {
      line(
          terminal,
          "epsilon",
          privacy.path("epsilon").asText() + " at delta " + privacy.path("delta").asText());
      line(terminal, "epsilon, own share", privacy.path("epsilonOwnShare").asText());
      JsonNode noise = sheet.path("attestation");
      line(
          terminal,
          "noise measured",
          noise.path("verdict").asText()
              + (noise.has("ratio") ? ", " + noise.path("ratio").asText() + " of promised" : "")
              + (noise.path("repetition").has("verdict")
                  ? "; " + noise.path("repetition").path("verdict").asText()
                  : ""));
      JsonNode audit = sheet.path("audit");
      line(
          terminal,
          "canary audit",
          audit.path("verdict").asText()
              + ": at least "
              + audit.path("lowerBound").asText()
              + ", could have shown "
              + audit.path("ceiling").asText());
      Table table = new Table("silo", "rho before", "of this job", "after", "cap");
      for (JsonNode silo : sheet.path("budget").path("silos")) {
        table.row(
            silo.path("silo").asText(),
            silo.path("rhoBefore").asText(),
            silo.path("rhoOfJob").asText(),
            silo.path("rhoAfter").asText(),
            sheet.path("budget").path("rhoCap").asText());
      }
      table.print(terminal);
    }
    line(
        terminal,
        "protected",
        sheet.path("unit").path("protected").asText()
            + ", "
            + sheet.path("unit").path("relation").asText());
    sheet.path("notPromised").forEach(n -> line(terminal, "not promised", n.asText()));
  }

  private static void line(Terminal terminal, String name, String value) {
    terminal.line(String.format(Locale.ROOT, "%-20s %s", name, value));
  }
}
