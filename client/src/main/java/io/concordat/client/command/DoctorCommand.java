package io.concordat.client.command;

import io.concordat.client.terminal.Table;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.homes.Home;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.KernelSetting;
import io.concordat.homes.NativeProgram;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat doctor}: what this machine offers, and what it lacks. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Say what this machine has for running a node: Java, ring kernels, memory, disk.",
    footer = {"", "Example:", "  concordat doctor --home /var/lib/concordat"})
public final class DoctorCommand implements Callable<Integer> {
  private static final long MIB = 1 << 20;
  private static final long LEAST_MEMORY_MIB = 2048;
  private static final long LEAST_DISK_MIB = 4096;
  private static final int JAVA = 25;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "The folder a node would use (default: this one).")
  private Path home = Path.of("");

  @Mixin private Output output = new Output();

  /**
   * One thing looked at.
   *
   * @param good whether it is as it should be
   */
  private record Finding(String what, boolean good, String words) {}

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(memory());
    findings.add(disk(home.toAbsolutePath()));
    findings.add(temporaryFolder());
    findings.add(engine(home.toAbsolutePath()));
    boolean good = findings.stream().allMatch(Finding::good);
    if (output.json) {
      output.printJson(json(findings, good));
    } else {
      print(findings);
    }
    return good ? ExitStatus.DONE : ExitStatus.ENVIRONMENT;
  }

  private static Finding java() {
    if (NativeProgram.isThisProcess()) {
      return new Finding("java", true, "none needed: this is a native executable");
    }
    int feature = Runtime.version().feature();
    return new Finding(
        "java",
        feature >= JAVA,
        System.getProperty("java.vendor", "") + " " + Runtime.version() + ", needed: " + JAVA);
  }

  private static Finding memory() {
    long total = -1;
    if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      total = system.getTotalMemorySize() / MIB;
    }
    return new Finding(
        "memory",
        total < 0 || total >= LEAST_MEMORY_MIB,
        total < 0
            ? "this Java does not tell"
            : total
                + " MiB, "
                + Runtime.getRuntime().availableProcessors()
                + " processors; a node that trains takes up to "
                + LEAST_MEMORY_MIB
                + " MiB");
  }

  private static Finding disk(Path folder) throws IOException {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    FileStore store = Files.getFileStore(there);
    long free = store.getUsableSpace() / MIB;
    return new Finding(
        "disk",
        free >= LEAST_DISK_MIB,
        free + " MiB free at " + there + " (" + store.type() + "), wanted: " + LEAST_DISK_MIB);
  }

  private static Finding temporaryFolder() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    boolean good = Files.isDirectory(folder) && Files.isWritable(folder);
    return new Finding(
        "temporary folder", good, folder + (good ? "" : " cannot be written: no native library"));
  }

  /** The kernel that a node of this home takes: services are started with what it needs. */
  private static Finding engine(Path home) throws IOException {
    Map<String, String> settings = HomeSettings.read(new Home(home).settingsFile());
    Optional<String> named = KernelSetting.named(settings, System.getenv());
    List<String> options = KernelSetting.javaOptions(named);
    if (!options.isEmpty() && ModuleLayer.boot().findModule(options.getLast()).isEmpty()) {
      return new Finding(
          "engine", true, "ring kernel vector, by starting Java with " + String.join(" ", options));
    }
    return KernelSetting.fix(settings, System.getenv())
        .map(wrong -> new Finding("engine", false, wrong))
        .orElseGet(() -> new Finding("engine", true, RingKernels.description()));
  }

  private void print(List<Finding> findings) {
    Table table = new Table("what", "", "found");
    for (Finding finding : findings) {
      table.row(finding.what, finding.good ? "ok" : "NOT OK", finding.words);
    }
    table.print(output.terminal());
    output.say("");
    Table kernels = new Table("ring kernel", "", "why not");
    for (RingKernels.Offer offer : RingKernels.offers()) {
      kernels.row(offer.name(), state(offer), offer.reason());
    }
    kernels.print(output.terminal());
  }

  private static String state(RingKernels.Offer offer) {
    if (offer.kernel() == null) {
      return "no";
    }
    return offer.name().equals(RingKernels.best().name()) ? "in use" : "yes";
  }

  private static Map<String, Object> json(List<Finding> findings, boolean good) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", "doctor/1");
    root.put("ok", good);
    List<Map<String, Object>> items = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("what", finding.what);
      item.put("ok", finding.good);
      item.put("found", finding.words);
      items.add(item);
    }
    root.put("findings", items);
    List<Map<String, Object>> kernels = new ArrayList<>();
    for (RingKernels.Offer offer : RingKernels.offers()) {
      @Nullable Object reason = offer.kernel() == null ? offer.reason() : null;
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("name", offer.name());
      item.put("state", state(offer));
      if (reason != null) {
        item.put("reason", reason);
      }
      kernels.add(item);
    }
    root.put("kernels", kernels);
    return root;
  }
}
