package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.policy.Role;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {

  @Test
  void aPolicyIsReadToItsLastField() throws Exception {
    Policy policy = PolicyReader.read("policy.yaml", hospital()).orThrow();
    assertThat(policy.federation()).isEqualTo("cardio-eu");
    assertThat(policy.version()).isEqualTo(1);
    assertThat(policy.previous()).isEmpty();
    assertThat(policy.notBefore()).isEqualTo(Instant.parse("2026-10-01T00:00:00Z"));
    assertThat(policy.institutions()).hasSize(5);
    assertThat(policy.institutions().getFirst().policyKeys()).hasSize(2);
    assertThat(policy.institution("dpo-office").orElseThrow().roles())
        .containsExactly(Role.HOLDER, Role.WITNESS);
    assertThat(policy.keyHolders().threshold()).isEqualTo(4);
    assertThat(policy.log().witnessQuorum()).isEqualTo(4);
    Dataset heart = policy.dataset("heart").orElseThrow();
    assertThat(heart.person()).isEqualTo("patientId");
    assertThat(heart.budgetScope()).isEqualTo("person/patientId");
    assertThat(heart.holdout()).isEqualTo(new Holdout.Fraction(new BigDecimal("0.2")));
    assertThat(heart.privacy())
        .isEqualTo(
            new Privacy.Cap(new BigDecimal("8.0"), new BigDecimal("1e-5"), new BigDecimal("2.0")));
    assertThat(heart.column("oldpeak"))
        .contains(
            new Column.Number(
                "oldpeak",
                new BigDecimal("-5.0"),
                new BigDecimal("10.0"),
                new BigDecimal("1.0"),
                new BigDecimal("1.0"),
                "mm",
                Column.MissingRule.DROP_ROW));
    assertThat(heart.filters()).containsExactly("sex");
    assertThat(policy.templates()).hasSize(1);
    assertThat(policy.people()).hasSize(2);
    assertThat(policy.limits().uploadBytes()).isEqualTo(536_870_912);
  }

  @Test
  void manyFaultsAreReportedAtOnceInTheOrderOfTheFile() throws Exception {
    String text =
        new String(hospital(), StandardCharsets.UTF_8)
            .replace("version: 1", "version: one")
            .replace("threshold: 4", "threshold: 3")
            .replace("min: 0, max: 120", "min: 120, max: 0")
            .replace("maxRounds: 500", "maxRuonds: 500");
    List<Refusal> refusals =
        PolicyReader.read("p.yaml", text.getBytes(StandardCharsets.UTF_8)).refusals();
    assertThat(refusals.stream().map(r -> r.code().text() + " " + r.where().orElseThrow().field()))
        .containsExactly(
            "file.field version",
            "policy.quorum keyHolders.threshold",
            "policy.column datasets[0].columns[1].min",
            "file.field analyses[0].maxRounds",
            "file.field analyses[0].maxRuonds");
  }

  /** Any single line taken out, doubled or cut: an answer, quickly, and never an exception. */
  @Test
  void mutilatedFilesAreAnsweredNeverThrown() throws Exception {
    List<String> lines = new String(hospital(), StandardCharsets.UTF_8).lines().toList();
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 1500; i++) {
      java.util.ArrayList<String> altered = new java.util.ArrayList<>(lines);
      int at = random.nextInt(altered.size());
      String line = altered.get(at);
      switch (random.nextInt(5)) {
        case 0 -> altered.remove(at);
        case 1 -> altered.add(at, line);
        case 2 -> altered.set(at, line.substring(0, random.nextInt(line.length() + 1)));
        case 3 -> altered.set(at, " " + line);
        default -> {
          int c = random.nextInt(line.length() + 1);
          altered.set(
              at,
              line.substring(0, c) + "{[:,#-&*!\"0".charAt(random.nextInt(11)) + line.substring(c));
        }
      }
      byte[] bytes = String.join("\n", altered).getBytes(StandardCharsets.UTF_8);
      Outcome<Policy> outcome = PolicyReader.read("p.yaml", bytes);
      assertThat(outcome).as("seed %d case %d", seed, i).isNotNull();
    }
  }

  @Test
  void aFileOfThousandsOfColumnsIsReadInReasonableTime() throws Exception {
    StringBuilder columns = new StringBuilder("      - {name: patientId, type: identifier}\n");
    for (int i = 0; i < 2000; i++) {
      columns
          .append("      - {name: c")
          .append(i)
          .append(", type: number, min: 0, max: 9, center: 1, scale: 1, missing: refuse}\n");
    }
    String text =
        new String(hospital(), StandardCharsets.UTF_8)
            .replace("      - {name: patientId, type: identifier}\n", columns.toString());
    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThat(PolicyReader.read("p", text.getBytes(StandardCharsets.UTF_8)).refusals())
                .isEmpty());
  }

  private static byte[] hospital() throws Exception {
    return Files.readAllBytes(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml"));
  }
}
