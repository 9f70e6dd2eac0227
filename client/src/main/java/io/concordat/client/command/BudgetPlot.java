package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Spend over time as a picture: one panel a person column, one line for the silos that spent alike,
 * the cap at the top.
 */
final class BudgetPlot {
  private static final int WIDTH = 760;
  private static final int PANEL = 240;
  private static final int LEFT = 60;
  private static final int RIGHT = 170;
  private static final int TOP = 34;
  private static final int FLOOR = 190;
  private static final List<String> COLOURS =
      List.of("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#b9770e", "#444444");

  private BudgetPlot() {}

  static String svg(List<JsonNode> accounts) {
    Map<String, List<JsonNode>> panels = new LinkedHashMap<>();
    for (JsonNode account : accounts) {
      panels.computeIfAbsent(account.path("scope").asText(), _ -> new ArrayList<>()).add(account);
    }
    int height = Math.max(1, panels.size()) * PANEL;
    StringBuilder out =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
                .formatted(WIDTH, height, WIDTH, height));
    int y = 0;
    for (List<JsonNode> panel : panels.values()) {
      panel(panel, y, out);
      y += PANEL;
    }
    return out.append("</svg>\n").toString();
  }

  private static void panel(List<JsonNode> accounts, int y, StringBuilder out) {
    JsonNode first = accounts.getFirst();
    text(
        out,
        LEFT,
        y + 18,
        "patients of "
            + first.path("datasets").valueStream().map(JsonNode::asText).toList()
            + ": rho at order "
            + first.path("order").asText()
            + ", cap epsilon "
            + first.path("epsilonCap").asText()
            + " at delta "
            + first.path("delta").asText());
    axis(first, y, out);
    List<Instant> times = new ArrayList<>();
    Map<List<List<String>>, List<String>> lines = new LinkedHashMap<>();
    for (JsonNode account : accounts) {
      List<List<String>> line = new ArrayList<>();
      for (JsonNode spend : account.path("history")) {
        String time = spend.path("time").asText();
        String until = spend.path("until").asText(time);
        times.add(Instant.parse(time));
        times.add(Instant.parse(until));
        line.add(List.of(time, until, spend.path("rhoTotal").asText()));
      }
      lines.computeIfAbsent(line, _ -> new ArrayList<>()).add(account.path("silo").asText());
    }
    if (times.isEmpty()) {
      text(out, LEFT + 10, y + (TOP + FLOOR) / 2, "nothing spent");
      return;
    }
    Instant from = times.stream().min(Instant::compareTo).orElseThrow();
    Instant to = times.stream().max(Instant::compareTo).orElseThrow();
    text(out, LEFT, y + FLOOR + 18, from.toString());
    text(out, WIDTH - RIGHT - 140, y + FLOOR + 18, to.toString());
    double cap = BudgetCommand.number(first, "rhoCap");
    int number = 0;
    for (Map.Entry<List<List<String>>, List<String>> line : lines.entrySet()) {
      String colour = COLOURS.get(number % COLOURS.size());
      out.append("<path fill=\"none\" stroke-width=\"2\" stroke=\"")
          .append(colour)
          .append("\" d=\"")
          .append(path(line.getKey(), from, to, cap, y))
          .append("\"/>\n");
      out.append(
          "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>\n"
              .formatted(WIDTH - RIGHT + 12, y + TOP + 18 * number, colour));
      text(out, WIDTH - RIGHT + 28, y + TOP + 9 + 18 * number, String.join(", ", line.getValue()));
      number++;
    }
  }

  private static void axis(JsonNode account, int y, StringBuilder out) {
    double cap = BudgetCommand.number(account, "rhoCap");
    for (int quarter = 0; quarter <= 4; quarter++) {
      double height = y + FLOOR - (FLOOR - TOP) * quarter / 4.0;
      out.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
              LEFT,
              WIDTH - RIGHT,
              height,
              height,
              quarter == 4 ? "#c0392b" : "#dddddd"));
      text(out, 8, (int) height + 4, String.format(Locale.ROOT, "%.3f", cap * quarter / 4.0));
    }
  }

  /** A rise while a job's rounds are charged, held until the next. */
  private static String path(List<List<String>> line, Instant from, Instant to, double cap, int y) {
    double width = WIDTH - RIGHT - LEFT;
    double span = Math.max(1, Duration.between(from, to).toMillis());
    StringBuilder out = new StringBuilder("M%d %d".formatted(LEFT, y + FLOOR));
    for (List<String> point : line) {
      double begin = LEFT + width * millis(from, point.get(0)) / span;
      double end = LEFT + width * millis(from, point.get(1)) / span;
      double height = y + FLOOR - (FLOOR - TOP) * Double.parseDouble(point.get(2)) / cap;
      out.append(String.format(Locale.ROOT, " H%.1f L%.1f %.1f", begin, end, height));
    }
    return out.append(" H").append(WIDTH - RIGHT).toString();
  }

  private static long millis(Instant from, String time) {
    return Duration.between(from, Instant.parse(time)).toMillis();
  }

  private static void text(StringBuilder out, int x, int y, String words) {
    out.append("<text x=\"%d\" y=\"%d\">".formatted(x, y))
        .append(words.replace("&", "&amp;").replace("<", "&lt;"))
        .append("</text>\n");
  }
}
