package io.concordat.client.demo;

import io.concordat.homes.Home;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.KernelSetting;
import io.concordat.homes.NativeProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the built services lie and how they are started.
 *
 * @param form on Java, or as native executables
 * @param root the project's root folder
 * @param options further options for the services
 */
public record Programs(Form form, Path root, List<String> options) {
  private static final String FOLDER = "djl";

  /** What is started. */
  public sealed interface Form {
    /**
     * The services' jars.
     *
     * @param java the JDK's {@code java}
     */
    record Java(Path java) implements Form {}

    /**
     * Native executables, with what belongs beside them.
     *
     * @param folder what {@code ./concordat native} filled
     */
    record Executables(Path folder) implements Form {}
  }

  public Programs {
    options = List.copyOf(options);
  }

  /** The programs beside the running command line, of its own form. */
  public static Programs ofThisProcess() throws IOException {
    Optional<Path> executable = NativeProgram.executable();
    if (executable.isPresent()) {
      Path folder =
          Objects.requireNonNull(executable.get().toAbsolutePath().getParent(), "a file's folder");
      String root = System.getProperty("concordat.root", folder.toString());
      return new Programs(new Form.Executables(folder), Path.of(root), List.of());
    }
    return new Programs(
        new Form.Java(Path.of(System.getProperty("java.home"), "bin", "java")), given(), List.of());
  }

  /** The native executables of this project, whatever this command line runs on. */
  public static Programs executables() throws IOException {
    Programs here = ofThisProcess();
    return switch (here.form) {
      case Form.Executables _ -> here;
      case Form.Java _ ->
          new Programs(
              new Form.Executables(here.root.resolve(".concordat/native")), here.root, List.of());
    };
  }

  private static Path given() throws IOException {
    String root = System.getProperty("concordat.root");
    if (root == null) {
      throw new IOException(
          "start the command line by the launcher: it says where the services lie (concordat.root)");
    }
    return Path.of(root);
  }

  /** The same with more options; {@code -D} and {@code -Xmx} mean the same to both forms. */
  public Programs with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new Programs(form, root, all);
  }

  /**
   * The same for services that live minutes: the compiler's first tier only. Five processes on two
   * cores otherwise spend more on the second tier than they ever win back; a service that runs for
   * weeks must have it. An executable has no compiler.
   */
  public Programs brief() {
    return form instanceof Form.Java ? with("-XX:TieredStopAtLevel=1") : this;
  }

  /** The command that runs a service of module {@code module} in a home. */
  public List<String> command(String module, Path home) throws IOException {
    Map<String, String> settings = HomeSettings.read(new Home(home).settingsFile());
    Optional<String> kernel = KernelSetting.named(settings, System.getenv());
    List<String> command =
        switch (form) {
          case Form.Java(Path java) -> onJava(java, module, kernel);
          case Form.Executables(Path folder) -> List.of(executable(folder, module), "-Xmx768m");
        };
    command = new ArrayList<>(command);
    // Services do not see this process's environment.
    if (kernel.isPresent()) {
      command.add("-D" + KernelSetting.KEY + "=" + kernel.get());
    }
    command.addAll(options);
    if (form instanceof Form.Java) {
      command.addAll(List.of("-jar", jar(module).toString()));
    }
    command.addAll(List.of("--home", home.toString()));
    return command;
  }

  private static List<String> onJava(Path java, String module, Optional<String> kernel) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    // Several services may share a machine: few threads and little heap each.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx768m",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(KernelSetting.javaOptions(kernel));
    return command;
  }

  private Path jar(String module) throws IOException {
    Path jar = root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IOException(jar + " is missing: build the project first (./concordat build)");
    }
    return jar;
  }

  private static String executable(Path folder, String module) throws IOException {
    Path file =
        folder.resolve(module.equals("silo-node") ? "concordat-silo" : "concordat-" + module);
    if (!Files.isExecutable(file)) {
      throw new IOException(file + " is missing: build the executables first (./concordat native)");
    }
    return file.toString();
  }

  /** Where PyTorch's native libraries lie, unpacked once for all nodes of this machine. */
  public Path engineCache() {
    return switch (form) {
      case Form.Java _ -> root.resolve(".concordat/cache").resolve(FOLDER);
      case Form.Executables(Path folder) -> folder.resolve(FOLDER);
    };
  }

  /**
   * Unpacks PyTorch's native libraries, some 430 MB, unless that was done before: four nodes doing
   * it at once would each wait for the disk. Beside executables they lie unpacked.
   */
  void unpackEngine() throws IOException, InterruptedException {
    if (form instanceof Form.Java(Path java)) {
      unpackEngine(java);
    }
  }

  private void unpackEngine(Path java) throws IOException, InterruptedException {
    Path done = engineCache().resolveSibling("djl-unpacked");
    if (Files.exists(done)) {
      return;
    }
    Files.createDirectories(engineCache());
    Path app = root.resolve("silo-node/target/quarkus-app");
    Path log = engineCache().resolveSibling("djl-unpack.log");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                app.resolve("app")
                    + "/*:"
                    + app.resolve("lib/main")
                    + "/*:"
                    + app.resolve("lib/boot")
                    + "/*",
                "io.concordat.silonode.training.PyTorch",
                engineCache().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("PyTorch could not be unpacked; see " + log);
    }
    Files.writeString(done, "unpacked and loaded once\n");
  }
}
