package io.concordat.silonode.node;

import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.Backoff;
import io.concordat.silonode.link.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Sends each message until it is taken or refused: with the next poll where one is about to leave,
 * else on a thread of its own. The message stands in the store, so a crash here loses nothing; the
 * same id is never sent twice at once.
 */
final class Outbox implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Outbox.class);

  /** Messages on their way at once, which bounds connections and memory for chunks. */
  private static final int MAX_AT_ONCE = 8;

  /** How long a poll waits for the messages of work under way. */
  private static final Duration BOARDING = Duration.ofMillis(50);

  /** How long a message waits for a poll that could take it along. */
  private static final Duration PLATFORM = Duration.ofMillis(10);

  /** After which a message that went with a poll is sent again: its answer was lost. */
  private static final Duration UNANSWERED = Duration.ofSeconds(5);

  /** Told what became of a message. */
  interface Answered {
    void take(NodeEvent event) throws InterruptedException;
  }

  private final AggregatorLink link;
  private final Store rows;
  private final Blobs blobs;
  private final Answered answered;
  private final Boarding boarding;
  private final LongSupplier nanos;

  /** Went with a poll and have no answer yet; by id, with the time in nanoseconds. */
  private final Map<String, Travelling> travelling = new ConcurrentHashMap<>();

  private record Travelling(Outgoing message, long since) {}

  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("send-", 0).factory());

  /**
   * @param nanos a clock that only goes forward, such as {@link System#nanoTime}
   */
  Outbox(
      AggregatorLink link,
      Store rows,
      Blobs blobs,
      Boarding boarding,
      LongSupplier nanos,
      Answered answered) {
    this.link = link;
    this.rows = rows;
    this.blobs = blobs;
    this.boarding = boarding;
    this.nanos = nanos;
    this.answered = answered;
  }

  void send(Outgoing message) {
    if (!underWay.add(message.id())) {
      return;
    }
    switch (boarding.offer(message)) {
      case TAKEN -> {}
      case WAITS -> threads.execute(() -> deliverUnlessTaken(message));
      case NONE -> threads.execute(() -> deliver(message));
    }
  }

  private void deliverUnlessTaken(Outgoing message) {
    try {
      Thread.sleep(PLATFORM);
      if (boarding.back(message)) {
        deliver(message);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Asks for what is new, and takes along what has boarded.
   *
   * @throws IOException if no reply came; what had boarded goes on its own then
   */
  Optional<WorkReply> poll(Supplier<Cursor> from, Duration wait)
      throws IOException, InterruptedException {
    List<Outgoing> aboard = boarding.close(BOARDING);
    Cursor after = from.get();
    Optional<WorkReply> reply;
    try {
      reply =
          aboard.isEmpty() ? link.poll(after, wait) : link.poll(after, wait, aboard, rows, blobs);
    } catch (IOException | RuntimeException failed) {
      aboard.forEach(message -> threads.execute(() -> deliver(message)));
      throw failed;
    }
    long now = nanos.getAsLong();
    aboard.forEach(m -> travelling.put(m.id(), new Travelling(m, now)));
    boarding.open();
    return reply;
  }

  /** What became of messages that went with a poll; those that nobody answers go on their own. */
  void settle(Optional<WorkReply> reply) throws InterruptedException {
    for (WorkReply.Answer answer : reply.map(WorkReply::answers).orElse(List.of())) {
      Travelling sent = travelling.remove(answer.message());
      if (sent == null) {
        continue;
      }
      if (answer.refusal().isEmpty()) {
        settle(sent.message(), new Delivery.Taken());
      } else if (answer.repeat()) {
        threads.execute(() -> deliver(sent.message()));
      } else {
        settle(sent.message(), new Delivery.Refused(answer.refusal().get()));
      }
    }
    long before = nanos.getAsLong() - UNANSWERED.toNanos();
    for (Travelling sent : travelling.values()) {
      if (sent.since() - before < 0 && travelling.remove(sent.message().id(), sent)) {
        threads.execute(() -> deliver(sent.message()));
      }
    }
  }

  private void deliver(Outgoing message) {
    Backoff backoff = new Backoff();
    try {
      while (true) {
        try {
          settle(message, once(message));
          return;
        } catch (IOException later) {
          LOG.infof("%s is sent again later: %s", message.id(), later);
        }
        backoff.await();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.errorf(bug, "%s could not be sent", message.id());
    } finally {
      underWay.remove(message.id());
    }
  }

  private void settle(Outgoing message, Delivery delivery) throws InterruptedException {
    underWay.remove(message.id());
    answered.take(
        switch (delivery) {
          case Delivery.Taken() -> new NodeEvent.Delivered(message.id());
          case Delivery.Refused(var reason) -> {
            // A word that came after its round's end is late, not wrong.
            LOG.logf(
                reason.code() == Code.ROUND_ENDED ? Logger.Level.DEBUG : Logger.Level.WARN,
                "The aggregator refused %s: %s",
                message.id(),
                reason);
            yield new NodeEvent.Refused(message.id(), reason);
          }
        });
  }

  private Delivery once(Outgoing message) throws IOException, InterruptedException {
    places.acquire();
    try {
      return link.deliver(message, rows, blobs);
    } finally {
      places.release();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
