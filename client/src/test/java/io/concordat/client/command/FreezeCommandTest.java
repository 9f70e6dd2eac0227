package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Thaw;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreezeCommandTest {
  @TempDir private Path folder;

  private static int run(String... arguments) {
    return Concordat.commandLine(Terminal.plain(System.out, System.err)).execute(arguments);
  }

  private static SignedStatement read(Path file) throws Exception {
    return SignedStatement.read(CanonicalJson.parseObject(Files.readAllBytes(file)));
  }

  @Test
  void anOfficersKeySignsAFreezeAndAThaw() throws Exception {
    Path key = folder.resolve("officer.pem");
    VerifyingKey officer = SubmitterKeys.create(key, new SystemRandomness()).verifyingKey();
    Path freeze = folder.resolve("freeze.json");
    assertThat(
            run(
                "freeze",
                "create",
                "--key",
                key.toString(),
                "--institution",
                "ucl",
                "--reason",
                "a breach",
                "--number",
                "7",
                "-o",
                freeze.toString()))
        .isEqualTo(ExitStatus.DONE);
    assertThat(read(freeze).statement()).isEqualTo(new Freeze("ucl", 7, "a breach"));
    assertThat(read(freeze).signer()).isEqualTo(officer);
    Path thaw = folder.resolve("thaw.json");
    assertThat(
            run(
                "freeze",
                "thaw",
                "--key",
                key.toString(),
                "--institution",
                "ucl",
                "--freeze",
                "812",
                "--reason",
                "over",
                "--number",
                "8",
                "-o",
                thaw.toString()))
        .isEqualTo(ExitStatus.DONE);
    assertThat(read(thaw).statement()).isEqualTo(new Thaw("ucl", 8, 812, "over"));
  }

  @Test
  void aNodesKeySignsAndAHomeKeepsTheFileForItsNode() throws Exception {
    Path home = folder.resolve("ucl");
    VerifyingKey node = new SiloInit(home, new SystemRandomness()).nodeKey("ucl").classic();
    Path freeze = folder.resolve("freeze.json");
    assertThat(
            run(
                "freeze",
                "create",
                "--node-home",
                home.toString(),
                "--institution",
                "ucl",
                "--reason",
                "a breach",
                "-o",
                freeze.toString()))
        .isEqualTo(ExitStatus.DONE);
    assertThat(run("freeze", "apply", freeze.toString(), "--home", home.toString()))
        .isEqualTo(ExitStatus.DONE);
    try (Stream<Path> files = Files.list(new SiloHome(home).freezes())) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      assertThat(read(found.getFirst()).signer()).isEqualTo(node);
    }
  }

  @Test
  void whatIsNoSignedFreezeIsNotApplied() throws Exception {
    Path file = folder.resolve("freeze.json");
    Files.writeString(file, "{\"type\":\"freeze\"}");
    assertThat(run("freeze", "apply", file.toString(), "--home", folder.toString()))
        .isEqualTo(ExitStatus.INVALID);
  }
}
