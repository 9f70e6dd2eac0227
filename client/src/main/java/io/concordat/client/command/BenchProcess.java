package io.concordat.client.command;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A measurement in a process of its own, with the classes of the built tree: the command line's own
 * process is tuned to start fast and would measure that.
 */
final class BenchProcess {
  private final List<String> command = new ArrayList<>();

  private BenchProcess() {}

  /** One that runs this program. */
  static BenchProcess of(String program) throws IOException {
    return of(program, null);
  }

  /**
   * The same on a kernel of one's choice.
   *
   * @param kernel its name; null for the best
   */
  static BenchProcess of(String program, @Nullable String kernel) throws IOException {
    Path root = root();
    Path bench = root.resolve("bench/target");
    if (!Files.isDirectory(bench.resolve("classes"))) {
      throw new IOException(bench + " is missing: build the project first (./concordat build)");
    }
    BenchProcess process = new BenchProcess();
    process.command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (kernel != null) {
      process.command.add("-Dconcordat.kernel=" + kernel);
    }
    if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
      process.command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    process.command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx4g",
            "--enable-native-access=ALL-UNNAMED",
            "-Dconcordat.root=" + root,
            "-cp",
            String.join(
                ":",
                bench.resolve("classes").toString(),
                bench.resolve("lib") + "/*",
                root.resolve("e2e/target/classes").toString(),
                // Training on real records is the silo node's and the demo's code.
                root.resolve("client/target/classes").toString(),
                root.resolve("client/target/lib") + "/*",
                root.resolve("silo-node/target/quarkus-app/app") + "/*",
                root.resolve("silo-node/target/quarkus-app/lib/main") + "/*",
                root.resolve("silo-node/target/quarkus-app/lib/boot") + "/*"),
            program));
    return process;
  }

  private static Path root() {
    return Path.of(System.getProperty("concordat.root", ""));
  }

  /** Where the demo's records lie. */
  static String demoData() {
    return root().resolve("demo-data").toString();
  }

  /** Adds an argument as it is. */
  BenchProcess with(Object argument) {
    command.add(argument.toString());
    return this;
  }

  /** Adds an option, unless it has no value. */
  BenchProcess with(String option, @Nullable Object value) {
    if (value != null) {
      command.add(option);
      command.add(value.toString());
    }
    return this;
  }

  /** Runs it on this terminal and returns its exit status. */
  int run() throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
