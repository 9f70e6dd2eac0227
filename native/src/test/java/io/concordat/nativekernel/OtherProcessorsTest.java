package io.concordat.nativekernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/**
 * The portable kernel compiled for other processors, run under an emulator and compared with the
 * scalar Java kernel bit for bit. Needs, on Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross,
 * qemu-user.
 */
final class OtherProcessorsTest {
  private static final long SEED = Long.getLong("concordat.seed", 20_261_122);

  @TempDir Path folder;

  /** How to compile for a processor, and what runs its programs here. */
  enum Processor {
    THIS("cc", List.of()),
    AARCH64("aarch64-linux-gnu-gcc", List.of("qemu-aarch64"));

    private final String compiler;
    private final List<String> emulator;

    Processor(String compiler, List<String> emulator) {
      this.compiler = compiler;
      this.emulator = emulator;
    }
  }

  private record Run(int status, String text) {}

  @ParameterizedTest
  @EnumSource
  void givesTheBitsOfTheScalarKernel(Processor processor) throws Exception {
    RecordedCalls calls = new RecordedCalls(SEED);
    Run run = replay(processor, calls.file());
    assertThat(run.text())
        .as("seed %d", SEED)
        .endsWith(": " + calls.size() + " calls, 0 differ\n")
        .startsWith(processor == Processor.AARCH64 ? "aarch64: " : "");
    assertThat(run.status()).isZero();
    System.err.println("ring kernel native, replayed on " + run.text().strip());
  }

  @ParameterizedTest
  @EnumSource
  void noticesOneWrongBitInEachOperation(Processor processor) throws Exception {
    Run run = replay(processor, new RecordedCalls(SEED).fileWithOneWrongBitForEachOperation());
    for (RecordedCalls.Operation operation : RecordedCalls.Operation.values()) {
      assertThat(run.text())
          .contains("differs: " + operation.name().toLowerCase(Locale.ROOT) + ",");
    }
    assertThat(run.status()).isEqualTo(1);
  }

  private Run replay(Processor processor, byte[] calls) throws Exception {
    for (String tool : processor.emulator) {
      orSkipped(processor, tool);
    }
    orSkipped(processor, processor.compiler);
    Path program = folder.resolve("replay");
    List<String> compile = new ArrayList<>();
    compile.addAll(List.of(processor.compiler, "-std=c11", "-O3", "-static"));
    compile.addAll(List.of("-Wall", "-Wextra", "-Werror", "-I", "src/main/c"));
    compile.addAll(List.of("-o", program.toString(), "src/test/c/replay.c"));
    compile.addAll(List.of("src/main/c/portable.c", "src/main/c/words.c"));
    Run built = run(compile);
    if (built.status() != 0 && built.text().contains("stdio.h")) {
      throw skipped(processor, "its C library is not installed");
    }
    assertThat(built.status()).as(built.text()).isZero();
    Path file = Files.write(folder.resolve("calls"), calls);
    List<String> command = new ArrayList<>(processor.emulator);
    command.addAll(List.of(program.toString(), file.toString()));
    return run(command);
  }

  private static void orSkipped(Processor processor, String tool) {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
    if (!there) {
      throw skipped(processor, "there is no " + tool);
    }
  }

  private static TestAbortedException skipped(Processor processor, String reason) {
    String notice = "NOT TESTED: ring kernel native on " + processor + ": " + reason;
    System.err.println(notice);
    return new TestAbortedException(notice);
  }

  private static Run run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text);
  }
}
