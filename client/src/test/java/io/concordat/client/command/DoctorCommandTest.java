package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concordat doctor} in a process of its own: the kernel is chosen once in a process. */
class DoctorCommandTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void makeConfigurationFolder() throws IOException {
    Files.createDirectories(folder.resolve("config"));
  }

  private record Run(int status, String text) {}

  private Run doctor(String... javaOptions) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(javaOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(Concordat.class.getName(), "doctor", "--json", "--home", folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("CONCORDAT_KERNEL");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text);
  }

  /** As on a machine whose temporary folder may not hold programs. */
  private String noCKernel() {
    return "-Dio.concordat.native.folder=" + folder.resolve("missing");
  }

  @Test
  void takesTheVectorKernelWhereNoCKernelOpensAndSaysWhyNot() throws Exception {
    assertThat(doctor(noCKernel(), "--add-modules", "jdk.incubator.vector").text())
        .contains("ring kernel vector; not native-ifma: the library cannot be unpacked");
  }

  @Test
  void saysHowServicesGetTheVectorKernelWhereItIsTheBest() throws Exception {
    assertThat(doctor(noCKernel()).text())
        .contains("ring kernel vector, by starting Java with --add-modules jdk.incubator.vector");
  }

  @Test
  void takesTheKernelThatTheHomeNames() throws Exception {
    Files.writeString(folder.resolve("config/application.yaml"), "concordat:\n  kernel: scalar\n");
    assertThat(doctor().text()).contains("ring kernel scalar, fixed by concordat.kernel");
  }

  @Test
  void refusesAHomeThatNamesAKernelThereIsNot() throws Exception {
    Files.writeString(folder.resolve("config/application.yaml"), "concordat.kernel: quantum\n");
    Run run = doctor();
    assertThat(run.text()).contains("no ring kernel quantum; there are: ");
    assertThat(run.status()).isEqualTo(3);
  }
}
