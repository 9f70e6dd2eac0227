package io.concordat.silonode.node;

import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.WorkReply;
import io.concordat.silonode.link.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** The long poll: asks for what is new, gives it to the driver, asks again. */
final class WorkPoll implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WorkPoll.class);
  private static final Duration WAIT = Duration.ofSeconds(25);

  private final Outbox outbox;
  private final NodeDriver driver;
  private final InstantSource clock;
  private final PolicyArrivals policies;
  private final Runnable caughtUp;
  private final Thread thread;
  private volatile boolean connected;
  private volatile boolean replayed;
  private volatile Optional<Instant> lastAnswer = Optional.empty();
  private volatile String words = "Not connected yet.";
  private volatile boolean stopping;

  /**
   * @param caughtUp called on this thread each time the log was replayed to its end, after a start
   *     or after the core was opened again
   */
  WorkPoll(
      Outbox outbox,
      NodeDriver driver,
      PolicyArrivals policies,
      InstantSource clock,
      Runnable caughtUp) {
    this.outbox = outbox;
    this.driver = driver;
    this.policies = policies;
    this.clock = clock;
    this.caughtUp = caughtUp;
    this.thread = Thread.ofVirtual().name("work-poll").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean connected() {
    return connected;
  }

  /** Whether the aggregator had nothing more to tell since the core was opened. */
  boolean replayed() {
    return replayed;
  }

  Optional<Instant> lastAnswer() {
    return lastAnswer;
  }

  /** How the connection stands, in a sentence. */
  String words() {
    return words;
  }

  /** The core starts from nothing again. */
  void startOver() {
    replayed = false;
  }

  private void run() {
    Backoff backoff = new Backoff();
    while (!stopping) {
      try {
        once();
        backoff.reset();
      } catch (IOException | CompletionException | ExecutionException failed) {
        if (connected || words.startsWith("Not")) {
          LOG.warnf("No connection to the aggregator: %s", failed.getMessage());
        }
        connected = false;
        words = "No connection to the aggregator: " + failed.getMessage();
        try {
          backoff.await();
        } catch (InterruptedException stopped) {
          return;
        }
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException bug) {
        LOG.error("A poll failed", bug);
        words = "A poll failed: " + bug.getMessage();
        try {
          backoff.await();
        } catch (InterruptedException stopped) {
          return;
        }
      }
    }
  }

  private void once() throws IOException, InterruptedException, ExecutionException {
    boolean ask = replayed;
    Optional<WorkReply> answer = outbox.poll(driver::cursor, ask ? WAIT : Duration.ZERO);
    Optional<WorkReply> reply = answer.filter(WorkReply::hasNews);
    if (!connected) {
      LOG.info("Connected to the aggregator");
    }
    connected = true;
    words = "Connected.";
    lastAnswer = Optional.of(clock.instant());
    if (reply.isPresent()) {
      policies.before(reply.get().entries());
    } else {
      policies.fill();
    }
    if (policies.complete() && driver.look(core -> core.ledger().stalled()).isPresent()) {
      driver.startOver();
    }
    if (reply.isPresent()) {
      driver.take(new NodeEvent.Received(reply.get())).get();
    } else if (!ask) {
      replayed = true;
      caughtUp.run();
    }
    outbox.settle(answer);
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }
}
