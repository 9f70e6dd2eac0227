package io.concordat.protocol.core;

import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.Thaw;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One institution stops everything; only the threshold lets it go on. */
final class FreezeTest {
  private final Handmade log = new Handmade().begun();

  private SignedStatement freezeFile(String institution, long number) {
    return SignedStatement.sign(
        new Freeze(institution, number, "a breach"),
        StatementSigner.of(Handmade.officer(institution)));
  }

  /** A round whose manifest is in the log, and its holders with every box accepted. */
  private List<HandNode> ready(RoundRecord round, CohortFixed manifest) {
    List<HandNode> nodes = new ArrayList<>();
    for (String id : log.silos) {
      HandNode node = new HandNode(log, id).caughtUp(log);
      for (Member member : manifest.cohort()) {
        node.event(
            new NodeEvent.Held(
                new HolderEvent.BoxOpened(
                    round.ctx(), member.silo(), member.contribution(), new byte[] {1})));
      }
      nodes.add(node);
    }
    return nodes;
  }

  @Test
  void aFreezeFileActsAtANodeTheMomentItArrivesThoughTheLogSaysNothing() {
    RoundRecord round = log.announce(log.running(OPEN, 1));
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    List<HandNode> nodes = ready(round, manifest);
    HandNode warned = nodes.getFirst();
    warned.event(new NodeEvent.FreezeArrived(freezeFile("silo-2", 1)));
    assertThat(warned.core.frozen()).isTrue();
    good(log.byAggregator(manifest));
    nodes.forEach(n -> n.caughtUp(log));
    assertThat(warned.posted(OpeningRecorded.class)).isEmpty();
    assertThat(nodes.get(1).posted(OpeningRecorded.class)).hasSize(1);
    // It is carried on, whoever brought it here.
    assertThat(warned.posted(Freeze.class)).hasSize(1);
  }

  @Test
  void aHolderThatHasRecordedAnswersNothingAfterAFreezeArrived() {
    RoundRecord round = log.announce(log.running(OPEN, 1));
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    HandNode node = ready(round, manifest).getFirst();
    good(log.byAggregator(manifest));
    node.caughtUp(log);
    node.event(new NodeEvent.FreezeArrived(freezeFile("silo-2", 1)));
    log.record(manifest, 3);
    node.caughtUp(log);
    assertThat(node.asked(HolderCommand.SumShares.class)).isEmpty();
  }

  /** n = 4, t = 3: two holders that have the file leave two others, one too few to open. */
  @Test
  void nMinusTPlusOneHoldersWithTheFileStopAllOpeningsWhateverTheAggregatorWithholds() {
    RoundRecord round = log.announce(log.running(OPEN, 1));
    CohortFixed manifest = log.manifest(round.ctx(), log.silos);
    List<HandNode> nodes = ready(round, manifest);
    int enough = log.silos.size() - log.rules.threshold() + 1;
    nodes
        .subList(0, enough)
        .forEach(n -> n.event(new NodeEvent.FreezeArrived(freezeFile("silo-2", 1))));
    good(log.byAggregator(manifest));
    nodes.forEach(n -> n.caughtUp(log));
    long records = nodes.stream().filter(n -> !n.posted(OpeningRecorded.class).isEmpty()).count();
    assertThat(records).isLessThan(log.rules.threshold());
  }

  @Test
  void aFreezeHeldHereSurvivesARestart() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    node.event(new NodeEvent.FreezeArrived(freezeFile("silo-2", 1)));
    HandNode again = new HandNode(log, "silo-0", node.rows);
    assertThat(again.core.frozen()).isTrue();
    assertThat(again.caughtUp(log).core.frozen()).isTrue();
  }

  @Test
  void anAggregatorThatSitsOnAFreezeCannotUndoItWithOneInstitutionsThaw() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    node.event(new NodeEvent.FreezeArrived(freezeFile("silo-2", 5)));
    // Another freeze of the same institution, thawed by everybody: the one held here is newer.
    long at = log.ledger.size();
    good(log.byNode("silo-2", new Freeze("silo-2", 1, "an exercise")));
    for (String silo : log.silos.subList(0, 3)) {
      good(log.byNode(silo, new Thaw(silo, 2, at, "over")));
    }
    node.caughtUp(log);
    assertThat(log.ledger.frozen()).isFalse();
    assertThat(node.core.frozen()).isTrue();
    assertThat(node.core.held()).hasSize(1);
  }

  @Test
  void theLogsFreezeAndTheThresholdsThawEndTheOneHeldHere() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    SignedStatement file = freezeFile("silo-2", 1);
    node.event(new NodeEvent.FreezeArrived(file));
    long at = log.ledger.size();
    good(log.append("silo-2", file));
    for (String silo : log.silos.subList(0, 3)) {
      assertThat(node.caughtUp(log).core.frozen()).isTrue();
      good(log.byNode(silo, new Thaw(silo, 2, at, "over")));
    }
    assertThat(node.caughtUp(log).core.frozen()).isFalse();
  }

  @Test
  void aThawThatWasHeldBackLiftsNoLaterFreeze() {
    long first = log.ledger.size();
    good(log.byNode("silo-2", new Freeze("silo-2", 1, "one")));
    SignedStatement kept =
        SignedStatement.sign(new Thaw("silo-3", 1, first, "over"), log.signer("silo-3"));
    for (String silo : log.silos.subList(0, 3)) {
      good(log.byNode(silo, new Thaw(silo, 2, first, "over")));
    }
    long second = log.ledger.size();
    good(log.byNode("silo-2", new Freeze("silo-2", 3, "two")));
    assertThat(code(log.append("silo-3", kept))).contains(Code.POLICY_NOT_FROZEN);
    good(log.byNode("silo-0", new Thaw("silo-0", 4, second, "over")));
    good(log.byNode("silo-1", new Thaw("silo-1", 4, second, "over")));
    assertThat(log.ledger.frozen()).isTrue();
  }

  @Test
  void anInstitutionsThawsCountOnceWhicheverOfItsKeysSigned() {
    long at = log.ledger.size();
    good(log.byNode("silo-2", new Freeze("silo-2", 1, "stop")));
    good(log.byNode("silo-0", new Thaw("silo-0", 1, at, "by the node")));
    good(
        log.append(
            "silo-0",
            SignedStatement.sign(
                new Thaw("silo-0", 2, at, "by the officer"),
                StatementSigner.of(Handmade.officer("silo-0")))));
    good(log.byNode("silo-1", new Thaw("silo-1", 1, at, "by the node")));
    assertThat(log.ledger.frozen()).isTrue();
    assertThat(log.ledger.frost().orElseThrow().thaws()).containsExactly("silo-0", "silo-1");
  }

  @Test
  void aStrangersFreezeFreezesNothing() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    node.event(
        new NodeEvent.FreezeArrived(
            SignedStatement.sign(new Freeze("silo-2", 1, "stop"), log.signer("stranger"))));
    assertThat(node.core.frozen()).isFalse();
    assertThat(node.trouble.orElseThrow().code()).isEqualTo(Code.STATEMENT_SIGNER);
  }

  @Test
  void aFreezeEndsRunningJobsAtTheBoundaryAndAfterTheThawNewOnesRun() {
    JobRecord job = log.running(OPEN, 2);
    log.open(job, log.silos);
    long at = log.ledger.size();
    good(log.byNode("silo-2", new Freeze("silo-2", 1, "stop")));
    for (String silo : log.silos.subList(0, 3)) {
      good(log.byNode(silo, new Thaw(silo, 2, at, "over")));
    }
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.POLICY_FROZEN);
    log.open(log.running(OPEN, 1), log.silos);
  }
}
