package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.protocol.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy to begin with, and a policy in plain words. */
class PolicyStartTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:11:12Z");

  private static byte[] start(int institutions) {
    List<String> ids =
        IntStream.range(0, institutions).mapToObj(i -> "hospital-" + (char) ('a' + i)).toList();
    return new PolicyStart(
            "cardio-eu", "log.example/cardio-eu", ids, Map.of(), Map.of(), Optional.empty())
        .write(NOW, new Random(institutions)::nextBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 10, 16, 25})
  void isValidByItselfForEveryNumberOfInstitutions(int institutions) throws Exception {
    Policy policy = PolicyReader.readInForce("policy.yaml", start(institutions), NOW).orThrow();
    assertThat(policy.silos()).hasSize(institutions);
    assertThat(new String(start(institutions), StandardCharsets.UTF_8))
        .contains("# an example: put your own here");
  }

  @Test
  void namesTheKeysItIsGiven() throws Exception {
    byte[] file =
        new PolicyStart(
                "cardio-eu",
                "log.example/cardio-eu",
                List.of("a", "b", "c"),
                Map.of("b", ExamplesTest.signingKey("policy b").publicKeys()),
                Map.of("c", ExamplesTest.signingKey("node c").publicKeys()),
                Optional.empty())
            .write(NOW, new Random(1)::nextBytes);
    Policy policy = PolicyReader.read("policy.yaml", file).orThrow();
    assertThat(policy.institution("b").orElseThrow().policyKeys())
        .containsExactly(ExamplesTest.key("policy b"));
    assertThat(policy.institution("c").orElseThrow().nodeKey())
        .isEqualTo(ExamplesTest.key("node c"));
  }

  @Test
  void refusesTooFewAndKeysOfStrangers() {
    assertThatThrownBy(() -> start(2)).hasMessageContaining("3 to 32");
    assertThatThrownBy(() ->
            new PolicyStart(
                "f",
                "log.example/f",
                List.of("a", "b", "c"),
                Map.of("d", ExamplesTest.signingKey("d").publicKeys()),
                Map.of(),
                Optional.empty()))
        .hasMessageContaining("d");
  }

  private static String page(Path file) throws Exception {
    Policy policy = PolicyReader.read(file.toString(), Files.readAllBytes(file)).orThrow();
    return PolicyExplanation.of(policy).stream()
        .flatMap(s -> s.sentences().stream())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theHospitalsPageSaysEveryFigureOfTheirs() throws Exception {
    assertThat(page(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml")))
        .contains("Any 4 of these 5 key holders")
        .contains("at most 2 of them break the rules")
        .contains("at least 3 and at most 16 silos")
        .contains("at least 20 persons")
        .contains("epsilon 8.0 at delta")
        .contains("one job at most 2.0")
        .contains("at most 1000000 parameters, in at most 500 openings")
        .contains("counts below 5")
        .contains("an officer of every silo has decided")
        .contains("20 jobs a day")
        .contains("536870912 bytes")
        .contains("before 4 of its 5 witnesses")
        .contains("signatures of 3 of 5 institutions")
        .contains("a thaw needs 3");
  }

  @Test
  void theBanksPageReadsToo() throws Exception {
    assertThat(page(ExamplesTest.EXAMPLES.resolve("bank-consortium/policy.yaml")))
        .contains("key holders open a sum together")
        .doesNotContain("null");
  }
}
