package io.concordat.bench.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountantBenchTest {
  /** Answers the first setting only, as a Python without the second library would. */
  private static final String STAND_IN =
      """
      #!/bin/sh
      cat > /dev/null
      echo "versions dp-accounting=9.9"
      echo "dp-accounting-pld every-patient 1000.0 1.0"
      """;

  @TempDir Path folder;

  @Test
  void peersThatAnswerAreComparedAndThoseThatDoNotStayEmpty() throws Exception {
    Path python = Files.writeString(folder.resolve("python"), STAND_IN);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    AccountantBench.main(new String[] {python.toString(), folder.toString()});
    String page = Files.readString(folder.resolve("README.md"));
    assertThat(page)
        .contains("dp-accounting 9.9")
        .containsPattern(
            "every-patient \\| PLD \\| [0-9.]+ \\| 1\\.0000. \\| dp-accounting-pld \\| 1000000\\.00")
        .containsPattern(
            "silo-batches \\| RDP \\| [0-9.]+ \\| 2\\.1899. \\| dp-accounting-rdp \\| \\| \\|");
  }
}
