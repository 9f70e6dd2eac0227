package io.concordat.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class QuorumTest {
  private static final String ORIGIN = "log.example.org/one";
  private static final Instant TIME = Instant.ofEpochSecond(1_790_000_000L);
  private static final Checkpoint HEAD = new Checkpoint(ORIGIN, 3, TreeHash.leaf(new byte[] {1}));

  private final TestKeys log = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 1);
  private final TestKeys a1 = cosigner("a.example/w1", 11);
  private final TestKeys a2 = cosigner("a.example/w2", 12);
  private final TestKeys b = cosigner("b.example/w", 13);
  private final TestKeys c = cosigner("c.example/w", 14);
  private final TestKeys d = cosigner("d.example/w", 15);
  private final TestKeys stranger = cosigner("x.example/w", 16);

  @Test
  void quorumsOfTheDesignAreAcceptedAndOneLessIsRefused() {
    int[][] rules = {{4, 1, 3}, {5, 1, 4}, {7, 2, 5}, {1, 0, 1}, {3, 0, 2}};
    for (int[] r : rules) {
      assertThat(new QuorumRule(r[0], r[1], r[2]).survivesSilence()).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new QuorumRule(r[0], r[1], (r[0] + r[1]) / 2))
          .withMessageContaining("faulty");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new QuorumRule(4, 1, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> new QuorumRule(4, 4, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new QuorumRule(0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new QuorumRule(4, -1, 3));
  }

  @Test
  void anyTwoAcceptedQuorumsShareAnHonestWitness() {
    for (int n = 1; n <= 12; n++) {
      for (int f = 0; f < n; f++) {
        for (int q = 1; q <= n; q++) {
          boolean overlap = 2 * q - n > f;
          boolean accepted = accepted(n, f, q);
          assertThat(accepted).as("n=%d f=%d q=%d", n, f, q).isEqualTo(overlap);
          if (accepted) {
            QuorumRule rule = new QuorumRule(n, f, q);
            assertThat(rule.survivesUnnoticedRestore()).isEqualTo(2 * q - n > f + 1);
            // Of so many answers among the others, the lost quorum's honest part gives one.
            assertThat(rule.answersAfterStart() - (n - q)).isEqualTo(f + 1);
          }
        }
      }
    }
    assertThat(new QuorumRule(5, 1, 4).survivesUnnoticedRestore()).isTrue();
    assertThat(new QuorumRule(4, 1, 3).survivesUnnoticedRestore()).isFalse();
  }

  @Test
  void reachesTheQuorumWithThreeOfFourAndNotWithTwo() {
    TrustedLog trusted = trusted();
    assertThat(trusted.evaluate(signed(log, a1, b), TestKeys.VERIFIER))
        .isEqualTo(new QuorumVerdict.Short(HEAD, Set.of("a", "b"), 1));
    assertThat(trusted.evaluate(signed(log, a1, b, c), TestKeys.VERIFIER))
        .isEqualTo(new QuorumVerdict.Reached(HEAD, Set.of("a", "b", "c")));
    assertThat(trusted.evaluate(signed(log), TestKeys.VERIFIER))
        .isEqualTo(new QuorumVerdict.Short(HEAD, Set.of(), 3));
  }

  @Test
  void twoNodesOfOneInstitutionCountOnce() {
    assertThat(trusted().evaluate(signed(log, a1, a2, b), TestKeys.VERIFIER))
        .isEqualTo(new QuorumVerdict.Short(HEAD, Set.of("a", "b"), 1));
  }

  @Test
  void strangersAndRepeatsDoNotCount() {
    SignedCheckpoint repeated = signed(log, a1, stranger, b);
    SignatureLine again = CheckpointSignatures.sign(b.key(), b.signer(), HEAD, TIME.plusSeconds(1));
    assertThat(trusted().evaluate(repeated.with(List.of(again)), TestKeys.VERIFIER))
        .isEqualTo(new QuorumVerdict.Short(HEAD, Set.of("a", "b"), 1));
  }

  @Test
  void countsSixteenCosignersAndMore() {
    Map<String, List<NoteKey>> witnesses = new TreeMap<>();
    List<TestKeys> keys = new ArrayList<>(List.of(log));
    for (int i = 0; i < 20; i++) {
      TestKeys key = cosigner("w" + i + ".example", 40 + i);
      keys.add(key);
      witnesses.put("w" + i, List.of(key.key()));
    }
    TrustedLog trusted =
        TrustedLog.of(ORIGIN, List.of(log.key()), witnesses, new QuorumRule(20, 3, 12));
    assertThat(trusted.evaluate(signed(keys.toArray(TestKeys[]::new)), TestKeys.VERIFIER))
        .isInstanceOf(QuorumVerdict.Reached.class);
  }

  @Test
  void aPostQuantumCosignatureCountsLikeAnother() {
    TestKeys pq = TestKeys.mlDsa44("c.example/pq");
    TrustedLog trusted =
        TrustedLog.of(
            ORIGIN,
            List.of(log.key()),
            Map.of("b", List.of(b.key()), "c", List.of(pq.key())),
            new QuorumRule(2, 0, 2));
    assertThat(trusted.evaluate(signed(log, b, pq), TestKeys.VERIFIER))
        .isInstanceOf(QuorumVerdict.Reached.class);
  }

  @Test
  void refusesAHeadTheLogDidNotSignHoweverManyCosignedIt() {
    assertThat(reason(trusted().evaluate(signed(a1, b, c, d), TestKeys.VERIFIER)))
        .isEqualTo(QuorumVerdict.Reason.NOT_SIGNED_BY_LOG);
    assertThat(reason(trusted().evaluate(signed(stranger), TestKeys.VERIFIER)))
        .isEqualTo(QuorumVerdict.Reason.NOT_SIGNED_BY_LOG);
  }

  @Test
  void refusesAnotherLogsHeadAndAFalseSignatureAmongGoodOnes() throws LogFormatException {
    Checkpoint other = new Checkpoint("log.example.org/two", 3, HEAD.root());
    SignatureLine line = CheckpointSignatures.sign(log.key(), log.signer(), other, TIME);
    assertThat(
            reason(
                trusted().evaluate(new SignedCheckpoint(other, List.of(line)), TestKeys.VERIFIER)))
        .isEqualTo(QuorumVerdict.Reason.OTHER_ORIGIN);
    // d's signature over another head, moved below this one.
    Checkpoint later = new Checkpoint(ORIGIN, 4, HEAD.root());
    SignatureLine moved = CheckpointSignatures.sign(d.key(), d.signer(), later, TIME);
    assertThat(
            reason(
                trusted().evaluate(signed(log, a1, b, c).with(List.of(moved)), TestKeys.VERIFIER)))
        .isEqualTo(QuorumVerdict.Reason.BAD_SIGNATURE);
  }

  @Test
  void refusesTrustThatWouldCountOneKeyOrNameForTwoInstitutions() {
    QuorumRule two = new QuorumRule(2, 0, 2);
    NoteKey copied = NoteKey.of("c.example/w", SignatureType.COSIGNATURE_V1, b.key().publicKey());
    NoteKey named = NoteKey.of("b.example/w", SignatureType.COSIGNATURE_V1, c.key().publicKey());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(b.key()), "c", List.of(copied)), two))
        .withMessageContaining("two names");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(b.key()), "c", List.of(named)), two))
        .withMessageContaining("share the key name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(b.key()), "c", List.of(b.key())), two));
    NoteKey logAsWitness =
        NoteKey.of("c.example/w", SignatureType.COSIGNATURE_V1, log.key().publicKey());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(b.key()), "c", List.of(logAsWitness)), two));
  }

  @Test
  void refusesTrustWithMissingOrMisplacedKeys() {
    QuorumRule one = new QuorumRule(1, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of()), one))
        .withMessageContaining("no key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(b.key()), "c", List.of(c.key())), one))
        .withMessageContaining("counts 1");
    TestKeys undated = TestKeys.ed25519("b.example/w", SignatureType.ED25519, 77);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("b", List.of(undated.key())), one))
        .withMessageContaining("cosigner");
    Map<String, List<NoteKey>> b = Map.of("b", List.of(this.b.key()));
    assertThatIllegalArgumentException().isThrownBy(() -> TrustedLog.of(ORIGIN, List.of(), b, one));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedLog.of(ORIGIN, List.of(c.key()), b, one));
  }

  private TrustedLog trusted() {
    return of(
        Map.of(
            "a", List.of(a1.key(), a2.key()),
            "b", List.of(b.key()),
            "c", List.of(c.key()),
            "d", List.of(d.key())),
        new QuorumRule(4, 1, 3));
  }

  private TrustedLog of(Map<String, List<NoteKey>> witnesses, QuorumRule rule) {
    return TrustedLog.of(ORIGIN, List.of(log.key()), witnesses, rule);
  }

  private static boolean accepted(int n, int f, int q) {
    try {
      new QuorumRule(n, f, q);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static QuorumVerdict.Reason reason(QuorumVerdict verdict) {
    assertThat(verdict).isInstanceOf(QuorumVerdict.Refused.class);
    return ((QuorumVerdict.Refused) verdict).reason();
  }

  private static SignedCheckpoint signed(TestKeys... keys) {
    List<SignatureLine> lines = new ArrayList<>();
    for (TestKeys key : keys) {
      lines.add(CheckpointSignatures.sign(key.key(), key.signer(), HEAD, TIME));
    }
    return new SignedCheckpoint(HEAD, lines);
  }

  private static TestKeys cosigner(String name, int seed) {
    return TestKeys.ed25519(name, SignatureType.COSIGNATURE_V1, seed);
  }
}
