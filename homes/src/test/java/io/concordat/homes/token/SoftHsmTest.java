package io.concordat.homes.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node key behind Debian's SoftHSM2. */
class SoftHsmTest {
  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  @TempDir Path folder;

  private Path config;

  @BeforeEach
  void makeToken() throws Exception {
    if (!Files.exists(LIBRARY)) {
      String words =
          "NOT TESTED with a PKCS#11 token: SoftHSM2 is not installed (apt-get install softhsm2)";
      System.err.println("\n*** " + words + " ***\n");
      Assumptions.abort(words);
    }
    Path tokens = Files.createDirectory(folder.resolve("tokens"));
    config = folder.resolve("softhsm2.conf");
    Files.writeString(
        config, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    assertThat(
            run(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "concordat",
                "--pin",
                "4711",
                "--so-pin",
                "0815"))
        .contains("initialized");
  }

  private String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", config.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private String java(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WrappingProcess.class.getName()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  @Test
  void aNodeKeyOpensWithTheTokenOnly() throws Exception {
    Path home = folder.resolve("home");
    String key = new SiloInit(home, new SystemRandomness()).nodeKey("charite").toString();
    SiloHome silo = new SiloHome(home);
    String plain = Files.readString(silo.nodePasswordFile());
    assertThat(java("wrap", home.toString(), LIBRARY.toString(), "4711"))
        .contains("wrapped true")
        .contains("key " + key);
    assertThat(Files.readString(silo.nodePasswordFile()))
        .startsWith("pkcs11:")
        .doesNotContain(plain.strip());
    assertThat(java("read", home.toString())).as("after a restart").contains("key " + key);
    assertThat(java("wrap", home.toString(), LIBRARY.toString(), "4711"))
        .as("wrapped once")
        .contains("wrapped false")
        .contains("key " + key);
    assertThat(java("wrap", home.toString(), LIBRARY.toString(), "9999"))
        .as("a wrong PIN")
        .contains("does not open")
        .doesNotContain("key " + key);
  }

  @Test
  void withoutTheTokenTheHomeSaysWhatIsMissing() throws Exception {
    Path home = folder.resolve("home");
    new SiloInit(home, new SystemRandomness()).nodeKey("charite");
    java("wrap", home.toString(), LIBRARY.toString(), "4711");
    // This process has no SoftHSM configuration of that token.
    assertThatThrownBy(() -> SiloInit.readNodeKey(new SiloHome(home)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("token");
  }
}
