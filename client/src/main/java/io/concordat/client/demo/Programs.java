package io.concordat.client.demo;

import io.concordat.homes.Home;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.KernelSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the built services lie and how they are started.
 *
 * @param java the JDK's {@code java}
 * @param root the project's root folder
 * @param options further options of the virtual machine for the services
 */
public record Programs(Path java, Path root, List<String> options) {
  public Programs {
    options = List.copyOf(options);
  }

  /** The programs beside the running command line. */
  public static Programs ofThisProcess() throws IOException {
    String root = System.getProperty("concordat.root");
    if (root == null) {
      throw new IOException(
          "start the command line by the launcher: it says where the services lie (concordat.root)");
    }
    return new Programs(
        Path.of(System.getProperty("java.home"), "bin", "java"), Path.of(root), List.of());
  }

  /** The same with more options of the virtual machine. */
  public Programs with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new Programs(java, root, all);
  }

  /**
   * The same for services that live minutes: the compiler's first tier only. Five processes on two
   * cores otherwise spend more on the second tier than they ever win back; a service that runs for
   * weeks must have it.
   */
  public Programs brief() {
    return with("-XX:TieredStopAtLevel=1");
  }

  /** The command that runs a service of module {@code module} in a home. */
  public List<String> command(String module, Path home) throws IOException {
    Path jar = root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IOException(jar + " is missing: build the project first (./concordat build)");
    }
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
    Map<String, String> settings = HomeSettings.read(new Home(home).settingsFile());
    Optional<String> kernel = KernelSetting.named(settings, System.getenv());
    command.addAll(KernelSetting.javaOptions(kernel));
    // Services do not see this process's environment.
    kernel.ifPresent(name -> command.add("-D" + KernelSetting.KEY + "=" + name));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString(), "--home", home.toString()));
    return command;
  }

  /** Where PyTorch's native libraries are unpacked once for all nodes of this machine. */
  public Path engineCache() {
    return root.resolve(".concordat/cache/djl");
  }

  /**
   * Unpacks PyTorch's native libraries, some 430 MB, unless that was done before: four nodes doing
   * it at once would each wait for the disk.
   */
  void unpackEngine() throws IOException, InterruptedException {
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
