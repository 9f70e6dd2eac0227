package io.concordat.silonode.node;

import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.refusal.Code;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.Backoff;
import io.concordat.silonode.link.Delivery;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Sends each message on a thread of its own until it is taken or refused. The message stands in the
 * store, so a crash here loses nothing; the same id is never sent twice at once.
 */
final class Outbox implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Outbox.class);

  /** Messages on their way at once, which bounds connections and memory for chunks. */
  private static final int MAX_AT_ONCE = 8;

  /** Told what became of a message. */
  interface Answered {
    void take(NodeEvent event) throws InterruptedException;
  }

  private final AggregatorLink link;
  private final Store rows;
  private final Blobs blobs;
  private final Answered answered;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("send-", 0).factory());

  Outbox(AggregatorLink link, Store rows, Blobs blobs, Answered answered) {
    this.link = link;
    this.rows = rows;
    this.blobs = blobs;
    this.answered = answered;
  }

  void send(Outgoing message) {
    if (underWay.add(message.id())) {
      threads.execute(() -> deliver(message));
    }
  }

  private void deliver(Outgoing message) {
    Backoff backoff = new Backoff();
    try {
      while (true) {
        try {
          Delivery delivery = once(message);
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
