package io.concordat.homes.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.homes.enrolment.NodeCertificateFiles;
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

/** A node's keys behind and in Debian's SoftHSM2. */
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
    return java(WrappingProcess.class, arguments);
  }

  private String java(Class<?> program, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  @Test
  void aNodeKeyOpensWithTheTokenOnly() throws Exception {
    Path home = folder.resolve("home");
    String key = new SiloInit(home, new SystemRandomness()).nodeKey("charite").classic().toString();
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

  private String node(String step, Path home, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(step, home.toString()));
    arguments.addAll(List.of(more));
    return java(HoldingProcess.class, arguments.toArray(String[]::new));
  }

  private int keysInTheToken() throws Exception {
    // A token's private objects are files of the folder; each key has its certificate beside it.
    try (var files = Files.walk(folder.resolve("tokens"))) {
      return (int)
              files
                  .filter(f -> f.toString().endsWith(".object") && !f.endsWith("token.object"))
                  .count()
          / 2;
    }
  }

  private static String fingerprint(String said, String after) {
    return said.lines()
        .filter(line -> line.startsWith(after))
        .findFirst()
        .orElseThrow(() -> new AssertionError(said))
        .replaceFirst(".* ", "");
  }

  @Test
  void aTlsKeyMadeInTheTokenAsksForItsCertificateAndIsLetInByIt() throws Exception {
    Path home = folder.resolve("home");
    new SiloInit(home, new SystemRandomness()).nodeKey("charite");
    SiloHome silo = new SiloHome(home);
    String first = node("hold,ask", home, LIBRARY.toString(), "4711");
    assertThat(first).contains("due true\n");
    String asked = fingerprint(first, "asked");
    // A token draws a nonce for each signature, but what was sent once is what is sent again.
    assertThat("due true\n" + node("ask", home))
        .as("the same request, also later")
        .isEqualTo(first);
    assertThat(node("issue", home))
        .contains("held true " + asked)
        .contains("let in CN=charite " + asked + " as charite");
    assertThat(silo.home().tlsKeyStoreFile()).as("no key on the disk").doesNotExist();
    assertThat(Files.readString(silo.home().tlsHeldFile())).doesNotContain("PRIVATE");
    assertThat(node("dial", home)).as("after a restart").contains("let in CN=charite " + asked);
  }

  @Test
  void aRenewalMakesTheNextKeyInTheTokenAndDestroysTheLast() throws Exception {
    Path home = folder.resolve("home");
    new SiloInit(home, new SystemRandomness()).nodeKey("charite");
    String first = fingerprint(node("hold,issue", home, LIBRARY.toString(), "4711"), "held true");
    assertThat(keysInTheToken()).isEqualTo(1);
    String next = fingerprint(node("ask", home), "asked");
    assertThat(next).isNotEqualTo(first);
    assertThat(node("dial", home)).as("until it has come").contains("let in CN=charite " + first);
    assertThat(keysInTheToken()).isEqualTo(2);
    assertThat(node("issue", home)).contains("let in CN=charite " + next);
    assertThat(keysInTheToken()).isEqualTo(1);
  }

  @Test
  void aNodesKeyMovesIntoTheTokenAndBack() throws Exception {
    Path home = folder.resolve("home");
    new SiloInit(home, new SystemRandomness()).nodeKey("charite");
    SiloHome silo = new SiloHome(home);
    assertThat(node("issue", home)).contains("held false").contains("let in CN=charite");
    assertThat(node("hold,issue", home, LIBRARY.toString(), "4711"))
        .as("not at half-life, but the key is to move")
        .contains("due true")
        .contains("held true")
        .contains("let in CN=charite");
    assertThat(silo.home().tlsKeyStoreFile()).doesNotExist();
    assertThat(node("off,issue", home))
        .contains("due true")
        .contains("held false")
        .contains("let in CN=charite");
    assertThat(silo.home().tlsHeldFile()).doesNotExist();
    assertThat(keysInTheToken()).isZero();
  }

  @Test
  void withoutTheTokenAHeldKeyOpensNothing() throws Exception {
    Path home = folder.resolve("home");
    new SiloInit(home, new SystemRandomness()).nodeKey("charite");
    node("hold,issue", home, LIBRARY.toString(), "4711");
    // This process has no SoftHSM configuration of that token.
    assertThatThrownBy(
            () -> new NodeCertificateFiles(new SiloHome(home), new SystemRandomness()).current())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("token");
  }
}
