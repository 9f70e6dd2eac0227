package io.concordat.protocol.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The largest cohort there is, in everything that names each of its silos. */
final class LargeCohortTest {
  private static final int SILOS = 500;
  private static final int HOLDERS = 32;
  private static final RoundContext CTX =
      RoundContext.of("an announcement".getBytes(StandardCharsets.UTF_8));
  private static final StatementSigner SIGNER =
      StatementSigner.of(SigningKey.fromSeed(new byte[32]));

  private static Digest digest(String of) {
    return Digests.sha256(of);
  }

  /** 26 characters: what still fits a log entry 500 times. */
  private static String silo(int i) {
    return "a-hospital-of-the-group-" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
  }

  @Test
  void aManifestOfFiveHundredSilosFitsALogEntry() {
    List<Member> cohort =
        IntStream.range(0, SILOS).mapToObj(i -> new Member(silo(i), digest("c" + i))).toList();
    List<Integer> openers = IntStream.rangeClosed(1, HOLDERS).boxed().toList();
    CohortFixed fixed = new CohortFixed(CTX, cohort, openers, digest("sum"), 1L << 40);
    LogEntry entry =
        new LogEntry(
            Instant.parse("2026-10-05T08:00:00.123Z"),
            "a-federation-with-a-long-name",
            1,
            digest("policy"),
            LogEntry.AGGREGATOR,
            SignedStatement.sign(fixed, SIGNER));
    assertThat(entry.bytes().length).isBetween(60_000, LogEntry.MAX_BYTES);
  }

  @Test
  void theOpeningOfFiveHundredSilosUnderThirtyTwoHoldersIsRead() throws Exception {
    List<SignedStatement> headers = new ArrayList<>();
    List<SignedStatement> fingerprints = new ArrayList<>();
    for (int i = 0; i < SILOS; i++) {
      String silo = silo(i);
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
            List.of(new byte[LogEntry.MAX_BYTES]),
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
    assertThat(WorkReply.read(body).items()).hasSize(1);
  }
}
