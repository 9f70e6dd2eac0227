package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.statement.StatementType;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every message that ever crossed the wire, sent again: while its round is open, and afterwards.
 */
final class ReplayTest {
  @Test
  void everyMessageKindReplayedChangesNothing() {
    World world = new World(5, World.Shape.ALL.getFirst(), Trouble.NONE);
    world.start();
    world.submit(World.OPEN, 2, 9);
    assertThat(world.runUntilJobsEnd(300_000)).isTrue();
    world.runUntil(world.network.now() + 5_000);
    int leaves = world.aggregator.store.size();
    long sums = world.oracle.sumsOpened();
    EnumSet<StatementType> kinds = EnumSet.noneOf(StatementType.class);
    for (SimulatedNode.Sent sent : world.sent()) {
      kinds.add(sent.post().statement().type());
      // From its own node, and from another that recorded it.
      for (SimulatedNode node : world.nodes.values()) {
        world.aggregator.post(
            node, sent.post().statement(), sent.attachments(), sent.ciphertext(), answer -> {});
      }
    }
    world.runUntil(world.network.now() + 5_000);
    assertThat(kinds)
        .contains(
            StatementType.CONTRIBUTION,
            StatementType.ACCEPTANCE,
            StatementType.FINGERPRINT,
            StatementType.OPENING_RECORDED,
            StatementType.KEY_SUM,
            StatementType.BOX_KEY_PUBLISHED,
            StatementType.DATASET_DECLARED,
            StatementType.SUBMITTER_ENDORSED,
            StatementType.WITNESS_INQUIRY,
            StatementType.WITNESS_ANSWER);
    assertThat(world.aggregator.store.size()).isEqualTo(leaves);
    assertThat(world.oracle.sumsOpened()).isEqualTo(sums);
    world.check();
    assertThat(world.oracle.violations()).isEmpty();
  }

  @Test
  void messagesOfOneRoundReplayedIntoTheNextAreRefused() {
    World world = new World(8, World.Shape.ALL.getFirst(), Trouble.NONE);
    world.start();
    world.submit(World.OPEN, 3, 9);
    world.network.after(3_000, () -> replayAll(world));
    world.network.after(4_000, () -> replayAll(world));
    world.network.after(6_000, () -> replayAll(world));
    assertThat(world.runUntilJobsEnd(300_000)).isTrue();
    world.check();
    assertThat(world.oracle.violations()).isEmpty();
    assertThat(world.aggregator.core().ledger().jobs())
        .singleElement()
        .satisfies(j -> assertThat(j.opened()).isEqualTo(3));
  }

  private static void replayAll(World world) {
    for (SimulatedNode.Sent sent : world.sent()) {
      for (SimulatedNode node : world.nodes.values()) {
        world.aggregator.post(
            node, sent.post().statement(), sent.attachments(), sent.ciphertext(), answer -> {});
      }
    }
  }

  @Test
  void afterAJobNoBoxSecretIsLeft() {
    World world = new World(6, World.Shape.ALL.getFirst(), Trouble.NONE);
    world.start();
    world.submit(World.CAPPED, 2, 9);
    assertThat(world.runUntilJobsEnd(300_000)).isTrue();
    world.runUntil(world.network.now() + 10_000);
    for (Map.Entry<String, SimulatedNode> node : world.nodes.entrySet()) {
      assertThat(node.getValue().secrets().isEmpty()).as(node.getKey()).isTrue();
      assertThat(node.getValue().store.scan("held-box/")).as(node.getKey()).isEmpty();
    }
    assertThat(world.aggregator.core().ledger().jobs()).noneMatch(JobRecord::running);
  }
}
