package io.concordat.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.bench.page.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The engine's figures on Java beside those of a native executable of the same program, taken one
 * after the other on one machine.
 */
public final class BesideNative {
  private BesideNative() {}

  /**
   * Writes the section.
   *
   * @param arguments Java's figures, the executable's figures, the folder of README.md
   */
  public static void main(String[] arguments) throws Exception {
    JsonNode java = new ObjectMapper().readTree(Path.of(arguments[0]).toFile());
    JsonNode executable = new ObjectMapper().readTree(Path.of(arguments[1]).toFile());
    new Section("native")
        .write(Path.of(arguments[2]).resolve("README.md"), markdown(java, executable));
  }

  static String markdown(JsonNode java, JsonNode executable) {
    StringBuilder out =
        new StringBuilder(
            """
            ## The engine in a native executable

            Made by `./concordat native --only bench`, then `concordat bench beside`: the program of `concordat bench engine` on Java
            and as an executable, processor time of one thread, medians of one short run on a busy machine: differences below a fifth mean nothing. The C kernel is the same in both. What is
            mostly SHA-256 (digest, fingerprint, adding, and part of opening) takes two to three times as long natively.

            """);
    out.append("Kernel on Java: `").append(java.path("kernel").asText());
    out.append("`, natively: `").append(executable.path("kernel").asText()).append("`.\n\n");
    out.append(
        "| figure | unit | Java | native | native is |\n| --- | --- | ---: | ---: | --- |\n");
    Map<String, JsonNode> beside = new LinkedHashMap<>();
    for (JsonNode figure : executable.path("figures")) {
      beside.put(figure.path("name").asText(), figure);
    }
    for (JsonNode figure : java.path("figures")) {
      String name = figure.path("name").asText();
      JsonNode other = beside.get(name);
      // The peers are programs of their own; they run natively in both.
      if (other != null && !name.contains("seal") && !name.contains("hexl")) {
        out.append(row(name, figure, other.path("value").asDouble()));
      }
    }
    return out.toString();
  }

  private static String row(String name, JsonNode figure, double natively) {
    double java = figure.path("value").asDouble();
    boolean rate = figure.path("unit").asText().endsWith("/s");
    double times = rate ? natively / java : java / natively;
    String words =
        figure.path("unit").asText().startsWith("bytes")
                || figure.path("unit").asText().equals("MB")
            ? "the same"
            : String.format(
                Locale.ROOT,
                "%.2f times %s",
                times >= 1 ? times : 1 / times,
                times >= 1 ? "faster" : "slower");
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s |\n",
        name,
        figure.path("unit").asText(),
        Report.number(java),
        Report.number(natively),
        words);
  }
}
