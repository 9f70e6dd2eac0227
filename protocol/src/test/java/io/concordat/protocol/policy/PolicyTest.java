package io.concordat.protocol.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

  @ParameterizedTest
  @CsvSource({"3,3,2", "4,3,1", "5,4,2", "3,2,0", "1,1,0", "32,32,31"})
  void holdersThatAlwaysShareAnHonestOneAreAccepted(int n, int t, int f) {
    assertThat(new KeyHolders(ids(n), t, f).count()).isEqualTo(n);
  }

  @ParameterizedTest
  @CsvSource({"3,2,1", "4,2,0", "5,3,1", "4,4,4", "4,5,1", "4,0,0", "4,3,-1", "0,0,0", "33,33,1"})
  void holdersThatCouldOpenTwiceAreRefused(int n, int t, int f) {
    assertThatThrownBy(() -> new KeyHolders(ids(n), t, f))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The rule is what it claims: with it, and only with it, any two quorums share an honest one. */
  @Test
  void theQuorumRuleIsExactlyThatTwoQuorumsShareMoreThanTheCorrupt() {
    for (int n = 1; n <= 10; n++) {
      for (int t = 1; t <= n; t++) {
        for (int f = 0; f < t; f++) {
          int leastOverlap = Math.max(0, 2 * t - n);
          assertThat(KeyHolders.isQuorum(n, t, f)).isEqualTo(leastOverlap > f);
          assertThat(LogTerms.isQuorum(n, t, f)).isEqualTo(leastOverlap > f);
        }
      }
    }
    assertThat(KeyHolders.isQuorum(4, Integer.MAX_VALUE, 1)).isFalse();
  }

  @Test
  void aPolicyFindsItsPartsByNameAndByKey() {
    Policy policy = PolicyFixture.four();
    assertThat(policy.silos())
        .containsExactly("budapest", "cleveland", "long-beach", "zurich-basel");
    assertThat(policy.keyHolders().positionOf("budapest")).hasValue(2);
    assertThat(policy.holders().get(1).id()).isEqualTo("budapest");
    assertThat(policy.institutionOfNode(PolicyFixture.nodeVerifyingKey("cleveland")))
        .map(Institution::id)
        .contains("cleveland");
    assertThat(policy.institutionOfPolicyKey(PolicyFixture.nodeVerifyingKey("cleveland")))
        .isEmpty();
    assertThat(policy.log().witnessQuorum()).isEqualTo(3);
    assertThat(policy.maxPatients(policy.dataset("heart").orElseThrow())).isEqualTo(1600);
  }

  @Test
  void aPolicyIsInForceFromItsFirstInstantUntilJustBeforeItsLast() {
    Policy policy = PolicyFixture.four();
    assertThat(policy.inForceAt(policy.notBefore())).isTrue();
    assertThat(policy.inForceAt(policy.notBefore().minusNanos(1))).isFalse();
    assertThat(policy.inForceAt(policy.expires().minusNanos(1))).isTrue();
    assertThat(policy.inForceAt(policy.expires())).isFalse();
    assertThat(policy.inForceAt(Instant.MAX)).isFalse();
  }

  @Test
  void categoriesMatchByTextOrByNumber() {
    Column.Category cp = (Column.Category) PolicyFixture.heart().column("cp").orElseThrow();
    assertThat(cp.indexOf("1")).hasValue(0);
    assertThat(cp.indexOf("4.0")).hasValue(3);
    for (String stranger : List.of("5", "", "?", "1e0", "one", "1.5", "NaN")) {
      assertThat(cp.indexOf(stranger)).as(stranger).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0", "0", "1e-5", "-2.6", "0.05", "1E+3"})
  void decimalsAreReadExactly(String text) {
    assertThat(Decimals.parse(text)).contains(new java.math.BigDecimal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.",
        ".5",
        "+1",
        "01",
        "1e999",
        "NaN",
        "Infinity",
        "0x1",
        "1_0",
        " 1",
        "1/2",
        "0.0000000000000000000000000000000000000001"
      })
  void decimalsInOtherSpellingsAreRefused(String text) {
    assertThat(Decimals.parse(text)).isEmpty();
  }

  @Test
  void idsAndColumnNamesNeedNoEscapingAnywhere() {
    assertThat(Ids.isId("zurich-basel")).isTrue();
    assertThat(List.of("", "A", "a_b", "a".repeat(65), "\u00e9", "a/b", "..")).noneMatch(Ids::isId);
    assertThat(Ids.isColumnName("meanRadius_1")).isTrue();
    assertThat(List.of("", "1a", "a b", "a-b", "\u00e9", "a;drop")).noneMatch(Ids::isColumnName);
  }

  private static List<String> ids(int n) {
    return IntStream.range(0, n).mapToObj(i -> "holder-" + i).toList();
  }
}
