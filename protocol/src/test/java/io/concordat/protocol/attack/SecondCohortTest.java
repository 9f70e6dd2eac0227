package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.MemoryRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Dropping, doubling, swapping a contributor after the cohort was fixed; restored holders. */
final class SecondCohortTest {
  private static List<CohortFixed> variants(CohortFixed fixed) {
    List<CohortFixed> out = new ArrayList<>();
    for (int i = 0; i < fixed.cohort().size(); i++) {
      List<Member> dropped = new ArrayList<>(fixed.cohort());
      Member gone = dropped.remove(i);
      out.add(with(fixed, dropped));
      List<Member> swapped = new ArrayList<>(fixed.cohort());
      swapped.set(i, new Member(gone.silo(), Digests.sha256("another contribution of " + i)));
      out.add(with(fixed, swapped));
    }
    out.add(
        new CohortFixed(
            fixed.ctx(),
            fixed.cohort(),
            fixed.openers(),
            Digests.sha256("another sum"),
            fixed.sumLength()));
    return out;
  }

  private static CohortFixed with(CohortFixed fixed, List<Member> cohort) {
    return new CohortFixed(
        fixed.ctx(), cohort, fixed.openers(), Digests.sha256("a sum"), fixed.sumLength());
  }

  @Test
  void noContributorIsDroppedOrSwappedAfterFixingForAllSizesToEight() {
    for (int n = 4; n <= 8; n++) {
      Handmade log = new Handmade(n, false).begun();
      JobRecord job = log.running(Handmade.OPEN, 2);
      RoundRecord round = log.announce(job);
      CohortFixed first = log.fix(round, log.silos);
      for (CohortFixed second : variants(first)) {
        assertThat(Handmade.code(log.byAggregator(second))).contains(Code.ROUND_SECOND_COHORT);
        assertThat(Handmade.code(log.byNode("silo-0", new OpeningRecorded(second.digest(), 1))))
            .contains(Code.ROUND_MANIFEST_NOT_IN_LOG);
      }
      assertThat(round.records()).isEmpty();
    }
  }

  @Test
  void aContributorStandsInACohortOnce() {
    Handmade log = new Handmade().begun();
    CohortFixed fixed = log.manifest(log.announce(log.running(Handmade.OPEN, 1)).ctx(), log.silos);
    String text = new String(fixed.bytes(), StandardCharsets.UTF_8);
    String doubled = text.replace("\"silo\":\"silo-1\"", "\"silo\":\"silo-0\"");
    assertThat(doubled).isNotEqualTo(text);
    Assertions.assertThatThrownBy(
            () -> StatementType.COHORT_FIXED.read(doubled.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(DecodeException.class);
  }

  /** A holder that has accepted everybody's box in the job's newest round. */
  private static void accept(HandNode node, Handmade log, RoundRecord round, CohortFixed fixed) {
    for (Member member : fixed.cohort()) {
      node.event(
          new NodeEvent.Held(
              new HolderEvent.BoxOpened(
                  round.ctx(), member.silo(), member.contribution(), new byte[] {1})));
    }
    assertThat(node.id).isIn(log.silos);
  }

  @Test
  void aHolderRecordsBeforeItAnswersAndAnswersOnlyUnderAQuorum() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 1);
    RoundRecord round = log.announce(job);
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    accept(node, log, round, manifest);
    Handmade.good(log.byAggregator(manifest));
    node.caughtUp(log);
    assertThat(node.posted(OpeningRecorded.class)).hasSize(1);
    assertThat(node.rows.scan("holder/")).isNotEmpty();
    assertThat(node.asked(HolderCommand.SumShares.class)).isEmpty();
    log.record(manifest, 1);
    node.received(
        new io.concordat.protocol.core.WorkReply(
            new io.concordat.protocol.core.Cursor(log.leaves.size(), 0),
            log.leaves.subList((int) node.core.ledger().size(), log.leaves.size()),
            log.note(2),
            List.of()));
    assertThat(node.asked(HolderCommand.SumShares.class)).isEmpty();
    node.caughtUp(log);
    assertThat(node.asked(HolderCommand.SumShares.class)).hasSize(1);
  }

  @Test
  void aHolderRestoredToBeforeAnOpeningAnswersForNoOtherCohort() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 1);
    RoundRecord round = log.announce(job);
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    accept(node, log, round, manifest);
    MemoryRows snapshot = node.rows.snapshot();
    Handmade.good(log.byAggregator(manifest));
    log.record(manifest, 3);
    node.caughtUp(log);
    node.event(new NodeEvent.Held(new HolderEvent.SharesSummed(manifest.digest(), new byte[] {7})));
    assertThat(node.posted(KeySumStated.class)).hasSize(1);

    HandNode restored = new HandNode(log, "silo-0", snapshot);
    CohortFixed other = log.manifest(round.ctx(), log.silos.subList(0, 3));
    log.byAggregator(other);
    restored.caughtUp(log);
    assertThat(restored.posted(OpeningRecorded.class)).isEmpty();
    assertThat(restored.asked(HolderCommand.SumShares.class))
        .singleElement()
        .satisfies(c -> assertThat(c.manifestDigest()).isEqualTo(manifest.digest()));
    restored.event(
        new NodeEvent.Held(new HolderEvent.SharesSummed(other.digest(), new byte[] {8})));
    restored.event(
        new NodeEvent.Held(new HolderEvent.SharesSummed(manifest.digest(), new byte[] {7})));
    assertThat(restored.posted(KeySumStated.class)).isEqualTo(node.posted(KeySumStated.class));
  }

  @Test
  void aRestoredHolderShownTheLogWithoutItsRecordStillFollowsTheLogOfTheQuorum() {
    Handmade log = new Handmade().begun();
    RoundRecord round = log.announce(log.running(Handmade.OPEN, 1));
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    accept(node, log, round, manifest);
    MemoryRows snapshot = node.rows.snapshot();
    int shared = log.leaves.size();
    Handmade.good(log.byAggregator(manifest));
    log.record(manifest, 3);

    // The fork: the aggregator alone writes another manifest after the announcement. No honest
    // witness cosigns it, so the note has the aggregator's and the one lying witness's signature.
    var ledger = log.emptyLedger();
    log.leaves.subList(0, shared).forEach(ledger::apply);
    Handmade fork = log.continuing(ledger);
    fork.leaves.subList(shared, fork.leaves.size()).clear();
    CohortFixed other = fork.manifest(round.ctx(), log.silos.subList(0, 3));
    Handmade.good(fork.byAggregator(other));
    fork.record(other, 3);
    HandNode restored = new HandNode(fork, "silo-0", snapshot);
    restored.received(
        new io.concordat.protocol.core.WorkReply(
            new io.concordat.protocol.core.Cursor(fork.leaves.size(), 0),
            fork.leaves,
            fork.note(1),
            List.of()));
    assertThat(restored.asked(HolderCommand.SumShares.class)).isEmpty();
  }

  @Test
  void aHolderTakesTheFirstOfTwoContributionsOfOneSilo() {
    Handmade log = new Handmade().begun();
    RoundRecord round = log.announce(log.running(Handmade.OPEN, 1));
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    accept(node, log, round, manifest);
    ContributionHeader second =
        new ContributionHeader(round.ctx(), "silo-1", 1, Digests.sha256("second"), List.of(), 0);
    node.received(
        log.reply(
            node.core.ledger().size(),
            new WorkItem.BoxDelivery(
                SignedStatement.sign(second, log.signer("silo-1")), new byte[] {2})));
    assertThat(node.asked(HolderCommand.CheckBox.class)).isEmpty();
  }
}
