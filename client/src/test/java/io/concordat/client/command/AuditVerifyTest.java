package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.policies.PolicyTemplate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditVerifyTest {
  @TempDir Path folder;

  private final PrintStream before = System.out;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Path policy = Path.of("");

  @BeforeEach
  void writePolicy() throws IOException {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    policy = folder.resolve("policy.yaml");
    Files.writeString(policy, PolicyTemplate.Examples.text("hospital-consortium/policy.yaml"));
  }

  @AfterEach
  void restoreOutput() {
    System.setOut(before);
  }

  private int run(String... arguments) {
    return new CommandLine(new AuditCommand()).execute(arguments);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aPackThatDoesNotVerifyEndsWithFour() throws IOException {
    Path pack = Files.createDirectory(folder.resolve("pack"));
    int status = run("verify", pack.toString(), "--policy", policy.toString());
    assertThat(status).isEqualTo(ExitStatus.NOT_VERIFIED);
    assertThat(printed())
        .contains("passed      Your own copy of the policy reads")
        .contains("FAILED      The log's head is signed by the log")
        .contains("not in the pack: checkpoint")
        .contains("failed, 0 not checked");
  }

  @Test
  void jsonNamesEveryCheckWithItsOutcome() throws IOException {
    Path pack = Files.createDirectory(folder.resolve("pack"));
    int status = run("verify", pack.toString(), "--policy", policy.toString(), "--json");
    assertThat(status).isEqualTo(ExitStatus.NOT_VERIFIED);
    JsonNode tree = new ObjectMapper().readTree(printed());
    assertThat(tree.path("schema").asText()).isEqualTo("audit-verify/1");
    assertThat(tree.path("passed").asBoolean(true)).isFalse();
    assertThat(tree.path("failed").asInt()).isPositive();
    assertThat(tree.path("checks").findValuesAsText("outcome")).contains("PASSED", "FAILED");
  }

  @Test
  void whatFailedStaysFailedThoughTheUncheckedIsAccepted() throws IOException {
    Path pack = Files.createDirectory(folder.resolve("pack"));
    assertThat(
            run(
                "verify",
                pack.toString(),
                "--policy",
                policy.toString(),
                "--accept-unchecked",
                "--quiet"))
        .isEqualTo(ExitStatus.NOT_VERIFIED);
    assertThat(printed()).doesNotContain("Your own copy of the policy reads");
  }
}
