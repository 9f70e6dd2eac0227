package io.concordat.e2e.simulation;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.AggregatorEffects;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.AggregatorSetup;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.opening.AggregatorWorker;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The aggregator's shell, as small as a shell can be. */
final class SimulatedAggregator extends Machine {
  /** Bytes of a chunk: small vectors must have several. */
  static final int CHUNK = 256;

  private static final long TICK = 500;

  private final AggregatorSetup setup;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** Given when what they are about is on the disk. */
  private final List<Runnable> answers = new ArrayList<>();

  private @Nullable AggregatorCore core;
  private @Nullable AggregatorWorker worker;

  private record Waiting(SimulatedNode node, Cursor cursor, long poll) {}

  SimulatedAggregator(World world, AggregatorSetup setup) {
    super("aggregator", world);
    this.setup = setup;
  }

  AggregatorCore core() {
    AggregatorCore open = core;
    if (open == null) {
      throw new IllegalStateException("the aggregator is not open");
    }
    return open;
  }

  @Override
  void start() {
    AggregatorCore opened = AggregatorCore.open(setup, late);
    core = opened;
    worker =
        new AggregatorWorker(
            blobs, late, RingKernels.best(), job -> opened.ledger().job(job).orElseThrow());
    waiting.clear();
    answers.clear();
    up = true;
    tick();
  }

  private void tick() {
    maybeJump();
    event(List.of(new AggregatorEvent.Tick()), refusal -> {});
    later(TICK, this::tick);
  }

  /** The answer waits for the disk; what nodes may see at once does not. */
  private void event(List<AggregatorEvent> events, Consumer<Optional<Refusal>> answer) {
    if (!up) {
      return;
    }
    AggregatorEffects effects = core().handle(events, now());
    boolean tick = events.stream().anyMatch(AggregatorEvent.Tick.class::isInstance);
    boolean flush = effects.diskFirst() || effects.refusal().isPresent() || tick;
    answers.add(() -> answer.accept(effects.refusal()));
    if (!write(effects.writes(), flush)) {
      return;
    }
    if (flush) {
      List<Runnable> due = List.copyOf(answers);
      answers.clear();
      due.forEach(Runnable::run);
    }
    if (effects.news()) {
      serveWaiting();
    }
    effects.commands().forEach(this::run);
  }

  private void run(RoundCommand command) {
    later(
        1 + world.chance.between(0, 5),
        () -> {
          AggregatorWorker working = worker;
          if (working != null) {
            event(List.of(working.run(command)), refusal -> {});
          }
        });
  }

  private void serveWaiting() {
    for (Waiting poll : new ArrayList<>(waiting.values())) {
      waiting.remove(poll.node.id);
      poll(poll.node, poll.cursor, poll.poll);
    }
  }

  void poll(SimulatedNode node, Cursor cursor, long poll) {
    if (!up) {
      return;
    }
    Optional<WorkReply> reply = core().work(node.id, cursor);
    if (reply.isPresent()) {
      if (reply.get().cursor().logSize() > store.size()) {
        world.oracle.violation("an entry was shown before the disk had it");
      }
      byte[] bytes = reply.get().bytes();
      world.answered(bytes.length);
      world.network.send(node.id, () -> node.replied(bytes, poll));
    } else {
      waiting.put(node.id, new Waiting(node, cursor, poll));
    }
  }

  /** A POST of a statement, a small ciphertext perhaps with it. */
  void post(
      SimulatedNode node,
      SignedStatement statement,
      List<byte[]> attachments,
      Optional<byte[]> ciphertext,
      Consumer<Optional<Refusal>> answer) {
    if (!up) {
      return;
    }
    List<AggregatorEvent> events = new ArrayList<>();
    events.add(new AggregatorEvent.StatementArrived(node.id, statement, attachments));
    if (ciphertext.isPresent() && statement.statement() instanceof ContributionHeader header) {
      Digest root = DigestTree.of(ciphertext.get());
      if (!root.equals(header.root())
          || !writeFile(Names.ciphertext(statement.digest()), ciphertext.get())) {
        return;
      }
      events.add(new AggregatorEvent.CiphertextStored(statement.digest()));
    }
    event(events, answer);
  }

  /** What is missing of an upload; empty if no open round has its header. */
  void missing(SimulatedNode node, Digest contribution, Consumer<Optional<List<Integer>>> answer) {
    if (!up) {
      return;
    }
    Optional<ContributionHeader> header = core().header(contribution);
    if (header.isEmpty()) {
      answer.accept(Optional.empty());
    } else if (core().complete(contribution)) {
      complete(contribution, answer);
    } else if (missing(contribution, header.get()).isEmpty()) {
      finish(contribution, header.get(), answer);
    } else {
      answer.accept(Optional.of(missing(contribution, header.get())));
    }
  }

  /** That a contribution is complete may wait for the disk yet; the silo forgets it when told. */
  private void complete(Digest contribution, Consumer<Optional<List<Integer>>> answer) {
    event(
        List.of(new AggregatorEvent.CiphertextStored(contribution)),
        refusal -> answer.accept(Optional.of(List.of())));
  }

  private List<Integer> missing(Digest contribution, ContributionHeader header) {
    if (core().complete(contribution)) {
      return List.of();
    }
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; (long) i * CHUNK < header.length(); i++) {
      if (!blobs.exists(draft(contribution, i))) {
        missing.add(i);
      }
    }
    return missing;
  }

  private static String draft(Digest contribution, int index) {
    return "incoming/" + contribution.hex() + "/" + index;
  }

  /** A chunk arrives; with the last one the contribution is complete, if its digest is right. */
  void chunk(
      Digest contribution, int index, byte[] bytes, Consumer<Optional<List<Integer>>> answer) {
    if (!up) {
      return;
    }
    Optional<ContributionHeader> header = core().header(contribution);
    if (header.isEmpty()) {
      answer.accept(Optional.empty());
      return;
    }
    if (core().complete(contribution)) {
      complete(contribution, answer);
      return;
    }
    if (!writeFile(draft(contribution, index), bytes)) {
      return;
    }
    if (missing(contribution, header.get()).isEmpty()) {
      finish(contribution, header.get(), answer);
    }
  }

  private void finish(
      Digest contribution, ContributionHeader header, Consumer<Optional<List<Integer>>> answer) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int i = 0; (long) i * CHUNK < header.length(); i++) {
      whole.writeBytes(blobs.known(draft(contribution, i)));
    }
    if (!DigestTree.of(whole.toByteArray()).equals(header.root())) {
      world.oracle.violation("the chunks of " + contribution + " have another digest");
      return;
    }
    if (writeFile(Names.ciphertext(contribution), whole.toByteArray())) {
      complete(contribution, answer);
    }
  }

  void cosignature(SimulatedNode node, String line, Consumer<Optional<Refusal>> answer) {
    event(List.of(new AggregatorEvent.CosignatureArrived(node.id, line)), answer);
  }

  void cancel(Digest job) {
    event(List.of(new AggregatorEvent.JobCancelled(job)), refusal -> {});
  }

  void submit(AggregatorEvent.JobArrived job, Consumer<Optional<Refusal>> answer) {
    event(List.of(job), answer);
  }
}
