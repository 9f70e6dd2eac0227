package io.concordat.silonode.node;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.silonode.store.Remark;
import io.concordat.silonode.store.SiloStore;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one loop that gives events to the core: step, commit, and only then send and work.
 *
 * <p>A seal, an opening record, a cosignature are on the disk before they leave. What the node
 * would say again in the same words, or only notes, waits for the next of those or for the next
 * tick: a checked box, a delivered message, a fingerprint cost no flush of their own.
 *
 * <p>If a commit fails, the core's memory is ahead of the disk: it is thrown away and opened again
 * from the store, and everything that was lost with it comes back by itself, since the log is
 * polled from its start, messages stand in the store, and commands are given again.
 */
public final class NodeDriver implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NodeDriver.class);
  private static final int MAX_WAITING = 1024;
  private static final int MAX_BATCH = 64;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** How long each kind of work took: a meter for operators and the benchmark of whole rounds. */
  static final String STEPS = "concordat.steps";

  private final Supplier<NodeCore> opener;
  private final SiloStore store;
  private final LateStore rows;
  private final Consumer<Outgoing> sender;
  private final InstantSource clock;
  private final BlockingQueue<Task> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Workbench workbench;
  private final Thread loop;
  private final Consumer<Integer> reopened;
  private final MachineWatch machine;
  private final Boarding boarding;

  // Remarks that are not on the disk yet; guarded by the write lock, as the core is.
  private final List<Remark> heldRemarks = new ArrayList<>();
  private NodeCore core;
  private int openings;
  private volatile Optional<String> storageTrouble = Optional.empty();

  private volatile boolean stopping;
  private volatile boolean stale;

  private record Task(
      NodeEvent event, List<Remark> remarks, CompletableFuture<Optional<Refusal>> answer) {}

  private record Taken(Task task, NodeEffects effects) {}

  /**
   * @param opener opens a core from the store; called again after a failed commit
   * @param rows the store as core, workers and sender read it
   * @param sender takes messages to be delivered and returns at once
   * @param machine notices that this process runs in a restored snapshot
   * @param boarding is told what is under way
   * @param reopened is told the number of times a core was opened, beginning with 1
   */
  public NodeDriver(
      Supplier<NodeCore> opener,
      SiloStore store,
      LateStore rows,
      Function<NodeCommand, Optional<NodeEvent>> worker,
      Consumer<Outgoing> sender,
      InstantSource clock,
      MachineWatch machine,
      Boarding boarding,
      Consumer<Integer> reopened) {
    this.opener = opener;
    this.store = store;
    this.rows = rows;
    this.sender = sender;
    this.clock = clock;
    this.machine = machine;
    this.boarding = boarding;
    this.reopened = reopened;
    this.core = opener.get();
    this.workbench = new Workbench(worker, boarding, this::take);
    this.loop = Thread.ofPlatform().name("node-driver").unstarted(this::loop);
  }

  public void start() {
    opened();
    loop.start();
  }

  private void opened() {
    openings++;
    reopened.accept(openings);
    core.undelivered().forEach(sender);
  }

  /**
   * Gives an event to the core; the answer comes when the messages that follow from it are on the
   * disk, and says what the operator should see.
   */
  public CompletableFuture<Optional<Refusal>> take(NodeEvent event) throws InterruptedException {
    return take(event, List.of());
  }

  /** The same; the remarks stand in the local books together with what follows from the event. */
  public CompletableFuture<Optional<Refusal>> take(NodeEvent event, List<Remark> remarks)
      throws InterruptedException {
    CompletableFuture<Optional<Refusal>> answer = new CompletableFuture<>();
    boarding.eventWaits();
    while (!stopping) {
      if (waiting.offer(new Task(event, List.copyOf(remarks), answer), 1, TimeUnit.SECONDS)) {
        return answer;
      }
    }
    boarding.stepped(1);
    answer.completeExceptionally(new IOException("the node is stopping"));
    return answer;
  }

  /** Where to poll from. It follows from entries that this node can ask for again at any time. */
  public Cursor cursor() {
    lock.readLock().lock();
    try {
      return core.cursor();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Looks at the core. What it shows may reach the disk a tick later, if nobody was sent anything
   * that follows from it.
   */
  public <T> T look(Function<NodeCore, T> reading) {
    lock.readLock().lock();
    try {
      return reading.apply(core);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The core replays the log anew: a policy arrived that it had stopped for. */
  public void startOver() {
    stale = true;
  }

  /** Why the store does not take writes, in words; empty while it does. */
  public Optional<String> storageTrouble() {
    return storageTrouble.or(workbench::trouble);
  }

  private void loop() {
    long lastTick = 0;
    while (!stopping) {
      List<Task> batch = new ArrayList<>();
      try {
        Task first = waiting.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MAX_BATCH - 1);
        }
      } catch (InterruptedException stopped) {
        break;
      }
      int waited = batch.size();
      if (System.nanoTime() - lastTick >= TICK.toNanos()) {
        lastTick = System.nanoTime();
        lookAtMachine();
        batch.add(new Task(new NodeEvent.Tick(), List.of(), new CompletableFuture<>()));
      }
      try {
        step(batch);
      } catch (InterruptedException stopped) {
        break;
      }
      boarding.stepped(waited);
    }
    IOException gone = new IOException("the node is stopping");
    List<Task> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(task -> task.answer().completeExceptionally(gone));
  }

  /**
   * In a restored snapshot everything that the memory says of the world is old. The core is opened
   * again from the store, as after a start: it replays the log from its first entry, takes no part
   * before it has reached what it knew, and as a witness asks the others first. The event in front
   * makes its questions others than those that the same random generator may have asked before.
   */
  private void lookAtMachine() {
    Optional<String> sign = machine.changed();
    if (sign.isEmpty()) {
      return;
    }
    LOG.warnf("This machine was restored or copied: %s; acting as after a start", sign.get());
    lock.writeLock().lock();
    try {
      core = opener.get();
      core.handle(new NodeEvent.MachineChanged(), clock.instant());
      opened();
    } catch (RuntimeException unreadable) {
      LOG.error("The store cannot be read", unreadable);
      storageTrouble = Optional.of(DiskWords.of(unreadable));
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void step(List<Task> batch) throws InterruptedException {
    List<Taken> taken = new ArrayList<>(batch.size());
    lock.writeLock().lock();
    try {
      Instant now = clock.instant();
      if (stale) {
        stale = false;
        commit(now);
        heldRemarks.clear();
        reopen();
      }
      boolean due = false;
      for (Task task : batch) {
        long begun = System.nanoTime();
        NodeEffects effects = core.handle(task.event(), now);
        Metrics.timer(STEPS, "step", "decide").record(System.nanoTime() - begun, NANOSECONDS);
        taken.add(new Taken(task, effects));
        rows.hold(effects.writes());
        heldRemarks.addAll(task.remarks());
        heldRemarks.addAll(Remarks.of(task.event(), effects, core.ledger()));
        due |=
            effects.diskFirst()
                || !task.remarks().isEmpty()
                || task.event() instanceof NodeEvent.Tick;
      }
      if (due) {
        commit(now);
        heldRemarks.clear();
        storageTrouble = Optional.empty();
      }
    } catch (RuntimeException failed) {
      LOG.error("A step could not be stored; going back to what is on the disk", failed);
      storageTrouble = Optional.of(DiskWords.of(failed));
      rows.drop();
      heldRemarks.clear();
      reopen();
      batch.forEach(task -> task.answer().completeExceptionally(failed));
      return;
    } finally {
      lock.writeLock().unlock();
    }
    for (Taken done : taken) {
      if (!(done.task().event() instanceof NodeEvent.Refused)) {
        // What the aggregator refused was logged where its answer came in.
        done.effects().trouble().ifPresent(refusal -> LOG.warnf("%s", refusal));
      }
      done.effects().send().forEach(sender);
      done.effects().commands().forEach(workbench::start);
      done.task().answer().complete(done.effects().trouble());
    }
  }

  /** Called with the write lock held. */
  private void commit(Instant now) {
    long begun = System.nanoTime();
    if (!rows.flush(writes -> store.commit(writes, heldRemarks, now)).isEmpty()) {
      Metrics.timer(STEPS, "step", "commit").record(System.nanoTime() - begun, NANOSECONDS);
    }
  }

  /**
   * Called with the write lock held. Without a readable store nothing can be done but try again.
   */
  private void reopen() throws InterruptedException {
    while (!stopping) {
      // Also after a success: a full disk stays full for a while, and each try replays the log.
      Thread.sleep(AFTER_FAILURE);
      try {
        core = opener.get();
        opened();
        return;
      } catch (RuntimeException unreadable) {
        LOG.error("The store cannot be read; trying again", unreadable);
        storageTrouble = Optional.of(DiskWords.of(unreadable));
      }
    }
  }

  @Override
  public void close() {
    stopping = true;
    loop.interrupt();
    workbench.close();
    try {
      loop.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
