package io.concordat.protocol.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.testing.Handmade;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The largest cohort there is, with the longest ids, in everything that names each silo. */
final class LargeCohortTest {
  private static final int SILOS = 500;
  private static final int HOLDERS = 32;
  private static final Instant TIME = Instant.parse("2026-10-05T08:00:00.123456789Z");
  private static final RoundContext CTX =
      RoundContext.of("an announcement".getBytes(StandardCharsets.UTF_8));
  private static final StatementSigner SIGNER =
      StatementSigner.of(SigningKey.fromSeed(new byte[32]));

  private static Digest digest(String of) {
    return Digests.sha256(of);
  }

  /** An id as long as ids may be. */
  private static String longest(int i) {
    return "%064d".formatted(i);
  }

  private static List<Member> members(int silos) {
    return IntStream.range(0, silos)
        .mapToObj(i -> new Member(longest(i), digest("c" + i)))
        .toList();
  }

  private static CohortFixed manifest(int silos) {
    List<Integer> openers = IntStream.rangeClosed(1, HOLDERS).boxed().toList();
    return new CohortFixed(CTX, members(silos), openers, digest("sum"), 1L << 50);
  }

  private static LogEntry entry(Statement statement) {
    return new LogEntry(
        TIME,
        longest(0),
        Integer.MAX_VALUE,
        digest("policy"),
        longest(1),
        SignedStatement.sign(statement, SIGNER));
  }

  @Test
  void aManifestOfFiveHundredSilosEntersTheLogByItsDigest() throws Exception {
    CohortFixed manifest = manifest(SILOS);
    byte[] entry = entry(manifest).bytes();
    byte[] leaf = LogLeaf.of(entry);

    assertThat(entry.length).isBetween(80_000, LogLeaf.MAX_ENTRY_BYTES);
    assertThat(leaf.length).isLessThan(1000);
    assertThat(LogLeaf.statementOf(leaf)).contains(manifest.digest());
    assertThat(LogLeaf.entry(leaf, manifest.bytes())).isEqualTo(entry);
    assertThat(LogEntry.read(entry).signed().statement()).isEqualTo(manifest);
  }

  @Test
  void aManifestThatFitsALeafStandsThereWhole() throws Exception {
    CohortFixed manifest = manifest(390);
    byte[] entry = entry(manifest).bytes();

    assertThat(entry.length).isBetween(60_000, LogLeaf.MAX_BYTES);
    assertThat(LogLeaf.of(entry)).isEqualTo(entry);
    assertThat(LogLeaf.statementOf(entry)).isEmpty();
    byte[] shortened = byDigest(entry, manifest.digest());
    assertThatExceptionOfType(DecodeException.class)
        .isThrownBy(() -> LogLeaf.entry(shortened, manifest.bytes()))
        .withMessageContaining("fits a leaf whole");
  }

  private static byte[] byDigest(byte[] entry, Digest statement) throws DecodeException {
    JsonObject.Builder out = JsonObject.builder();
    CanonicalJson.parseObject(entry)
        .members()
        .forEach((name, value) -> {
          if (!name.equals("statement")) {
            out.putParsed(name, value);
          }
        });
    return out.put("statementSha256", statement.toString()).bytes();
  }

  @Test
  void aLeafByDigestWithoutItsManifestIsReplayedByNobody() throws Exception {
    byte[] leaf = LogLeaf.of(entry(manifest(SILOS)).bytes());
    byte[] body = new WorkReply(Cursor.START, List.of(leaf), "", List.of()).bytes();
    FederationLedger ledger = new Handmade().begun().ledger;
    long before = ledger.size();

    assertThatExceptionOfType(DecodeException.class)
        .isThrownBy(() -> WorkReply.read(body))
        .withMessageContaining("without its statement");
    assertThatExceptionOfType(InvariantViolation.class).isThrownBy(() -> ledger.apply(leaf));
    assertThat(ledger.size()).isEqualTo(before);
  }

  @Test
  void anotherManifestThanTheOneNamedIsRefused() throws Exception {
    CohortFixed manifest = manifest(SILOS);
    byte[] leaf = LogLeaf.of(entry(manifest).bytes());
    byte[] statement = manifest.bytes();
    for (int at = 0; at < statement.length; at += 997) {
      byte[] altered = statement.clone();
      altered[at] ^= 1;
      assertThatExceptionOfType(DecodeException.class)
          .isThrownBy(() -> LogLeaf.entry(leaf, altered));
    }
    assertThatExceptionOfType(DecodeException.class)
        .isThrownBy(() -> LogLeaf.entry(leaf, manifest(SILOS - 1).bytes()));
  }

  @Test
  void onlyAManifestMayBeLongerThanALeaf() throws Exception {
    byte[] entry = entry(manifest(SILOS)).bytes();
    String text = new String(entry, StandardCharsets.UTF_8);
    byte[] other =
        text.replace("\"type\":\"cohort.fixed\"", "\"type\":\"round.opened\"")
            .getBytes(StandardCharsets.UTF_8);
    byte[] garbage = new byte[LogLeaf.MAX_BYTES + 1];
    byte[] endless = new byte[LogLeaf.MAX_ENTRY_BYTES + 1];

    for (byte[] none : List.of(other, garbage, endless)) {
      assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> LogLeaf.of(none));
    }
  }

  @Test
  void theLedgerReplaysAManifestByDigestAndItsTreeHasTheLeaf() throws Exception {
    Handmade log = new Handmade().begun();
    CohortFixed manifest = manifest(SILOS);
    byte[] entry =
        new LogEntry(
                log.time,
                Handmade.FEDERATION,
                1,
                log.rules.policy(),
                LogEntry.AGGREGATOR,
                SignedStatement.sign(manifest, log.signer("aggregator")))
            .bytes();
    MerkleFrontier wanted = log.ledger.frontier().append(LogLeaf.of(entry));
    log.ledger.apply(entry);

    // No such round here, so it takes no effect; it was read all the same.
    assertThat(log.ledger.type(log.ledger.size() - 1)).contains(StatementType.COHORT_FIXED);
    assertThat(log.ledger.frontier().root()).isEqualTo(wanted.root());
  }

  @Test
  void anAnnouncementOfFiveHundredSilosAndThirtyTwoHoldersFitsALeaf() throws Exception {
    List<String> roster = IntStream.range(0, SILOS).mapToObj(LargeCohortTest::longest).toList();
    List<RoundAnnounced.BoxKey> keys =
        IntStream.rangeClosed(1, HOLDERS)
            .mapToObj(p -> new RoundAnnounced.BoxKey(p, 1_000_000, digest("key" + p)))
            .toList();
    byte[] entry =
        entry(
                new RoundAnnounced(
                    longest(0),
                    digest("policy"),
                    digest("job"),
                    1_000_000,
                    digest("state"),
                    "rlwe-16384-300",
                    RoundAnnounced.MAX_VALUES,
                    62,
                    SILOS,
                    roster,
                    keys,
                    TIME))
            .bytes();

    assertThat(entry.length).isBetween(35_000, 45_000);
    assertThat(LogLeaf.of(entry)).isEqualTo(entry);
  }

  @Test
  void anAcceptanceOfFiveHundredContributionsIsRead() throws Exception {
    Acceptance acceptance = new Acceptance(CTX, HOLDERS, members(SILOS));

    assertThat(acceptance.bytes().length).isBetween(75_000, 90_000);
    assertThat(StatementType.ACCEPTANCE.read(acceptance.bytes())).isEqualTo(acceptance);
  }

  @Test
  void theOpeningOfFiveHundredSilosUnderThirtyTwoHoldersIsRead() throws Exception {
    List<SignedStatement> headers = new ArrayList<>();
    List<SignedStatement> fingerprints = new ArrayList<>();
    for (int i = 0; i < SILOS; i++) {
      String silo = longest(i);
      List<ContributionHeader.Box> boxes =
          IntStream.rangeClosed(1, HOLDERS)
              .mapToObj(p -> new ContributionHeader.Box(p, digest(silo + p)))
              .toList();
      headers.add(
          SignedStatement.sign(
              new ContributionHeader(CTX, silo, 1L << 40, digest(silo), boxes, 1L << 40), SIGNER));
      fingerprints.add(
          SignedStatement.sign(
              new FingerprintStated(digest("manifest"), silo, new byte[144]), SIGNER));
    }
    List<byte[]> objects = IntStream.range(0, HOLDERS).mapToObj(i -> new byte[32_784]).toList();
    WorkReply reply =
        new WorkReply(
            Cursor.START,
            List.of(entry(manifest(SILOS)).bytes()),
            "a note",
            List.of(
                new WorkItem.Opening(
                    digest("manifest"),
                    headers,
                    fingerprints,
                    List.of(),
                    objects,
                    Optional.of(new byte[128 * 1024]))));
    byte[] body = reply.bytes();
    assertThat(body.length).isBetween(2 << 20, 5 << 20);
    WorkReply read = WorkReply.read(body);
    assertThat(read.items()).hasSize(1);
    assertThat(read.entries()).hasSize(1);
  }
}
