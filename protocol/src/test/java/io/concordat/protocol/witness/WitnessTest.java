package io.concordat.protocol.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WitnessTest {
  private final Handmade log = new Handmade().begun();

  private SignedStatement answer(String witness, WitnessInquiry inquiry, long size) {
    String root = HexFormat.of().formatHex(log.ledger.rootAt(size).orElseThrow().bytes());
    return SignedStatement.sign(
        new WitnessAnswer(witness, inquiry.witness(), inquiry.nonce(), size, root),
        log.signer(witness));
  }

  private void relay(HandNode node, SignedStatement statement) {
    node.received(log.reply(node.core.ledger().size(), new WorkItem.Relayed(statement)));
  }

  private HandNode ready(HandNode node) {
    node.caughtUp(log);
    WitnessInquiry inquiry = node.posted(WitnessInquiry.class).getLast();
    for (String other : log.silos) {
      if (!other.equals(node.id)) {
        relay(node, answer(other, inquiry, 0));
      }
    }
    return node;
  }

  @Test
  void afterAStartNothingIsCosignedBeforeEnoughOthersAnswered() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    WitnessInquiry inquiry = node.posted(WitnessInquiry.class).getLast();
    assertThat(node.cosignatures()).isEmpty();
    relay(node, answer("silo-1", inquiry, 3));
    relay(node, answer("silo-1", inquiry, 3));
    relay(node, answer("silo-2", inquiry, 5));
    assertThat(node.cosignatures()).isEmpty();
    relay(node, answer("silo-3", inquiry, 2));
    assertThat(node.cosignatures()).isNotEmpty();
  }

  @Test
  void answersToAnotherNonceOrByStrangersDoNotCount() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    WitnessInquiry inquiry = node.posted(WitnessInquiry.class).getLast();
    WitnessInquiry old = new WitnessInquiry("silo-0", "00".repeat(32));
    relay(node, answer("silo-1", inquiry, 3));
    relay(node, answer("silo-2", inquiry, 3));
    relay(node, answer("silo-3", old, 3));
    SignedStatement forged =
        SignedStatement.sign(answer("silo-3", inquiry, 3).statement(), log.signer("stranger"));
    relay(node, forged);
    assertThat(node.cosignatures()).isEmpty();
  }

  @Test
  void aHeadThatOthersNameIsWaitedForBeforeCosigning() {
    HandNode node = new HandNode(log, "silo-0");
    int shown = log.leaves.size() - 3;
    var ledger = log.emptyLedger();
    log.leaves.subList(0, shown).forEach(ledger::apply);
    Handmade early = log.continuing(ledger);
    early.leaves.subList(shown, early.leaves.size()).clear();
    node.received(early.reply(0));
    WitnessInquiry inquiry = node.posted(WitnessInquiry.class).getLast();
    for (String other : List.of("silo-1", "silo-2", "silo-3")) {
      node.received(
          early.reply(
              node.core.ledger().size(),
              new WorkItem.Relayed(answer(other, inquiry, log.leaves.size()))));
    }
    assertThat(node.cosignatures()).isEmpty();
    node.caughtUp(log);
    assertThat(node.cosignatures()).hasSize(1);
  }

  @Test
  void aChangedMachineIdAsksAgain() {
    HandNode node = ready(new HandNode(log, "silo-0"));
    int cosigned = node.cosignatures().size();
    node.event(new NodeEvent.MachineChanged());
    Handmade.good(log.byNode("silo-1", new DatasetDeclared(Handmade.OPEN, "silo-1", 5)));
    node.caughtUp(log);
    assertThat(node.cosignatures()).hasSize(cosigned);
    assertThat(node.posted(WitnessInquiry.class)).hasSize(2);
  }

  @Test
  void answersNameOnlyWhatWasCosigned() {
    HandNode node = ready(new HandNode(log, "silo-0"));
    SignedStatement inquiry =
        SignedStatement.sign(new WitnessInquiry("silo-2", "11".repeat(32)), log.signer("silo-2"));
    relay(node, inquiry);
    WitnessAnswer given = node.posted(WitnessAnswer.class).getLast();
    assertThat(given.size()).isEqualTo(log.leaves.size());
    assertThat(given.nonce()).isEqualTo("11".repeat(32));
  }

  @Test
  void aForkedLogIsFoundInOnePollAtEverySizeToSixtyFour() {
    while (log.leaves.size() < 65) {
      Handmade.good(
          log.byNode("silo-1", new DatasetDeclared(Handmade.OPEN, "silo-1", log.leaves.size())));
    }
    for (int size = 10; size <= 64; size++) {
      HandNode node = new HandNode(log, "silo-0");
      var ledger = log.emptyLedger();
      log.leaves.subList(0, size - 1).forEach(ledger::apply);
      Handmade fork = log.continuing(ledger);
      fork.leaves.subList(size - 1, fork.leaves.size()).clear();
      Handmade.good(fork.byNode("silo-2", new DatasetDeclared(Handmade.OPEN, "silo-2", 1_000_000)));
      node.received(fork.reply(0));
      assertThat(node.trouble).isEmpty();
      // The true log, one poll later: its head of this size is another tree.
      node.received(
          new io.concordat.protocol.core.WorkReply(
              new io.concordat.protocol.core.Cursor(log.leaves.size(), 0),
              log.leaves.subList(size, log.leaves.size()),
              log.note(3),
              List.of()));
      assertThat(node.trouble.map(Refusal::code)).contains(Code.LOG_INCONSISTENT);
      assertThat(node.core.acting()).isFalse();
      assertThat(new HandNode(log, "silo-0", node.rows).core.acting()).isFalse();
    }
  }

  @Test
  void aRestartedNodeDoesNothingBeforeItHasReachedTheHeadItCosigned() {
    HandNode node = ready(new HandNode(log, "silo-0"));
    assertThat(node.cosignatures()).isNotEmpty();
    HandNode restarted = new HandNode(log, "silo-0", node.rows);
    var ledger = log.emptyLedger();
    log.leaves.subList(0, 5).forEach(ledger::apply);
    Handmade early = log.continuing(ledger);
    early.leaves.subList(5, early.leaves.size()).clear();
    restarted.received(early.reply(0));
    assertThat(restarted.core.acting()).isFalse();
    restarted.caughtUp(log);
    assertThat(restarted.core.acting()).isTrue();
  }

  @Test
  void aNodeWhoseAcceptedEntryIsMissingStopsAndSaysSo() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    node.event(new NodeEvent.DatasetReady(Handmade.OPEN, 77));
    String id = node.sent.getLast().id();
    node.event(new NodeEvent.Delivered(id));
    for (int i = 0; i < 2; i++) {
      assertThat(node.core.acting()).isTrue();
      Handmade.good(log.byNode("silo-1", new DatasetDeclared(Handmade.OPEN, "silo-1", 200 + i)));
      node.caughtUp(log);
    }
    assertThat(node.core.trouble().map(Refusal::code)).contains(Code.LOG_MISSING_ENTRY);
    Handmade.good(log.byNode("silo-0", new DatasetDeclared(Handmade.OPEN, "silo-0", 77)));
    node.caughtUp(log);
    assertThat(node.core.acting()).isTrue();
  }
}
