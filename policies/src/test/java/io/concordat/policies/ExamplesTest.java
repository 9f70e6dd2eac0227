package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.LogKeys;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every example in the repository is what it says it is. */
class ExamplesTest {
  static final Path EXAMPLES = Path.of("examples");

  @ParameterizedTest
  @ValueSource(strings = {"hospital-consortium", "bank-consortium"})
  void exampleConsortiaAreAccepted(String name) throws IOException {
    Path file = EXAMPLES.resolve(name).resolve("policy.yaml");
    assertThat(PolicyReader.read(file.toString(), Files.readAllBytes(file)).refusals()).isEmpty();
  }

  @Test
  void theDemosTemplateBecomesAPolicyOnceItsKeysAreMade() throws Exception {
    Instant now = Instant.parse("2026-11-22T10:11:12.345Z");
    byte[] file = demoPolicy(now);
    Policy policy = PolicyReader.readInForce("policy.yaml", file, now).orThrow();
    assertThat(policy.digest()).isEqualTo(Digests.sha256(file));
    assertThat(policy.silos())
        .containsExactly("budapest", "cleveland", "long-beach", "zurich-basel");
    assertThat(policy.keyHolders().threshold()).isEqualTo(3);
    assertThat(policy.keyHolders().maxCorrupt()).isEqualTo(1);
    assertThat(policy.log().witnessQuorum()).isEqualTo(3);
    assertThat(policy.institution("cleveland").orElseThrow().nodeKey())
        .isEqualTo(key("node cleveland"));
    Dataset heart = policy.dataset("heart").orElseThrow();
    assertThat(heart.cap()).isPresent();
    assertThat(heart.label("disease")).isPresent();
    Dataset cells = policy.dataset("breast-cancer").orElseThrow();
    assertThat(cells.cap()).isEmpty();
    assertThat(cells.columns()).hasSize(33);
    assertThat(cells.budgetScope()).isNotEqualTo(heart.budgetScope());
  }

  @Test
  void aTemplateIsFilledWhollyOrNotAtAll() {
    PolicyTemplate template = PolicyTemplate.of("a: ${x}\nb: ${y.z}\n");
    assertThat(template.places()).containsExactly("x", "y.z");
    assertThat(new String(template.fill(Map.of("x", "1", "y.z", "2")), StandardCharsets.UTF_8))
        .isEqualTo("a: 1\nb: 2\n");
    for (Map<String, String> values :
        List.of(
            Map.of("x", "1"),
            Map.of("x", "1", "y.z", "2", "q", "3"),
            Map.of("x", "1\nroles: all", "y.z", "2"),
            Map.of("x", "${y.z}", "y.z", "2"),
            Map.of("x", "\"", "y.z", "2"))) {
      assertThatThrownBy(() -> template.fill(values)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @TestFactory
  Stream<DynamicTest> theDemosJobsAreAllowedByTheDemosPolicy() throws Exception {
    Instant now = Instant.parse("2026-11-22T00:00:00Z");
    Policy policy = PolicyReader.read("policy.yaml", demoPolicy(now)).orThrow();
    try (Stream<Path> files = Files.list(Path.of("..", "demo-data", "jobs"))) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  file.getFileName().toString(),
                  () -> {
                    byte[] bytes =
                        JobNonce.add(Files.readAllBytes(file), out -> Arrays.fill(out, (byte) 1));
                    JobSpecification job = JobReader.read(file.toString(), bytes).orThrow();
                    assertThat(JobChecker.check(job, policy)).isEmpty();
                  }));
    }
  }

  /** Each file's first line says what it must be refused for: {@code # refused: CODE at FIELD}. */
  @TestFactory
  Stream<DynamicTest> refusedExamplesAreRefusedForTheirStatedReasonAlone() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES.resolve("refused"))) {
      List<Path> sorted = files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(20);
      return sorted.stream()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> refused(f)));
    }
  }

  private static void refused(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String[] expected =
        new String(bytes, StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^# refused: ", "")
            .split(" at ", 2);
    Instant now = Instant.parse("2026-11-22T00:00:00Z");
    List<Refusal> refusals =
        PolicyReader.readInForce(file.getFileName().toString(), bytes, now).refusals();
    assertThat(refusals).as("%s", refusals).hasSize(1);
    Refusal refusal = refusals.getFirst();
    assertThat(refusal.code().text()).isEqualTo(expected[0]);
    assertThat(refusal.where().orElseThrow().file()).isEqualTo(file.getFileName().toString());
    assertThat(refusal.where().orElseThrow().field()).isEqualTo(expected[1].replace("-", ""));
  }

  static VerifyingKey key(String label) {
    return signingKey(label).verifyingKey();
  }

  static SigningKey signingKey(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(StandardCharsets.US_ASCII)).bytes());
  }

  /** Both public halves of a key, as a policy names them. */
  static String pair(String label) {
    return signingKey(label).publicKeys().toString();
  }

  static byte[] demoPolicy(Instant from) {
    Map<String, PublicKeys> policyKeys = new HashMap<>();
    Map<String, PublicKeys> nodeKeys = new HashMap<>();
    for (String id : List.of("cleveland", "budapest", "zurich-basel", "long-beach")) {
      policyKeys.put(id, signingKey("policy " + id).publicKeys());
      nodeKeys.put(id, signingKey("node " + id).publicKeys());
    }
    LogKeys logKeys = LogKeys.of("concordat.example/cardio-demo", signingKey("log"));
    return PolicyTemplate.demoConsortium().fill(policyKeys, nodeKeys, logKeys, from);
  }
}
