package io.concordat.protocol.core;

import static io.concordat.protocol.testing.Handmade.CAPPED;
import static io.concordat.protocol.testing.Handmade.PRICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.MemoryRows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A silo's own book of charges: on disk before anything leaves, and never forgotten. */
final class BudgetBookTest {
  private static final String SILO = "silo-0";

  private static NodeEvent prepared(Handmade log, RoundRecord round) {
    TreeMap<Integer, byte[]> boxes = new TreeMap<>();
    log.positions().forEach(p -> boxes.put(p, new byte[] {1}));
    return new NodeEvent.Contributed(
        new ContributorEvent.Prepared(round.ctx(), 100, Digests.sha256("object"), boxes));
  }

  @Test
  void theChargeIsInTheTransactionOfTheHeaderAndTheMessageComesAfterIt() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(CAPPED, 2);
    RoundRecord round = log.announce(job);
    HandNode node = new HandNode(log, SILO).caughtUp(log);
    assertThat(node.rows.scan("book/")).isEmpty();
    NodeEffects effects = node.core.handle(prepared(log, round), log.time);
    assertThat(effects.send())
        .anyMatch(m ->
            m instanceof Outgoing.Post post
                && post.statement().statement() instanceof ContributionHeader);
    // What the shell may not send before the writes are on the disk.
    assertThat(effects.diskFirst()).isTrue();
    List<String> written =
        effects.writes().stream()
            .filter(Write.Put.class::isInstance)
            .map(w -> ((Write.Put) w).key())
            .toList();
    assertThat(written).anyMatch(k -> k.startsWith("book/"));
    assertThat(written).anyMatch(k -> k.startsWith("contributor/"));
  }

  /** Charges of rounds that the log does not know: of a log that was set back, for example. */
  private static MemoryRows charged(int rounds) {
    MemoryRows rows = new MemoryRows();
    for (int i = 0; i < rounds; i++) {
      RoundContext ctx = RoundContext.of(("lost round " + i).getBytes(StandardCharsets.US_ASCII));
      rows.commit(
          List.of(
              Write.put(
                  "book/" + Names.hex(ctx),
                  JsonObject.builder()
                      .put("ctx", ctx.toString())
                      .put("job", Digests.sha256("lost job").toString())
                      .put("round", i + 1)
                      .put("scope", "capped")
                      .put("units", PRICE)
                      .build())));
    }
    return rows;
  }

  @Test
  void aSiloThatStartsAgainStillCountsWhatTheLogDoesNotShowClosed() {
    Handmade log = new Handmade().begun();
    log.announce(log.running(CAPPED, 1));
    HandNode nine = new HandNode(log, SILO, charged(9)).caughtUp(log);
    assertThat(nine.asked(ContributorCommand.Prepare.class)).hasSize(1);
    HandNode ten = new HandNode(log, SILO, charged(10)).caughtUp(log);
    assertThat(ten.asked(ContributorCommand.Prepare.class)).isEmpty();
    assertThat(ten.trouble.map(Refusal::code)).contains(Code.ROUND_BUDGET);
  }

  @Test
  void aRoundThatTheLogShowsClosedIsFreeAgainAcrossRestarts() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(CAPPED, 1);
    RoundRecord first = log.announce(job);
    HandNode node = new HandNode(log, SILO, charged(9)).caughtUp(log);
    node.event(prepared(log, first));
    assertThat(node.rows.scan("book/")).hasSize(10);
    // The next announcement ends the first round without a manifest: nobody can open it.
    log.announce(job);
    HandNode again = new HandNode(log, SILO, node.rows.snapshot()).caughtUp(log);
    assertThat(again.asked(ContributorCommand.Prepare.class)).hasSize(1);
    assertThat(again.trouble).isEmpty();
  }

  @Test
  void aRoundThatMayStillBeOpenedStaysChargedAcrossJobsAndRestarts() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(CAPPED, 1);
    RoundRecord first = log.announce(job);
    HandNode node = new HandNode(log, SILO, charged(9)).caughtUp(log);
    node.event(prepared(log, first));
    // Fixed and on record by two holders: two honest ones might answer, so it counts.
    log.record(log.fix(first, log.silos), 2);
    log.announce(job);
    HandNode again = new HandNode(log, SILO, node.rows.snapshot()).caughtUp(log);
    assertThat(again.asked(ContributorCommand.Prepare.class)).isEmpty();
    assertThat(again.trouble.map(Refusal::code)).contains(Code.ROUND_BUDGET);
  }
}
