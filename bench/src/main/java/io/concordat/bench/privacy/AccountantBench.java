package io.concordat.bench.privacy;

import io.concordat.bench.page.Section;
import io.concordat.privacy.accountant.Accountant;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.accountant.RdpAccountant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The accountants beside dp-accounting and prv-accountant: the same settings, the same run, each in
 * processor time of one thread, the median of calls after those that are not counted.
 */
public final class AccountantBench {
  private static final double DELTA = 1e-5;
  private static final int WARM_UP = 15;
  private static final int REPEATS = 9;

  private record Setting(String name, List<GaussianRound> rounds) {
    static Setting of(String name, GaussianRound... rounds) {
      return new Setting(name, List.of(rounds));
    }

    /** As the script reads it. */
    String line() {
      StringBuilder line = new StringBuilder(name);
      for (GaussianRound round : rounds) {
        line.append(' ').append(round.noiseMultiplier());
        line.append(' ').append(round.samplingRate()).append(' ').append(round.count());
      }
      return line.append('\n').toString();
    }
  }

  private static final List<Setting> SETTINGS =
      List.of(
          Setting.of("every-patient", new GaussianRound(1, 20.4336, 30)),
          Setting.of("silo-batches", new GaussianRound(0.05, 2.187, 400)),
          Setting.of("small-batches", new GaussianRound(0.01, 1, 1000)),
          Setting.of("mnist", new GaussianRound(0.0042666, 1.1, 14_062)),
          Setting.of(
              "training-and-evaluation",
              new GaussianRound(0.05, 3.9, 400),
              new GaussianRound(1, 10, 1)));

  private record Answer(double seconds, double epsilon) {}

  private AccountantBench() {}

  /**
   * Runs and prints.
   *
   * @param arguments the Python to compare with or {@code -}, then optionally the folder of
   *     README.md
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (Setting setting : SETTINGS) {
      answers.put("pld " + setting.name, timed(PldAccountant.standard(), setting));
      answers.put("rdp " + setting.name, timed(RdpAccountant.standard(), setting));
    }
    String versions = "not installed";
    if (!arguments[0].equals("-")) {
      versions = python(arguments[0], answers);
    }
    String table = table(answers);
    System.out.println(table);
    Optional<Path> readme =
        arguments.length > 1 ? Optional.of(Path.of(arguments[1])) : Optional.empty();
    if (readme.isPresent()) {
      new Section("accountants").write(readme.get().resolve("README.md"), page(versions, table));
    }
  }

  private static Answer timed(Accountant accountant, Setting setting) {
    double epsilon = 0;
    for (int i = 0; i < WARM_UP; i++) {
      epsilon = accountant.epsilon(setting.rounds, DELTA);
    }
    var threads = ManagementFactory.getThreadMXBean();
    double[] seconds = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      long start = threads.getCurrentThreadCpuTime();
      accountant.epsilon(setting.rounds, DELTA);
      seconds[i] = (threads.getCurrentThreadCpuTime() - start) * 1e-9;
    }
    Arrays.sort(seconds);
    return new Answer(seconds[REPEATS / 2], epsilon);
  }

  /** Asks the script; its lines are "library setting seconds epsilon", the first names versions. */
  private static String python(String interpreter, Map<String, Answer> answers)
      throws IOException, InterruptedException {
    byte[] script;
    try (InputStream in =
        Objects.requireNonNull(AccountantBench.class.getResourceAsStream("accountants.py"))) {
      script = in.readAllBytes();
    }
    Process process =
        new ProcessBuilder(interpreter, "-c", new String(script, StandardCharsets.UTF_8))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream out = process.getOutputStream()) {
      for (Setting setting : SETTINGS) {
        out.write(setting.line().getBytes(StandardCharsets.US_ASCII));
      }
    }
    String versions = "unknown";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("versions")) {
          versions =
              line.substring("versions ".length()).replace("=", " ").replace(" prv", ", prv");
        } else {
          answers.put(
              words[0] + " " + words[1],
              new Answer(Double.parseDouble(words[2]), Double.parseDouble(words[3])));
        }
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(interpreter + " ended with status " + status);
    }
    return versions;
  }

  private static String table(Map<String, Answer> answers) {
    StringBuilder out = new StringBuilder();
    out.append("| setting | accountant | ms | epsilon | peer | ms | epsilon | times faster |\n");
    out.append("| --- | --- | ---: | ---: | --- | ---: | ---: | ---: |\n");
    for (Setting setting : SETTINGS) {
      List<String[]> pairs = new ArrayList<>();
      pairs.add(new String[] {"pld", "dp-accounting-pld"});
      pairs.add(new String[] {"pld", "prv-accountant"});
      pairs.add(new String[] {"rdp", "dp-accounting-rdp"});
      for (String[] pair : pairs) {
        Answer own = Objects.requireNonNull(answers.get(pair[0] + " " + setting.name));
        Answer peer = answers.get(pair[1] + " " + setting.name);
        out.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.5f | %s | %s |%n",
                setting.name,
                pair[0].toUpperCase(Locale.ROOT),
                1e3 * own.seconds,
                own.epsilon,
                pair[1],
                peer == null
                    ? "| | "
                    : String.format(
                        Locale.ROOT,
                        "%.2f | %.5f | %.1f",
                        1e3 * peer.seconds,
                        peer.epsilon,
                        peer.seconds / own.seconds)));
      }
    }
    return out.toString();
  }

  private static String page(String versions, String table) {
    StringBuilder settings = new StringBuilder();
    for (Setting setting : SETTINGS) {
      List<String> words = new ArrayList<>();
      for (GaussianRound round : setting.rounds) {
        words.add(
            round.count()
                + " rounds at rate "
                + round.samplingRate()
                + " with multiplier "
                + round.noiseMultiplier());
      }
      settings.append("`").append(setting.name).append("`: ").append(String.join(" and ", words));
      settings.append(".\n");
    }
    return """
    ## What an epsilon costs in time

    Made by `concordat bench accountants --python PYTHON --readme bench`, PYTHON having dp-accounting and prv-accountant;
    every run replaces this section. Epsilon at delta 1e-5, processor time of one thread in milliseconds, medians of one run, after
    warming up; peers: VERSIONS (prv-accountant with eps_error 0.01, whose upper bound contains that error).
    An empty peer did not answer.

    SETTINGS
    """
            .replace("VERSIONS", versions)
            .replace("SETTINGS", settings.toString())
        + table;
  }
}
