package io.concordat.nativekernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build goes on, after one plain line, on machines that cannot compile C. */
final class BuildScriptTest {
  @TempDir Path folder;

  @Test
  void goesOnWithoutCmake() throws Exception {
    assertThat(runWith("cat", "dirname", "mkdir"))
        .containsExactly(
            "concordat-native: no cmake found; C kernels are left out,"
                + " the Java kernels do the work");
  }

  @Test
  void goesOnWithoutCompiler() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cmake")), "cmake is not installed");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/make")), "make is not installed");
    assertThat(runWith("cat", "dirname", "mkdir", "uname", "cmake", "make"))
        .containsExactly(
            "concordat-native: no C compiler found; C kernels are left out,"
                + " the Java kernels do the work");
  }

  @Test
  void goesOnWithoutHeaders() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cmake")), "cmake is not installed");
    List<String> lines = run(folder, "cat", "dirname", "mkdir", "cmake");
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains("no include/jni.h in " + folder);
  }

  private List<String> runWith(String... tools) throws IOException, InterruptedException {
    return run(Path.of(System.getProperty("java.home")), tools);
  }

  /** Runs the script where only these programs exist; it must succeed and build nothing. */
  private List<String> run(Path jdk, String... tools) throws IOException, InterruptedException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : tools) {
      Path real = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(
          bin.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
    }
    Path output = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            Path.of("build.sh").toAbsolutePath().toString(),
            jdk.toString(),
            output.toString(),
            folder.resolve("work").toString());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    assertThat(output).doesNotExist();
    for (String tool : tools) {
      Files.delete(bin.resolve(tool));
    }
    return text.lines().toList();
  }
}
