package io.concordat.silonode.node;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeEvent;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The threads that do the core's heavy work. What comes of it goes back to the loop as an event;
 * work that failed is said to have failed, and the core gives it again.
 */
final class Workbench implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Workbench.class);

  /** The core gives failed work again at once; whatever was missing needs a moment to come back. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Function<NodeCommand, Optional<NodeEvent>> worker;
  private final Boarding boarding;
  private final Results results;
  private final Set<NodeCommand> running = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /** Said by work that writes files: a large ciphertext for one. */
  private volatile Optional<String> trouble = Optional.empty();

  /** Where what came of work goes. */
  interface Results {
    void take(NodeEvent event) throws InterruptedException;
  }

  Workbench(Function<NodeCommand, Optional<NodeEvent>> worker, Boarding boarding, Results results) {
    this.worker = worker;
    this.boarding = boarding;
    this.results = results;
    // Arithmetic, not waiting: as many as there are cores, and one more for a fetch that waits.
    this.threads =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors() + 1,
            Thread.ofPlatform().name("work-", 0).daemon().factory());
  }

  /** Why work cannot write its files, in words; empty while it can. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Begins work, unless the same is being done: its one answer is enough. */
  void start(NodeCommand command) {
    if (running.add(command)) {
      boarding.commandBegins();
      threads.execute(() -> run(command));
    }
  }

  private void run(NodeCommand command) {
    try {
      Optional<NodeEvent> answer = answer(command);
      if (answer.isPresent() && answer.get() instanceof NodeEvent.CommandFailed failed) {
        LOG.infof("Work is tried again: %s: %s", name(command), failed.reason());
        trouble = DiskWords.full(failed.reason());
        Thread.sleep(AFTER_FAILURE);
      } else {
        trouble = Optional.empty();
      }
      running.remove(command);
      if (answer.isPresent()) {
        results.take(answer.get());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(command);
      boarding.commandEnds();
    }
  }

  private Optional<NodeEvent> answer(NodeCommand command) {
    try {
      long begun = System.nanoTime();
      Optional<NodeEvent> answer = worker.apply(command);
      Metrics.timer(NodeDriver.STEPS, "step", name(command))
          .record(System.nanoTime() - begun, NANOSECONDS);
      return answer;
    } catch (RuntimeException bug) {
      LOG.errorf(bug, "Work failed: %s", name(command));
      return Optional.of(new NodeEvent.CommandFailed(command, String.valueOf(bug)));
    }
  }

  private static String name(NodeCommand command) {
    return switch (command) {
      case NodeCommand.Contribute(var inner) -> inner.getClass().getSimpleName();
      case NodeCommand.Hold(var inner) -> inner.getClass().getSimpleName();
      case NodeCommand.Discard(String blob) -> "Discard";
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
