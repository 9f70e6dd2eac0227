package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./concordat native} on machines where something is missing: it says so before anything is
 * built, since a build takes minutes.
 */
class NativeBuildTest {
  private static final Path LAUNCHER = Path.of("").toAbsolutePath().resolveSibling("concordat");

  private static final int DONE = 0;
  private static final int USAGE = 2;
  private static final int MISSING = 3;

  @TempDir Path folder;

  private Path programs;
  private Path graal;

  /** A machine with a compiler and without a container engine. */
  @BeforeEach
  void machine() throws IOException {
    programs = Files.createDirectory(folder.resolve("programs"));
    graal = folder.resolve("graal");
    program("docker", "exit 1");
    program("podman", "exit 1");
    program("gcc", "cat > /dev/null");
  }

  private void program(String name, String does) throws IOException {
    script(programs.resolve(name), does);
  }

  private void nativeImage(String says) throws IOException {
    Files.createDirectories(graal.resolve("bin"));
    script(graal.resolve("bin/native-image"), "echo '" + says + "'");
  }

  private static void script(Path file, String does) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Run(int status, String text) {}

  private Run run(@Nullable Path home, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "native"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    builder.environment().remove("GRAALVM_HOME");
    if (home != null) {
      builder.environment().put("GRAALVM_HOME", home.toString());
    }
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text);
  }

  @Test
  void saysWhatToGetWhereNothingBuildsExecutables() throws Exception {
    Run run = run(null);
    assertThat(run.status).as(run.text).isEqualTo(MISSING);
    assertThat(run.text)
        .contains("nothing here builds native executables")
        .contains("set GRAALVM_HOME to a GraalVM 25 (graalvm.org) or Mandrel 25")
        .contains("or install docker or podman")
        .doesNotContain("building");
  }

  @Test
  void saysSoIfGraalvmHomeIsNone() throws Exception {
    Run run = run(folder);
    assertThat(run.status).as(run.text).isEqualTo(MISSING);
    assertThat(run.text)
        .contains("GRAALVM_HOME is " + folder + ", and there is no bin/native-image in it");
  }

  @Test
  void refusesAnotherReleaseOfGraalvm() throws Exception {
    nativeImage("native-image 21.0.2 2024-01-16");
    Run run = run(graal);
    assertThat(run.status).as(run.text).isEqualTo(MISSING);
    assertThat(run.text).contains("says 'native-image 21.0.2 2024-01-16'; version 25 is needed");
  }

  @Test
  void namesThePackageOfMissingHeaders() throws Exception {
    nativeImage("native-image 25.0.2 2026-01-20");
    program("gcc", "exit 1");
    Run run = run(graal);
    assertThat(run.status).as(run.text).isEqualTo(MISSING);
    assertThat(run.text)
        .contains("zlib's headers are missing")
        .contains("apt-get install zlib1g-dev");
  }

  @Test
  void looksOnlyWhereAskedTo() throws Exception {
    nativeImage("native-image 25.0.2 2026-01-20");
    Run run = run(graal, "--check");
    assertThat(run.status).as(run.text).isEqualTo(DONE);
    assertThat(run.text)
        .contains("can be built here, with native-image 25.0.2")
        .doesNotContain("building");
    program("docker", "exit 0");
    assertThat(run(null, "--check").text).contains("can be built here, with docker");
  }

  @Test
  void refusesProgramsThatThereAreNot() throws Exception {
    assertThat(run(null, "--only", "everything").status).isEqualTo(USAGE);
    Run unknown = run(null, "--fast");
    assertThat(unknown.status).isEqualTo(USAGE);
    assertThat(unknown.text).contains("unknown option --fast").contains("Examples:");
  }
}
