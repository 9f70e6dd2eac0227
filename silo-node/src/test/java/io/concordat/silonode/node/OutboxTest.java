package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.Dialler;
import io.concordat.silonode.link.FakeAggregator;
import io.concordat.silonode.store.SiloDatabase;
import io.concordat.silonode.store.SiloStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that went with a poll: none is lost, none is sent again while its answer may come. */
class OutboxTest {
  private static final String ASK = "GET /node/v1/work";
  private static final String BRING = "POST /node/v1/work";
  private static final String ALONE = "POST /node/v1/statements";
  private static final Outgoing MESSAGE = new Outgoing.Cosignature("1-a", "a line");

  @TempDir Path folder;

  private final BlockingQueue<NodeEvent> told = new LinkedBlockingQueue<>();
  private final AtomicLong nanos = new AtomicLong(1);
  private FakeAggregator aggregator;
  private AggregatorLink link;
  private Outbox outbox;

  @BeforeEach
  void start() throws Exception {
    aggregator = new FakeAggregator();
    link =
        new AggregatorLink(
            aggregator.address(),
            new Dialler(aggregator.node(), Optional.empty()),
            FakeAggregator.signer(),
            Clock.systemUTC());
    var database = SiloDatabase.in(folder);
    NamedBlobs blobs = new NamedBlobs(folder.resolve("blobs"), database);
    outbox =
        new Outbox(
            link, new SiloStore(database, blobs), blobs, new Boarding(), nanos::get, told::add);
    aggregator.on(ASK, ex -> FakeAggregator.reply(ex, 204, ""));
    aggregator.on(BRING, ex -> FakeAggregator.reply(ex, 204, ""));
    aggregator.on(ALONE, ex -> FakeAggregator.reply(ex, 200, "{}"));
    // A poll that came back: the next one takes messages along.
    poll();
  }

  @AfterEach
  void stop() {
    outbox.close();
    link.close();
    aggregator.close();
  }

  private Optional<WorkReply> poll() throws IOException, InterruptedException {
    return outbox.poll(() -> Cursor.START, Duration.ZERO);
  }

  private static Optional<WorkReply> answers(WorkReply.Answer... answers) {
    return Optional.of(new WorkReply(Cursor.START, List.of(), "", List.of(), List.of(answers)));
  }

  private NodeEvent next() throws InterruptedException {
    NodeEvent event = told.poll(30, TimeUnit.SECONDS);
    assertThat(event).as("nobody was told what became of a message").isNotNull();
    return event;
  }

  private long sentAlone() {
    return aggregator.requests().stream().filter(ALONE::equals).count();
  }

  @Test
  void afterAFailedPollItsMessagesGoAlone() throws Exception {
    aggregator.on(BRING, ex -> FakeAggregator.reply(ex, 503, ""));
    outbox.send(MESSAGE);
    assertThatThrownBy(this::poll).isInstanceOf(IOException.class);
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("1-a"));
    assertThat(sentAlone()).isEqualTo(1);
  }

  @Test
  void aMessageWhoseAnswerWasLostGoesAloneAfterFiveSeconds() throws Exception {
    outbox.send(MESSAGE);
    outbox.settle(poll());
    nanos.addAndGet(Duration.ofMillis(4999).toNanos());
    outbox.settle(poll());
    assertThat(told).isEmpty();
    assertThat(sentAlone()).isZero();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    outbox.settle(poll());
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("1-a"));
    assertThat(sentAlone()).isEqualTo(1);
  }

  @Test
  void itIsSentAloneOnceHoweverLongItTakes() throws Exception {
    outbox.send(MESSAGE);
    outbox.settle(poll());
    for (int i = 0; i < 3; i++) {
      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      outbox.settle(poll());
    }
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("1-a"));
    assertThat(sentAlone()).isEqualTo(1);
  }

  @Test
  void anAnswerSettlesAMessageAndItIsNotSentAgain() throws Exception {
    outbox.send(MESSAGE);
    poll();
    outbox.settle(answers(WorkReply.Answer.taken("1-a")));
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("1-a"));
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    outbox.settle(answers(WorkReply.Answer.taken("1-a"), WorkReply.Answer.taken("9-stranger")));
    assertThat(told).as("answers to nothing that travels").isEmpty();
    assertThat(sentAlone()).isZero();
  }

  @Test
  void aRefusalIsToldAndOneThatMayPassIsTriedAlone() throws Exception {
    Refusal reason = Refusal.of(Code.ROUND_ENDED, "over");
    outbox.send(MESSAGE);
    outbox.send(new Outgoing.Cosignature("2-b", "another line"));
    poll();
    outbox.settle(
        answers(
            new WorkReply.Answer("1-a", Optional.of(reason), false),
            new WorkReply.Answer("2-b", Optional.of(reason), true)));
    assertThat(List.of(next(), next()))
        .containsExactlyInAnyOrder(
            new NodeEvent.Refused("1-a", reason), new NodeEvent.Delivered("2-b"));
    assertThat(sentAlone()).isEqualTo(1);
  }

  @Test
  void theSameMessageIsNeverUnderWayTwice() throws Exception {
    outbox.send(MESSAGE);
    outbox.send(MESSAGE);
    poll();
    outbox.send(MESSAGE);
    outbox.settle(poll());
    assertThat(aggregator.requests().stream().filter(BRING::equals)).hasSize(1);
    outbox.settle(answers(WorkReply.Answer.taken("1-a")));
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("1-a"));
    assertThat(told).isEmpty();
    assertThat(sentAlone()).isZero();
  }

  @Test
  void withoutAPollThatCouldTakeItAMessageGoesAlone() throws Exception {
    outbox.send(MESSAGE);
    poll();
    outbox.settle(answers(WorkReply.Answer.taken("1-a")));
    next();
    aggregator.on(ASK, ex -> FakeAggregator.reply(ex, 503, ""));
    assertThatThrownBy(this::poll).isInstanceOf(IOException.class);
    outbox.send(new Outgoing.Cosignature("2-b", "another line"));
    assertThat(next()).isEqualTo(new NodeEvent.Delivered("2-b"));
    assertThat(sentAlone()).isEqualTo(1);
  }
}
