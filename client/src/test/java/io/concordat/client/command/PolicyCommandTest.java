package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.LogKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
  private static final List<String> HOSPITALS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");

  @TempDir private Path folder;

  @Test
  void isInForceOnceEnoughInstitutionsHaveSignedAndNotBefore() throws Exception {
    Path policy = policy();
    assertThat(run("policy", "validate", policy.toString())).isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "verify", policy.toString())).isEqualTo(ExitStatus.REFUSED);
    // The same key again is no further institution.
    for (String hospital : List.of("cleveland", "budapest", "budapest")) {
      assertThat(sign(policy, hospital)).isEqualTo(ExitStatus.DONE);
      assertThat(run("policy", "verify", policy.toString())).isEqualTo(ExitStatus.REFUSED);
    }
    assertThat(sign(policy, "long-beach")).isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "verify", policy.toString())).isEqualTo(ExitStatus.DONE);
  }

  @Test
  void aSignatureWithoutItsMlDsaHalfCountsForNobody() throws Exception {
    Path policy = policy();
    sign(policy, "cleveland");
    sign(policy, "budapest");
    assertThat(sign(policy, "long-beach")).isEqualTo(ExitStatus.DONE);
    Path beside = policy.resolveSibling("policy.yaml.sig");
    String both = Files.readString(beside);
    String one = both.replaceFirst("\"mldsa\":\\{[^}]*},", "");
    assertThat(one).isNotEqualTo(both);
    Files.writeString(beside, one);
    assertThat(run("policy", "verify", policy.toString())).isEqualTo(ExitStatus.REFUSED);
  }

  @Test
  void countsTheInstitutionsOfTheVersionBeforeToo() throws Exception {
    Path one = policy();
    Files.writeString(
        one, Files.readString(one).replace("policyThreshold: 3", "policyThreshold: 4"));
    Path two = folder.resolve("policy-2.yaml");
    String second =
        Files.readString(one)
            .replace(
                "version: 1\n",
                "version: 2\npreviousSha256: " + Digests.sha256(Files.readAllBytes(one)) + "\n");
    // Version 2 asks for fewer signatures; those of version 1 are needed all the same.
    Files.writeString(two, second.replace("policyThreshold: 4", "policyThreshold: 3"));
    sign(two, "cleveland");
    sign(two, "budapest");
    sign(two, "zurich-basel");
    String after = one.toString();
    assertThat(run("policy", "verify", two.toString())).isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "verify", two.toString(), "--after", after))
        .isEqualTo(ExitStatus.REFUSED);
    sign(two, "long-beach");
    assertThat(run("policy", "verify", two.toString(), "--after", after))
        .isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "verify", one.toString(), "--after", two.toString()))
        .as("the other way round")
        .isEqualTo(ExitStatus.INVALID);
  }

  @Test
  void addsNoSignatureToThoseOfOtherBytes() throws Exception {
    Path policy = policy();
    sign(policy, "cleveland");
    Files.writeString(policy, Files.readString(policy) + "\n# one more line\n");
    assertThat(sign(policy, "budapest")).isEqualTo(ExitStatus.INVALID);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Path policy = policy();
    Files.writeString(policy, Files.readString(policy).replace("threshold: 3", "threshold: 2"));
    assertThat(run("policy", "validate", policy.toString())).isEqualTo(ExitStatus.INVALID);
    assertThat(sign(policy, "cleveland")).isEqualTo(ExitStatus.INVALID);
  }

  @Test
  void beginsAPolicyThatIsValidByItselfAndSaysWhatItPermits() {
    Path start = folder.resolve("start.yaml");
    assertThat(
            run(
                "policy",
                "init",
                "--federation",
                "cardio-eu",
                "--institution",
                "charite,mgh,ucl",
                "-o",
                start.toString()))
        .isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "validate", start.toString())).isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "explain", start.toString())).isEqualTo(ExitStatus.DONE);
    assertThat(run("policy", "explain", start.toString(), "--json")).isEqualTo(ExitStatus.DONE);
    // What is there is not written over.
    assertThat(
            run(
                "policy",
                "init",
                "--federation",
                "cardio-eu",
                "--institution",
                "charite,mgh",
                "-o",
                start.toString()))
        .isEqualTo(ExitStatus.INVALID);
  }

  private Path policy() throws Exception {
    Map<String, PublicKeys> officers = new TreeMap<>();
    Map<String, PublicKeys> nodes = new TreeMap<>();
    for (String hospital : HOSPITALS) {
      officers.put(
          hospital, SubmitterKeys.create(key(hospital), new SystemRandomness()).publicKeys());
      nodes.put(hospital, SigningKey.generate(new SystemRandomness()).publicKeys());
    }
    LogKeys log =
        LogKeys.of("concordat.example/cardio-demo", SigningKey.generate(new SystemRandomness()));
    Path policy = folder.resolve("policy.yaml");
    Files.write(
        policy,
        PolicyTemplate.demoConsortium()
            .fill(officers, nodes, log, Instant.parse("2026-11-22T00:00:00Z")));
    return policy;
  }

  private Path key(String hospital) {
    return folder.resolve(hospital + ".pem");
  }

  private int sign(Path policy, String hospital) {
    return run("policy", "sign", policy.toString(), "--key", key(hospital).toString(), "--quiet");
  }

  private static int run(String... arguments) {
    return Concordat.commandLine(Terminal.plain(System.out, System.err)).execute(arguments);
  }
}
