package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import org.junit.jupiter.api.Test;

/** The aggregator hands different models to different silos (arXiv 2111.07380). */
final class CraftedModelTest {
  private static Digest oneBitApart(Digest digest) {
    byte[] raw = digest.bytes();
    raw[31] ^= 1;
    return Digest.of(raw);
  }

  private static RoundAnnounced withState(RoundAnnounced a, Digest state) {
    return new RoundAnnounced(
        a.federation(),
        a.policy(),
        a.job(),
        a.round(),
        state,
        a.parameters(),
        a.values(),
        a.bits(),
        a.maxCohort(),
        a.roster(),
        a.boxKeys(),
        a.deadline());
  }

  @Test
  void twoModelsOneBitApartToFiveSilosAreAcceptedByNone() {
    Handmade log = new Handmade(5, false).begun();
    JobRecord job = log.running(Handmade.OPEN, 2);
    for (int victim = 0; victim < 5; victim++) {
      Handmade branch = log.continuing(replay(log));
      JobRecord there = branch.ledger.job(job.digest()).orElseThrow();
      branch.byAggregator(withState(branch.announcement(there), oneBitApart(there.state())));
      HandNode node = new HandNode(branch, log.silos.get(victim)).caughtUp(branch);
      assertThat(node.asked(ContributorCommand.Prepare.class)).isEmpty();
      assertThat(node.posted(ContributionHeader.class)).isEmpty();
    }
  }

  private static io.concordat.protocol.ledger.FederationLedger replay(Handmade log) {
    var ledger = log.emptyLedger();
    log.leaves.forEach(ledger::apply);
    return ledger;
  }

  @Test
  void aSiloStopsWhenItsOwnOpeningLeadsToAnotherStateThanTheLogClaims() {
    Handmade log = new Handmade(5, false).begun();
    JobRecord job = log.running(Handmade.OPEN, 2);
    HandNode node = new HandNode(log, "silo-2").caughtUp(log);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, log.silos);
    log.record(manifest, 4);
    Digest right = Digests.sha256("the state that the sum leads to");
    Handmade.good(log.byAggregator(log.opened(manifest, oneBitApart(right))));
    Handmade.good(log.byAggregator(log.announcement(job)));
    node.caughtUp(log);
    assertThat(node.asked(ContributorCommand.VerifySum.class)).hasSize(1);
    int before = node.asked(ContributorCommand.Prepare.class).size();
    node.event(
        new NodeEvent.Contributed(
            new ContributorEvent.SumVerified(
                manifest.digest(), new StateShape(right, false, "test-256-150", 5, 16))));
    assertThat(node.asked(ContributorCommand.Prepare.class)).hasSize(before);
    assertThat(node.trouble.map(Refusal::code)).contains(Code.ROUND_STATE);
  }

  @Test
  void aSiloTakesNoPartBeforeItHasOpenedTheLastSumItself() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 2);
    log.open(job, log.silos);
    log.announce(job);
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).isEmpty();
    assertThat(node.asked(ContributorCommand.VerifySum.class)).hasSize(1);
  }

  @Test
  void aSiloRefusesALayoutThatItsStateDoesNotAskFor() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 2);
    RoundAnnounced a = log.announcement(job);
    Handmade.good(
        log.byAggregator(
            new RoundAnnounced(
                a.federation(),
                a.policy(),
                a.job(),
                a.round(),
                a.state(),
                a.parameters(),
                a.values(),
                20,
                a.maxCohort(),
                a.roster(),
                a.boxKeys(),
                a.deadline())));
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).isEmpty();
    assertThat(node.trouble.map(Refusal::code)).contains(Code.ROUND_LAYOUT);
  }

  @Test
  void nothingIsSealedBeforeTheAnnouncementStandsUnderAQuorum() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 2);
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    RoundRecord round = log.announce(job);
    node.received(
        new io.concordat.protocol.core.WorkReply(
            new io.concordat.protocol.core.Cursor(log.leaves.size(), 0),
            log.leaves.subList((int) node.core.ledger().size(), log.leaves.size()),
            log.note(2),
            java.util.List.of()));
    java.util.TreeMap<Integer, byte[]> boxes = new java.util.TreeMap<>();
    log.positions().forEach(p -> boxes.put(p, new byte[] {1}));
    node.event(
        new NodeEvent.Contributed(
            new ContributorEvent.Prepared(round.ctx(), 100, Digests.sha256("object"), boxes)));
    assertThat(node.posted(ContributionHeader.class)).isEmpty();
    node.received(
        new io.concordat.protocol.core.WorkReply(
            new io.concordat.protocol.core.Cursor(log.leaves.size(), 0),
            java.util.List.of(),
            log.note(3),
            java.util.List.of()));
    assertThat(node.posted(ContributionHeader.class)).hasSize(1);
  }
}
