package io.concordat.silonode.node;

import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.WorkReply;
import io.concordat.silonode.link.Backoff;
import java.io.IOException;
import java.time.Duration;
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
  private final PolicyArrivals policies;
  private final Runnable caughtUp;
  private final Thread thread;
  private final Connection connection = new Connection();
  private volatile boolean replayed;
  private volatile boolean stopping;

  /**
   * @param caughtUp called on this thread each time the log was replayed to its end, after a start
   *     or after the core was opened again
   */
  WorkPoll(Outbox outbox, NodeDriver driver, PolicyArrivals policies, Runnable caughtUp) {
    this.outbox = outbox;
    this.driver = driver;
    this.policies = policies;
    this.caughtUp = caughtUp;
    this.thread = Thread.ofVirtual().name("work-poll").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean connected() {
    return connection.up();
  }

  /** Whether the aggregator had nothing more to tell since the core was opened. */
  boolean replayed() {
    return replayed;
  }

  /** How the connection stands, in a sentence. */
  String words() {
    return connection.words();
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
        connection.lost(reason(failed)).ifPresent(LOG::warn);
        try {
          backoff.await();
        } catch (InterruptedException stopped) {
          return;
        }
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException bug) {
        LOG.error("A poll failed", bug);
        connection.failed(String.valueOf(bug.getMessage()));
        try {
          backoff.await();
        } catch (InterruptedException stopped) {
          return;
        }
      }
    }
  }

  /** Of a refused connection the JDK gives no message. */
  private static String reason(Exception failed) {
    return failed.getMessage() == null
        ? "nothing answers there (" + failed.getClass().getSimpleName() + ")"
        : failed.getMessage();
  }

  private void once() throws IOException, InterruptedException, ExecutionException {
    boolean ask = replayed;
    Optional<WorkReply> answer = outbox.poll(driver::cursor, ask ? WAIT : Duration.ZERO);
    Optional<WorkReply> reply = answer.filter(WorkReply::hasNews);
    connection.answered().ifPresent(LOG::info);
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
