package io.concordat.aggregator.round;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.AggregatorEffects;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one loop that gives events to the core: step, commit, and only then answer, wake and start
 * commands.
 *
 * <p>A new head of the log is on the disk before anybody sees it: a checkpoint that a node saw but
 * the disk did not would be a fork after a power cut. Everything else waits a moment for company,
 * its sender's answer with it, so the number of flushes follows from the log's growth, not from the
 * number of nodes.
 *
 * <p>If a commit fails, the core's memory is ahead of the disk. It is thrown away and opened again
 * from the store; the callers get an error and repeat, which every message allows.
 */
public final class RoundDriver implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RoundDriver.class);

  /** More waiting callers than this are refused at once: the disk is not keeping up. */
  private static final int MAX_WAITING = 1024;

  private static final int MAX_BATCH = 64;
  private static final Duration TICK = Duration.ofMillis(200);

  /** How long an answer may wait for company. */
  private static final Duration HELD = Duration.ofMillis(50);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** How long each kind of work took: a meter for operators and the benchmark of whole rounds. */
  private static final String STEPS = "concordat.steps";

  private final Supplier<AggregatorCore> opener;
  private final LateStore store;
  private final Function<RoundCommand, AggregatorEvent> worker;
  private final InstantSource clock;
  private final Consumer<List<Write>> committed;
  private final News news = new News();
  private final BlockingQueue<Task> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ReentrantLock lock = new ReentrantLock(true);
  private final ExecutorService commands;
  private final Thread loop;

  // Taken and not on the disk yet; guarded by the lock, as the core is.
  private final List<Taken> held = new ArrayList<>();
  private long heldSince;
  private int openings = 1;
  private AggregatorCore core;
  private volatile boolean stopping;

  /**
   * @param opening which of the cores, counted from 1, the events belong to; 0 for any
   */
  private record Task(
      List<AggregatorEvent> events,
      List<Write> chores,
      int opening,
      CompletableFuture<Optional<Refusal>> answer) {
    Task(List<AggregatorEvent> events, List<Write> chores) {
      this(events, chores, 0, new CompletableFuture<>());
    }
  }

  private record Taken(Task task, AggregatorEffects effects) {}

  /**
   * @param opener opens a core from the store; called again after a failed commit
   * @param worker does a command on another thread
   * @param committed is told what was committed, in order, while nobody else gets in; must be quick
   */
  public RoundDriver(
      Supplier<AggregatorCore> opener,
      LateStore store,
      Function<RoundCommand, AggregatorEvent> worker,
      InstantSource clock,
      Consumer<List<Write>> committed) {
    this.opener = opener;
    this.store = store;
    this.worker = worker;
    this.clock = clock;
    this.committed = committed;
    this.core = opener.get();
    // Arithmetic, not waiting: as many as there are cores, and never none.
    this.commands =
        Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().name("command-", 0).daemon().factory());
    this.loop = Thread.ofPlatform().name("round-driver").unstarted(this::loop);
  }

  public void start() {
    loop.start();
  }

  public News news() {
    return news;
  }

  /**
   * Gives events to the core and waits until what follows from them is on the disk.
   *
   * @throws ProblemException if the first that is refused among them was refused
   */
  public void take(List<AggregatorEvent> events) throws InterruptedException {
    take(new Task(events, List.of()));
  }

  /**
   * Gives events to the core.
   *
   * @return done when what follows from them is on the disk, with the first refusal among them
   * @throws ProblemException if there is no room for more
   */
  public CompletableFuture<Optional<Refusal>> submit(List<AggregatorEvent> events)
      throws InterruptedException {
    Task task = new Task(events, List.of());
    offer(task);
    return task.answer();
  }

  private void offer(Task task) throws InterruptedException {
    if (stopping || !waiting.offer(task, 5, TimeUnit.SECONDS)) {
      throw new ProblemException(Code.NODE_UNAVAILABLE, "the aggregator is stopping or overloaded");
    }
  }

  private void take(Task task) throws InterruptedException {
    offer(task);
    Optional<Refusal> refusal = task.answer().join();
    if (refusal.isPresent()) {
      throw new ProblemException(refusal.get());
    }
  }

  /**
   * Adds writes of the shell's own to the next transaction; lost if it fails, so only for what is
   * done again.
   */
  public void alsoWrite(List<Write> chores) {
    if (!waiting.offer(new Task(List.of(), List.copyOf(chores)))) {
      LOG.debug("Too busy for housekeeping; it comes round again");
    }
  }

  public void take(AggregatorEvent event) throws InterruptedException {
    take(List.of(event));
  }

  /**
   * Looks at the core; never sees anything that is not on the disk. One at a time: the core knows
   * no threads, and a poll leaves a trace in it of who is there.
   */
  public <T> T look(Function<AggregatorCore, T> reading) {
    List<Runnable> after = new ArrayList<>();
    lock.lock();
    try {
      if (!held.isEmpty()) {
        flush(after);
      }
      return reading.apply(core);
    } finally {
      lock.unlock();
      after.forEach(Runnable::run);
    }
  }

  /** What a node has not seen yet. It needs no flush; {@link AggregatorEffects} says why. */
  public Optional<WorkReply> work(String institution, Cursor after) {
    lock.lock();
    try {
      return core.work(institution, after);
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    long lastTick = 0;
    while (!stopping) {
      List<Task> batch = new ArrayList<>();
      try {
        Task first = waiting.poll(patience().toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MAX_BATCH - 1);
        }
      } catch (InterruptedException stopped) {
        break;
      }
      if (System.nanoTime() - lastTick >= TICK.toNanos()) {
        lastTick = System.nanoTime();
        batch.add(new Task(List.of(new AggregatorEvent.Tick()), List.of()));
      }
      step(batch);
    }
    Refusal gone = Refusal.of(Code.NODE_UNAVAILABLE, "the aggregator is stopping");
    List<Task> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(task -> task.answer().complete(Optional.of(gone)));
  }

  /** How long the loop may sleep: a tick, or until the oldest answer that is held is due. */
  private Duration patience() {
    lock.lock();
    try {
      return held.isEmpty() ? TICK : HELD.minusNanos(System.nanoTime() - heldSince);
    } finally {
      lock.unlock();
    }
  }

  private void step(List<Task> batch) {
    List<Runnable> after = new ArrayList<>();
    lock.lock();
    try {
      Instant now = clock.instant();
      boolean due = false;
      boolean anything = false;
      for (Task task : batch) {
        if (task.opening() != 0 && task.opening() != openings) {
          // The result of work on rows that were lost with the core that asked for it.
          task.answer().complete(Optional.empty());
          continue;
        }
        AggregatorEffects effects;
        try {
          long begun = System.nanoTime();
          effects = core.handle(task.events(), now);
          Metrics.timer(STEPS, "step", "decide").record(System.nanoTime() - begun, NANOSECONDS);
        } catch (RuntimeException bug) {
          held.add(new Taken(task, AggregatorEffects.NONE));
          throw bug;
        }
        if (held.isEmpty()) {
          heldSince = System.nanoTime();
        }
        held.add(new Taken(task, effects));
        store.hold(effects.writes());
        store.hold(task.chores());
        due |=
            effects.diskFirst()
                || effects.refusal().isPresent()
                || task.events().stream().anyMatch(AggregatorEvent.Tick.class::isInstance);
        anything |= effects.news();
        int opening = openings;
        effects.commands().forEach(command -> after.add(() -> start(command, opening)));
      }
      if (!held.isEmpty() && (due || System.nanoTime() - heldSince >= HELD.toNanos())) {
        flush(after);
      }
      if (anything) {
        after.add(news::announce);
      }
    } catch (RuntimeException failed) {
      fail(failed, after);
    } finally {
      lock.unlock();
    }
    after.forEach(Runnable::run);
  }

  /**
   * Called with the lock held: everything taken goes to the disk. The answers are to be given when
   * the lock is free again.
   */
  private void flush(List<Runnable> after) {
    List<Taken> taken = List.copyOf(held);
    try {
      long before = System.nanoTime();
      List<Write> writes = store.flush();
      if (!writes.isEmpty()) {
        Metrics.timer(STEPS, "step", "commit").record(System.nanoTime() - before, NANOSECONDS);
        committed.accept(writes);
      }
    } catch (RuntimeException failed) {
      fail(failed, after);
      return;
    }
    held.clear();
    after.add(() -> taken.forEach(done -> done.task().answer().complete(done.effects().refusal())));
  }

  /** Called with the lock held: nothing of what was taken since the last flush has happened. */
  private void fail(RuntimeException failed, List<Runnable> after) {
    LOG.error("A step could not be stored; going back to what is on the disk", failed);
    Refusal refusal = refusalFor(failed);
    List<Taken> lost = List.copyOf(held);
    held.clear();
    store.drop();
    reopen();
    // Nothing of it has happened, so nothing that was to follow does.
    after.clear();
    after.add(() -> lost.forEach(taken -> taken.task().answer().complete(Optional.of(refusal))));
  }

  private static Refusal refusalFor(RuntimeException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("SQLITE_FULL") || message.contains("No space left")) {
        return Refusal.of(Code.STORAGE_FULL, "nothing of this request was kept");
      }
    }
    return Refusal.of(Code.SERVER_FAILED, "nothing of this request was kept; repeat it");
  }

  /**
   * Called with the write lock held. Without a readable store nothing else can be done but try
   * again.
   */
  private void reopen() {
    while (!stopping) {
      try {
        core = opener.get();
        openings++;
        return;
      } catch (RuntimeException unreadable) {
        LOG.error("The store cannot be read; trying again", unreadable);
        try {
          Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void start(RoundCommand command, int opening) {
    commands.execute(() -> run(command, opening));
  }

  private void run(RoundCommand command, int opening) {
    try {
      long begun = System.nanoTime();
      AggregatorEvent done = worker.apply(command);
      Metrics.timer(STEPS, "step", command.getClass().getSimpleName())
          .record(System.nanoTime() - begun, NANOSECONDS);
      take(new Task(List.of(done), List.of(), opening, new CompletableFuture<>()));
    } catch (ProblemException refused) {
      // The round went on without this result, or the commit failed and the reopened core asks
      // again.
      LOG.debugf("Result of %s was not taken: %s", command, refused.getMessage());
    } catch (RuntimeException bug) {
      LOG.errorf(bug, "Command failed: %s", command);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    news.close();
    loop.interrupt();
    commands.shutdownNow();
    try {
      loop.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
