package io.concordat.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.SiteLimits;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StatementTest {
  private static final Digest D = Digests.sha256("d");
  private static final RoundContext CTX =
      RoundContext.of("announcement".getBytes(StandardCharsets.US_ASCII));
  private static final VerifyingKey KEY = key(1).verifyingKey();

  private static SigningKey key(int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return SigningKey.fromSeed(bytes);
  }

  /** One of every type. */
  private static List<Statement> examples() {
    return List.of(
        new Genesis("fed", 1, D),
        new PolicyActivated(2, D),
        new DatasetDeclared("heart", "charite", 303),
        new BoxKeyPublished(D, 1, 2, new byte[BoxKeyPublished.KEY_BYTES]),
        new SubmitterEndorsed(KEY, "cardiology 7", "charite"),
        new JobSubmitted("schema: job/1\n", KEY),
        new JobDecision(JobDecision.Kind.APPROVED, D, "mgh", "reviewed"),
        new JobDecision(JobDecision.Kind.REJECTED, D, "mgh", "not this cohort"),
        new JobEnded(D, JobEnded.Outcome.SUCCEEDED, Optional.empty(), Optional.of(D)),
        new RoundAnnounced(
            "fed",
            D,
            D,
            3,
            D,
            "rlwe-8192-150",
            31,
            16,
            16,
            List.of("a", "b", "c"),
            List.of(new RoundAnnounced.BoxKey(1, 1, D), new RoundAnnounced.BoxKey(2, 4, D)),
            Instant.parse("2026-10-01T12:00:00Z")),
        new CohortFixed(
            CTX, List.of(new Member("a", D), new Member("b", D)), List.of(1, 3), D, 4711),
        new OpeningRecorded(D, 3),
        new RoundOpened(D, List.of(1, 2, 3), D, D, D),
        new RoundFailed(RoundFailed.Kind.OVERFLOW, D, List.of(1, 2, 3), "too large"),
        new RoundFailed(RoundFailed.Kind.SPOILED, D, List.of(1, 2, 3, 4), "no subset opens"),
        new Freeze("ucl", 1, "incident 12"),
        new Thaw("ucl", 2, 77, "closed"),
        new ReleaseDecision(ReleaseDecision.Kind.APPROVED, D, "mgh", "seen"),
        new ReleaseDecision(ReleaseDecision.Kind.REJECTED, D, "mgh", "too fine"),
        new SiteDeclared("ucl", Approval.Mode.MANUAL, Approval.Mode.AUTOMATIC, SiteLimits.NONE),
        new TemplateSubmitted("{}", "echo-net-small", KEY),
        new ReleasePublished(D, D, D, D),
        new TemplateApproved(D, "echo-net-small", "mgh"),
        new Notice("node.enrolled", List.of(new Notice.Fact("node", "ucl"))),
        new ContributionHeader(CTX, "a", 4096, D, List.of(new ContributionHeader.Box(1, D)), 17),
        new Acceptance(CTX, 2, List.of(new Member("a", D))),
        new FingerprintStated(D, "a", new byte[72]),
        new KeySumStated(D, 2, D),
        new WitnessInquiry("ucl", "ab".repeat(32)),
        new WitnessAnswer("mgh", "ucl", "ab".repeat(32), 99, "cd".repeat(32)));
  }

  @Test
  void anOverlaysRestrictionsReadBackAsTheSame() throws DecodeException {
    List<SiteDeclared> declared =
        List.of(
            new SiteDeclared(
                "ucl",
                Approval.Mode.AUTOMATIC,
                Approval.Mode.AUTOMATIC,
                new SiteLimits(
                    Optional.of(
                        Map.of(
                            "heart",
                            new SiteLimits.Caps(
                                Optional.of(new BigDecimal("1e2")),
                                Optional.of(new BigDecimal("0.50")),
                                Optional.of(Set.of("sex", "age"))),
                            "lung",
                            new SiteLimits.Caps(
                                Optional.empty(), Optional.empty(), Optional.of(Set.of())))),
                    Optional.of(
                        new SiteLimits.Grants(
                            true,
                            Optional.of(
                                new AnalysisGrant.Train(Set.of("logistic", "mlp"), 1000, 100)))))),
            new SiteDeclared(
                "ucl",
                Approval.Mode.AUTOMATIC,
                Approval.Mode.AUTOMATIC,
                new SiteLimits(
                    Optional.of(Map.of()),
                    Optional.of(new SiteLimits.Grants(false, Optional.empty())))));
    for (SiteDeclared one : declared) {
      assertThat(StatementType.SITE_DECLARED.read(one.json().bytes())).isEqualTo(one);
    }
    // Nothing is not the same as all.
    assertThat(declared.getLast().json().has("datasets")).isTrue();
  }

  @Test
  void everyTypeHasAnExampleHereAndADomainOfItsOwn() {
    EnumSet<StatementType> seen = EnumSet.noneOf(StatementType.class);
    examples().forEach(s -> assertThat(seen.add(s.type())).isTrue());
    assertThat(seen).containsExactlyInAnyOrder(StatementType.values());
    assertThat(Arrays.stream(StatementType.values()).map(StatementType::domain))
        .doesNotHaveDuplicates()
        .allMatch(d -> d.matches("concordat/[a-z-]+/1"));
    assertThat(Arrays.stream(StatementType.values()).map(StatementType::wireName))
        .doesNotHaveDuplicates();
  }

  @Test
  void bytesAndRecordsAreInverseToEachOther() throws DecodeException {
    for (Statement statement : examples()) {
      Statement read = statement.type().read(statement.bytes());
      assertThat(read).isEqualTo(statement);
      assertThat(read.bytes()).isEqualTo(statement.bytes());
    }
  }

  /** A changed byte of any statement breaks every signature ever made: this digest holds them. */
  @Test
  void theBytesOfAllStatementsAreWhatTheyWere() {
    byte[][] all = examples().stream().map(Statement::bytes).toArray(byte[][]::new);
    assertThat(Digests.sha256(all)).hasToString(GOLDEN);
  }

  private static final String GOLDEN =
      "sha256:f8796c83764b65e1070246236493d0bf441cd16844c9e90368a8649cf8e0da04";

  @Test
  void refusesAFieldThatNobodyReads() {
    for (Statement statement : examples()) {
      String text = new String(statement.bytes(), StandardCharsets.UTF_8);
      byte[] more =
          (text.substring(0, text.length() - 1) + ",\"zz\":1}").getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> statement.type().read(more))
          .as(statement.type().wireName())
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void refusesListsThatAreNotSortedOrNameSomebodyTwice() {
    Statement twice =
        new CohortFixed(CTX, List.of(new Member("a", D), new Member("a", D)), List.of(1), D, 1);
    Statement backwards =
        new CohortFixed(CTX, List.of(new Member("b", D), new Member("a", D)), List.of(1), D, 1);
    Statement openers = new CohortFixed(CTX, List.of(new Member("a", D)), List.of(2, 2), D, 1);
    for (Statement bad : List.of(twice, backwards, openers)) {
      assertThatThrownBy(() -> bad.type().read(bad.bytes())).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void aSignatureOfOneTypeIsNoneOfAnother() {
    StatementSigner signer = StatementSigner.of(key(2));
    SignedStatement signed = SignedStatement.sign(new OpeningRecorded(D, 3), signer);
    for (StatementType type : StatementType.values()) {
      if (type != StatementType.OPENING_RECORDED) {
        assertThatThrownBy(() ->
                SignedStatement.verify(type, signed.bytes(), signed.signer(), signed.signature()))
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  @Test
  void everySignedStatementReadsBackFromItsMessage() throws DecodeException {
    StatementSigner signer = StatementSigner.of(key(1));
    for (Statement statement : examples()) {
      SignedStatement signed = SignedStatement.sign(statement, signer);
      assertThat(SignedStatement.read(signed.json())).isEqualTo(signed);
      assertThat(SignedStatement.stored(signed.json())).isEqualTo(signed);
      byte[] forged = signed.signature();
      forged[5] ^= 1;
      assertThatThrownBy(() ->
              SignedStatement.verify(statement.type(), signed.bytes(), signed.signer(), forged))
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void aJobsNameIsTheDigestOfItsFile() {
    JobSubmitted job = new JobSubmitted("schema: job/1\n", KEY);
    assertThat(job.digest()).isEqualTo(Digests.sha256("schema: job/1\n"));
    assertThat(SignedStatement.sign(job, StatementSigner.of(key(1))).digest())
        .isEqualTo(job.digest());
  }

  @Test
  void anAnnouncementsCtxIsTheHashOfItsDomainAndBytes() {
    Statement a = examples().get(9);
    byte[] domain = "concordat/round/1".getBytes(StandardCharsets.US_ASCII);
    assertThat(((RoundAnnounced) a).ctx().bytes()).isEqualTo(Digests.sha512(domain, a.bytes()));
  }
}
