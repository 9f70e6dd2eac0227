package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
          four(privacy.path("epsilon"), RoundingMode.CEILING)
              + " at delta "
              + privacy.path("delta").asText());
      line(
          terminal,
          "epsilon, own share",
          four(privacy.path("epsilonOwnShare"), RoundingMode.CEILING));
      JsonNode noise = sheet.path("attestation");
      line(
          terminal,
          "noise measured",
          noise.path("verdict").asText()
              + (noise.has("ratio")
                  ? ", " + four(noise.path("ratio"), RoundingMode.HALF_EVEN) + " of promised"
                  : "")
              + (noise.path("repetition").has("verdict")
                  ? "; " + noise.path("repetition").path("verdict").asText()
                  : ""));
      JsonNode audit = sheet.path("audit");
      line(
          terminal,
          "canary audit",
          audit.path("verdict").asText()
              + ": at least "
              + four(audit.path("lowerBound"), RoundingMode.FLOOR)
              + ", could have shown "
              + four(audit.path("ceiling"), RoundingMode.FLOOR));
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

  /** Four digits of a decimal; other words as they are. */
  private static String four(JsonNode value, RoundingMode mode) {
    String text = value.asText();
    return text.matches("[0-9]+([.][0-9]+)?")
        ? new BigDecimal(text).setScale(4, mode).toPlainString()
        : text;
  }

  private static void line(Terminal terminal, String name, String value) {
    terminal.line(String.format(Locale.ROOT, "%-20s %s", name, value));
  }
}
