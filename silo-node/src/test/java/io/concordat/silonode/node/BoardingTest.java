package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.core.Outgoing;
import io.concordat.silonode.node.Boarding.Place;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BoardingTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Boarding boarding = new Boarding();

  private static Outgoing message(String id) {
    return new Outgoing.Cosignature(id, "line");
  }

  @Test
  void aPollLeavesAtOnceWhenNothingIsUnderWay() throws Exception {
    boarding.open();
    assertThat(boarding.close(LONG)).isEmpty();
  }

  @Test
  void whatWorkBringsAboardTravelsTogether() throws Exception {
    boarding.open();
    boarding.eventWaits();
    assertThat(boarding.offer(message("1-a"))).isEqualTo(Place.TAKEN);
    CompletableFuture<List<Outgoing>> poll = leaving();
    assertThat(boarding.offer(message("2-b"))).isEqualTo(Place.TAKEN);
    assertThat(poll).isNotDone();
    boarding.stepped(1);
    assertThat(poll.get()).containsExactly(message("1-a"), message("2-b"));
    assertThat(boarding.close(LONG)).isEmpty();
  }

  @Test
  void aPollDoesNotWaitForWorkOnceItHasAMessage() throws Exception {
    boarding.open();
    boarding.commandBegins();
    CompletableFuture<List<Outgoing>> poll = leaving();
    assertThat(boarding.offer(message("1-a"))).isEqualTo(Place.TAKEN);
    assertThat(poll.get()).hasSize(1);
  }

  @Test
  void aPollWaitsForLongWorkOnlyAMoment() throws Exception {
    boarding.open();
    boarding.commandBegins();
    assertThat(boarding.close(Duration.ofMillis(5))).isEmpty();
  }

  @Test
  void aMessageBetweenPollsWaitsForTheNextOrIsTakenBack() throws Exception {
    assertThat(boarding.offer(message("1-a"))).isEqualTo(Place.WAITS);
    assertThat(boarding.offer(message("2-b"))).isEqualTo(Place.WAITS);
    assertThat(boarding.back(message("1-a"))).isTrue();
    assertThat(boarding.back(message("1-a"))).isFalse();
    boarding.open();
    assertThat(boarding.back(message("2-b"))).as("a poll will take it").isFalse();
    assertThat(boarding.close(LONG)).containsExactly(message("2-b"));
    assertThat(boarding.back(message("2-b"))).as("it has left").isFalse();
  }

  @Test
  void uploadsAndWhatFindsNoRoomGoAlone() {
    boarding.open();
    Outgoing upload = new Outgoing.Upload("0-u", Digests.sha256("x"), "blob");
    assertThat(boarding.offer(upload)).isEqualTo(Place.NONE);
    for (int i = 1; i <= 8; i++) {
      assertThat(boarding.offer(message(i + "-m"))).isEqualTo(Place.TAKEN);
    }
    assertThat(boarding.offer(message("9-m"))).isEqualTo(Place.NONE);
  }

  private CompletableFuture<List<Outgoing>> leaving() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return boarding.close(LONG);
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    });
  }
}
