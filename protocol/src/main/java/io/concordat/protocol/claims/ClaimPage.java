package io.concordat.protocol.claims;

import io.concordat.protocol.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claim sheet as one page of HTML: no script, no picture, nothing fetched, fit for printing and
 * for a file. Every member of the sheet stands on it, with its name.
 */
public final class ClaimPage {
  /** Headings, in the order of the page; a member without one goes to the end. */
  private static final Map<String, String> HEADINGS =
      Map.ofEntries(
          Map.entry("privacy", "What is claimed"),
          Map.entry("unit", "Who is protected, against what"),
          Map.entry("noise", "How"),
          Map.entry("budget", "The budget before and after"),
          Map.entry("participants", "Who took part"),
          Map.entry("attestation", "Noise, measured"),
          Map.entry("audit", "Attack, measured"),
          Map.entry("annex", "Annex: what this run's cohorts would give"),
          Map.entry("utility", "Use"),
          Map.entry("public", "What is public"),
          Map.entry("assumptions", "What it stands on"),
          Map.entry("sideOutputs", "What else leaves a silo"),
          Map.entry("notPromised", "What is not promised"),
          Map.entry("implementation", "Implementation"));

  private static final List<String> ORDER =
      List.of(
          "privacy",
          "unit",
          "noise",
          "budget",
          "participants",
          "attestation",
          "audit",
          "annex",
          "utility",
          "public",
          "assumptions",
          "sideOutputs",
          "notPromised",
          "implementation");

  private static final String STYLE =
      "body{font:15px/1.45 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111}"
          + "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
          + "padding:.25rem .6rem;border-bottom:1px solid #ccc}th{width:16rem;font-weight:600}"
          + "h2{margin-top:1.6rem;font-size:1.1rem}.claim{font-size:1.4rem;margin:.6rem 0}"
          + "@media print{body{margin:0;font-size:11px}h2{break-after:avoid}}";

  private ClaimPage() {}

  /**
   * The page.
   *
   * @param sheet a {@code claims/1}
   */
  public static String html(JsonObject sheet) {
    StringBuilder out = new StringBuilder(1 << 14);
    Map<String, Object> members = sheet.members();
    String name = String.valueOf(members.get("name"));
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped("Privacy claim: " + name))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(escaped(name))
        .append("</h1>\n<p class=\"claim\">")
        .append(escaped(claim(members)))
        .append("</p>\n<table>\n");
    members.forEach((key, value) -> {
      if (!ORDER.contains(key) && (value instanceof String || value instanceof Long)) {
        row(out, key, value);
      }
    });
    if (members.get("policy") instanceof Map<?, ?> policy) {
      policy.forEach((key, value) -> row(out, "policy " + key, value));
    }
    out.append("</table>\n");
    for (String part : ORDER) {
      Object value = members.get(part);
      if (value != null) {
        out.append("<h2>").append(escaped(HEADINGS.getOrDefault(part, part))).append("</h2>\n");
        value(out, value);
      }
    }
    out.append(
        "<p>Every number follows from the federation's signed log; <code>concordat audit"
            + " verify</code> computes each again from an exported pack.</p>\n</body></html>\n");
    return out.toString();
  }

  private static String claim(Map<String, Object> members) {
    if (members.get("privacy") instanceof Map<?, ?> privacy
        && privacy.get("delta") instanceof String delta) {
      return "epsilon "
          + rounded(privacy.get("epsilon"))
          + " at delta "
          + delta
          + "; own share only: epsilon "
          + rounded(privacy.get("epsilonOwnShare"));
    }
    return "epsilon: not bounded";
  }

  /** Up, so that a claim is never smaller than it is. */
  private static String rounded(@Nullable Object decimal) {
    return new BigDecimal(String.valueOf(decimal))
        .setScale(4, RoundingMode.CEILING)
        .toPlainString();
  }

  private static void value(StringBuilder out, Object value) {
    switch (value) {
      case Map<?, ?> object -> {
        out.append("<table>\n");
        object.forEach((key, member) -> row(out, String.valueOf(key), member));
        out.append("</table>\n");
      }
      case List<?> list when list.stream().allMatch(Map.class::isInstance) && !list.isEmpty() ->
          grid(out, list);
      case List<?> list -> {
        out.append("<ul>");
        list.forEach(
            item -> out.append("<li>").append(escaped(String.valueOf(item))).append("</li>"));
        out.append("</ul>\n");
      }
      default -> out.append(escaped(String.valueOf(value)));
    }
  }

  /** A list of objects of the same members. */
  private static void grid(StringBuilder out, List<?> rows) {
    out.append("<table><tr>");
    Map<?, ?> first = (Map<?, ?>) rows.getFirst();
    first.keySet().forEach(key -> out.append("<td><b>").append(words(key)).append("</b></td>"));
    out.append("</tr>\n");
    for (Object row : rows) {
      out.append("<tr>");
      ((Map<?, ?>) row)
          .values()
          .forEach(
              cell -> out.append("<td>").append(escaped(String.valueOf(cell))).append("</td>"));
      out.append("</tr>\n");
    }
    out.append("</table>\n");
  }

  private static void row(StringBuilder out, String key, Object value) {
    out.append("<tr><th>").append(words(key)).append("</th><td>");
    value(out, value);
    out.append("</td></tr>\n");
  }

  /** {@code epsilonOwnShare} as "epsilon own share". */
  private static String words(Object key) {
    return escaped(
        String.valueOf(key).replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
