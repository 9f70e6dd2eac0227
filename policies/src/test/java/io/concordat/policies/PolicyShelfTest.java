package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node takes beside its own copy: the next version, as the institutions signed it. */
class PolicyShelfTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final List<String> THREE = List.of("cleveland", "budapest", "zurich-basel");

  private static final byte[] ONE = ExamplesTest.demoPolicy(NOW);
  private static final byte[] TWO = following(ONE, 2, "jobsPerDay: 1000", "jobsPerDay: 900");
  private static final byte[] THREE_ = following(TWO, 3, "jobsPerDay: 900", "jobsPerDay: 1000");

  private static byte[] following(byte[] old, int version, String from, String to) {
    String text = new String(old, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    return text.replaceFirst(
            "version: [0-9]+\n(previousSha256: \\S+\n)?",
            "version: " + version + "\npreviousSha256: " + Digests.sha256(old) + "\n")
        .replace(from, to)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] signatures(byte[] file, List<String> by) {
    PolicySignatures out = PolicySignatures.none(file);
    for (String id : by) {
      out = out.sign(file, ExamplesTest.signingKey("policy " + id));
    }
    return out.write();
  }

  private static PolicyShelf shelf(byte[] own) throws Exception {
    return PolicyShelf.of(
            SignedPolicy.read("policy.yaml", own, PolicySignatures.read(signatures(own, THREE)))
                .orThrow())
        .orThrow();
  }

  private static Outcome<Policy> take(PolicyShelf shelf, byte[] file) {
    return shelf.take("next.yaml", file, signatures(file, THREE));
  }

  private static List<Code> codes(Outcome<?> outcome) {
    return outcome.refusals().stream().map(Refusal::code).toList();
  }

  @Test
  void takesTheNextVersionAndEveryOneAfterIt() throws Exception {
    PolicyShelf shelf = shelf(ONE);
    assertThat(take(shelf, TWO).refusals()).isEmpty();
    assertThat(take(shelf, THREE_).refusals()).isEmpty();
    assertThat(take(shelf, TWO).refusals()).isEmpty();
    assertThat(shelf.versions()).hasSize(3);
    assertThat(shelf.rules(2, Digests.sha256(TWO))).isPresent();
    assertThat(shelf.rules(3, Digests.sha256(TWO))).isEmpty();
    assertThat(shelf.first().version()).isEqualTo(1);
  }

  @Test
  void refusesAFastForward() throws Exception {
    assertThat(codes(take(shelf(ONE), THREE_))).containsExactly(Code.POLICY_VERSION);
  }

  @Test
  void refusesARollbackToAFileThatNoVersionNames() throws Exception {
    PolicyShelf shelf = shelf(TWO);
    byte[] other = ExamplesTest.demoPolicy(NOW.minusSeconds(60));
    assertThat(codes(take(shelf, other))).containsExactly(Code.POLICY_VERSION);
    assertThat(take(shelf, ONE).refusals()).isEmpty();
    assertThat(shelf.first().version()).isEqualTo(1);
    assertThat(shelf.newest().policy().version()).isEqualTo(2);
  }

  @Test
  void refusesAnotherFileOfAVersionItHas() throws Exception {
    PolicyShelf shelf = shelf(ONE);
    take(shelf, TWO).orThrow();
    byte[] other = following(ONE, 2, "jobsPerDay: 1000", "jobsPerDay: 901");
    assertThat(codes(take(shelf, other))).containsExactly(Code.POLICY_VERSION);
  }

  @Test
  void refusesAVersionThatTheThresholdDidNotSign() throws Exception {
    PolicyShelf shelf = shelf(ONE);
    byte[] by = signatures(TWO, THREE.subList(0, 2));
    assertThat(codes(shelf.take("next.yaml", TWO, by))).contains(Code.POLICY_SIGNATURES);
    assertThat(shelf.versions()).hasSize(1);
  }

  @Test
  void tighteningEndsRunningJobsAndLooseningDoesNot() throws Exception {
    PolicyShelf shelf = shelf(ONE);
    take(shelf, TWO).orThrow();
    take(shelf, THREE_).orThrow();
    assertThat(
            shelf.endsRunningJobs(
                shelf.rules(1, Digests.sha256(ONE)).orElseThrow(),
                shelf.rules(2, Digests.sha256(TWO)).orElseThrow()))
        .isTrue();
    assertThat(
            shelf.endsRunningJobs(
                shelf.rules(2, Digests.sha256(TWO)).orElseThrow(),
                shelf.rules(3, Digests.sha256(THREE_)).orElseThrow()))
        .isFalse();
  }

  @Test
  void aProcessFindsItsVersionsAgainInAnyOrder() throws Exception {
    List<PolicyShelf.Filed> files = new ArrayList<>();
    files.add(new PolicyShelf.Filed(3, "3.yaml", THREE_, signatures(THREE_, THREE)));
    files.add(new PolicyShelf.Filed(1, "1.yaml", ONE, signatures(ONE, THREE)));
    SignedPolicy own =
        SignedPolicy.read("policy.yaml", TWO, PolicySignatures.read(signatures(TWO, THREE)))
            .orThrow();
    assertThat(PolicyShelf.of(own, files).orThrow().versions())
        .extracting(s -> s.policy().version())
        .containsExactly(1, 2, 3);
  }
}
