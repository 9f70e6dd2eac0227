package io.concordat.bench.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the program that native/ builds where it finds SEAL, and reads its figures. A second such
 * program, built with a SEAL that has Intel's HEXL inside, can be named beside it.
 */
final class SealPeer {
  private final String version;
  private final Map<String, Double> figures;

  private SealPeer(String version, Map<String, Double> figures) {
    this.version = version;
    this.figures = figures;
  }

  /** The peer's figures, or nothing where this build has no SEAL. */
  static Optional<SealPeer> measure(double seconds) throws IOException, InterruptedException {
    String processor = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String resource = "/META-INF/native/" + system + "-" + processor + "/concordat_seal_bench";
    Path folder = Files.createTempDirectory("concordat-bench-");
    Path program = folder.resolve("concordat_seal_bench");
    try (InputStream in = SealPeer.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      Files.copy(in, program);
      if (!program.toFile().setExecutable(true)) {
        throw new IOException(program + " cannot be made executable");
      }
      return Optional.of(run(program, seconds));
    } finally {
      Files.deleteIfExists(program);
      Files.deleteIfExists(folder);
    }
  }

  /** The figures of a program that lies outside this build. */
  static SealPeer run(Path program, double seconds) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(program.toString(), Double.toString(seconds))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("the SEAL peer ended with status " + status);
    }
    String version = "";
    Map<String, Double> figures = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 2);
      if (words[0].equals("version")) {
        version = words[1];
      } else {
        figures.put(words[0], Double.valueOf(words[1]));
      }
    }
    return new SealPeer(version, figures);
  }

  String version() {
    return version;
  }

  /** One of its figures: ckks-encrypt, bfv-bytes and so on. */
  double figure(String name) {
    Double value = figures.get(name);
    if (value == null) {
      throw new IllegalStateException("the SEAL peer printed no figure " + name);
    }
    return value;
  }
}
