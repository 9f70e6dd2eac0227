package io.concordat.protocol.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WorkReplyTest {
  private static final List<WorkReply.Answer> ANSWERS =
      List.of(
          WorkReply.Answer.taken("1-a"),
          new WorkReply.Answer(
              "2-b", Optional.of(Refusal.of(Code.ROUND_ENDED, "round 7, \"über\"")), false),
          new WorkReply.Answer(
              "3-c", Optional.of(Refusal.of(Code.STORAGE_FULL, "\u0001\n")), true));

  private final Handmade log = new Handmade().begun();
  private final SignedStatement freeze =
      SignedStatement.sign(new Freeze("silo-2", 1, "stop"), log.signer("silo-2"));

  @Test
  void aReplyReadsBackToWhatItWas() throws Exception {
    WorkReply reply =
        log.reply(3, new WorkItem.Relayed(freeze), new WorkItem.QuorumCheckpoint(log.note(3)));
    WorkReply read = WorkReply.read(reply.bytes());
    assertThat(read.cursor()).isEqualTo(reply.cursor());
    assertThat(read.checkpoint()).isEqualTo(reply.checkpoint());
    assertThat(read.items()).isEqualTo(reply.items());
    assertThat(read.entries()).hasSameSizeAs(reply.entries());
    assertThat(read.bytes()).isEqualTo(reply.bytes());
  }

  @Test
  void answersReadBackToWhatTheyWere() throws Exception {
    WorkReply reply = log.reply(3).with(ANSWERS);
    WorkReply read = WorkReply.read(reply.bytes());
    assertThat(read.answers()).isEqualTo(ANSWERS);
    assertThat(read.bytes()).isEqualTo(reply.bytes());
    assertThat(new WorkReply(Cursor.START, List.of(), "", List.of(), ANSWERS).hasNews()).isFalse();
  }

  private static byte[] withAnswers(String answers) {
    return ("{\"answers\":"
            + answers
            + ",\"checkpoint\":\"\",\"cursor\":\"0.0\",\"entries\":[],\"items\":[]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aRefusalThatThisVersionDoesNotKnowIsTheServersFault() throws Exception {
    byte[] body =
        withAnswers(
            "[{\"code\":\"round.of-the-next-decade\",\"detail\":\"?\",\"message\":\"1-a\","
                + "\"repeat\":true}]");
    assertThat(WorkReply.read(body).answers())
        .containsExactly(
            new WorkReply.Answer("1-a", Optional.of(Refusal.of(Code.SERVER_FAILED, "?")), true));
  }

  @Test
  void answersThatAreNoneAreRefusedWithTheWholeReply() throws Exception {
    assertThat(WorkReply.read(withAnswers("[{\"message\":\"1-a\"}]")).answers())
        .containsExactly(WorkReply.Answer.taken("1-a"));
    for (String answers :
        List.of(
            "{}",
            "\"1-a\"",
            "null",
            "[null]",
            "[[]]",
            "[\"1-a\"]",
            "[{}]",
            "[{\"message\":1}]",
            "[{\"message\":null}]",
            "[{\"id\":\"1-a\"}]",
            "[{\"message\":\"1-a\",\"size\":1}]",
            "[{\"message\":\"1-a\",\"message\":\"2-b\"}]",
            "[{\"code\":\"round.ended\",\"message\":\"1-a\"}]",
            "[{\"code\":\"round.ended\",\"detail\":\"over\",\"message\":\"1-a\"}]",
            "[{\"code\":7,\"detail\":\"over\",\"message\":\"1-a\",\"repeat\":false}]",
            "[{\"code\":\"round.ended\",\"detail\":\"over\",\"message\":\"1-a\",\"repeat\":\"no\"}]",
            "[{\"message\":\"1-a\"},]")) {
      assertThatExceptionOfType(DecodeException.class)
          .as(answers)
          .isThrownBy(() -> WorkReply.read(withAnswers(answers)))
          .withMessageNotContaining("Exception");
    }
  }

  @Test
  void hostileRepliesAreRefusedAndNothingElse() {
    byte[] good = log.reply(3, new WorkItem.Relayed(freeze)).with(ANSWERS).bytes();
    Random random = new Random(7);
    int refusals = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int flips = 0; flips <= random.nextInt(3); flips++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        WorkReply.read(bad);
      } catch (DecodeException refused) {
        refusals++;
        assertThat(refused).hasMessageNotContaining("Exception");
      }
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> WorkReply.read(cut))
          .as("the first %d bytes", length)
          .isInstanceOf(DecodeException.class);
    }
    assertThat(refusals).isGreaterThan(1000);
  }

  @Test
  void repliesTwiceLateOrWithAGapChangeNothing() {
    HandNode node = new HandNode(log, "silo-0");
    WorkReply early = log.reply(0);
    Handmade.good(log.append("silo-2", freeze));
    WorkReply gap = log.reply(log.leaves.size());
    node.received(gap);
    assertThat(node.core.ledger().size()).isZero();
    node.received(early).received(early);
    assertThat(node.core.ledger().size()).isEqualTo(log.leaves.size() - 1);
    WorkReply all = log.reply(0);
    node.received(all).received(early).received(all);
    assertThat(node.core.ledger().size()).isEqualTo(log.leaves.size());
    assertThat(node.core.ledger().frontier().root()).isEqualTo(log.ledger.frontier().root());
    assertThat(node.trouble).isEmpty();
  }

  @Test
  void aFreezeThatArrivesOutsideTheLogHoldsHereAtOnceAndOverARestart() {
    HandNode node = new HandNode(log, "silo-0").caughtUp(log);
    node.event(new NodeEvent.FreezeArrived(freeze));
    var job = log.running(Handmade.OPEN, 1);
    log.announce(job);
    node.caughtUp(log);
    assertThat(node.commands).noneMatch(WorkReplyTest::prepares);
    HandNode restarted = new HandNode(log, "silo-0", node.rows).caughtUp(log);
    assertThat(restarted.commands).noneMatch(WorkReplyTest::prepares);
    SignedStatement forged =
        SignedStatement.sign(new Freeze("silo-2", 1, "stop"), log.signer("stranger"));
    HandNode other = new HandNode(log, "silo-1");
    other.event(new NodeEvent.FreezeArrived(forged));
    other.caughtUp(log);
    assertThat(other.commands).anyMatch(WorkReplyTest::prepares);
    assertThat(List.of(node, restarted)).allMatch(n -> n.trouble.isEmpty());
  }

  private static boolean prepares(NodeCommand command) {
    return command instanceof NodeCommand.Contribute(var inner)
        && inner instanceof io.concordat.protocol.contributor.ContributorCommand.Prepare;
  }
}
