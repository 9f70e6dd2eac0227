package io.concordat.e2e.simulation;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.protocol.contribution.Fetcher;
import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.contribution.VectorSource;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.KeySumStated;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node's shell, as small as a shell can be. */
final class SimulatedNode extends Machine {
  private static final long TICK = 500;
  private static final long POLL_PATIENCE = 3000;
  private static final long RESEND = 2000;

  private final NodeSetup setup;
  private final int silo;
  private VectorSource vectors;
  private final byte[] nodeSecret = new byte[32];
  private final MemorySecrets secrets = new MemorySecrets();
  private final Map<String, Long> lastSent = new HashMap<>();

  /** A post as it went onto the wire. */
  record Sent(Outgoing.Post post, List<byte[]> attachments, Optional<byte[]> ciphertext) {}

  private @Nullable NodeCore core;
  private @Nullable NodeWorker worker;
  private @Nullable MemoryStore snapshot;
  private @Nullable MemoryBlobs snapshotBlobs;
  private long poll;

  SimulatedNode(World world, NodeSetup setup, int silo) {
    super(setup.institution(), world);
    this.setup = setup;
    this.silo = silo;
    vectors = PowersOfTwo.vectors(silo);
    world.chance.fill(nodeSecret);
  }

  NodeCore core() {
    NodeCore open = core;
    if (open == null) {
      throw new IllegalStateException("the node is not open");
    }
    return open;
  }

  /** From now on this silo's program is another one than everybody believes. */
  void alter(VectorSource other) {
    vectors = other;
  }

  MemorySecrets secrets() {
    return secrets;
  }

  @Override
  void beforeRestart() {
    MemoryStore old = snapshot;
    MemoryBlobs oldBlobs = snapshotBlobs;
    if (old != null && oldBlobs != null && world.chance.once(world.network.trouble().setBack())) {
      world.network.fault();
      world.oracle.wasSetBack(id);
      store = old.copy();
      blobs = oldBlobs.copy();
    }
  }

  private void maybeSnapshot() {
    if (world.chance.once(0.02)) {
      snapshot = store.copy();
      snapshotBlobs = blobs.copy();
    }
  }

  @Override
  void start() {
    core = NodeCore.open(setup, late);
    worker =
        new NodeWorker(
            new NodeWorker.Means(
                id,
                blobs,
                late,
                secrets,
                (round, state, counter) -> vectors.vector(round, state, counter),
                fetcher(),
                world.chance,
                nodeSecret,
                RingKernels.best(),
                this::now));
    up = true;
    lastSent.clear();
    for (String dataset : World.DATASETS) {
      if (setup.rules().datasets().containsKey(dataset)) {
        event(new NodeEvent.DatasetReady(dataset, 100 + silo));
      }
    }
    tick();
    ask();
  }

  private Fetcher fetcher() {
    return new Fetcher() {
      @Override
      public InputStream sum(Digest manifest) throws IOException {
        CohortFixed fixed =
            core()
                .ledger()
                .roundOf(manifest)
                .flatMap(r -> r.manifest())
                .orElseThrow(() -> new IOException("no such round"))
                .fixed();
        return new ByteArrayInputStream(reachable().blobs.bytes(Names.sum(fixed)));
      }

      @Override
      public WorkItem.Opening opening(Digest manifest) throws IOException {
        return reachable()
            .core()
            .opening(manifest)
            .orElseThrow(() -> new IOException("no such opening"));
      }

      @Override
      public InputStream ciphertext(Digest contribution) throws IOException {
        return new ByteArrayInputStream(reachable().blobs.bytes(Names.ciphertext(contribution)));
      }

      private SimulatedAggregator reachable() throws IOException {
        if (!world.aggregator.up || world.chance.once(world.network.trouble().drop())) {
          throw new IOException("connection refused");
        }
        return world.aggregator;
      }
    };
  }

  private void tick() {
    if (!up) {
      return;
    }
    maybeJump();
    maybeSnapshot();
    if (world.chance.once(world.network.trouble().cutOff())) {
      world.network.cutOff(id, world.chance.between(500, 20_000));
    }
    event(new NodeEvent.Tick());
    if (up) {
      for (Outgoing message : core().undelivered()) {
        Long sent = lastSent.get(message.id());
        if (sent == null || sent + RESEND < world.network.now()) {
          transmit(message);
        }
      }
    }
    later(TICK, this::tick);
  }

  void event(NodeEvent event) {
    if (!up) {
      return;
    }
    NodeEffects effects = core().handle(event, now());
    if (!write(effects.writes(), effects.diskFirst() || event instanceof NodeEvent.Tick)) {
      return;
    }
    effects.send().stream()
        .filter(message -> unforgettable(message) && !effects.diskFirst())
        .forEach(message -> world.oracle.violation(message.id() + " left before the disk had it"));
    effects.trouble().ifPresent(r -> world.trouble(id, r));
    effects.send().forEach(this::transmit);
    effects.commands().forEach(this::run);
  }

  /** What a node may never say in other words after a crash. */
  private static boolean unforgettable(Outgoing message) {
    return switch (message) {
      case Outgoing.Cosignature c -> true;
      case Outgoing.Upload u -> false;
      case Outgoing.Post post ->
          switch (post.statement().type()) {
            case CONTRIBUTION, OPENING_RECORDED, BOX_KEY_PUBLISHED, FREEZE, THAW -> true;
            default -> false;
          };
    };
  }

  private void run(NodeCommand command) {
    later(
        1 + world.chance.between(0, 20),
        () -> {
          NodeWorker working = worker;
          if (working != null) {
            working.run(command).ifPresent(this::event);
          }
        });
  }

  private void transmit(Outgoing message) {
    lastSent.put(message.id(), world.network.now());
    switch (message) {
      case Outgoing.Post post -> {
        List<byte[]> attachments = new ArrayList<>();
        for (String row : post.attachments()) {
          Optional<byte[]> bytes = late.get(row);
          if (bytes.isEmpty()) {
            // The round is over and its rows are gone: nobody waits for this any more.
            event(
                new NodeEvent.Refused(
                    post.id(), Refusal.of(Code.ROUND_ENDED, "attachment erased")));
            return;
          }
          attachments.add(bytes.get());
        }
        Optional<byte[]> ciphertext = Optional.empty();
        if (!post.inlineBlob().isEmpty()) {
          try {
            byte[] bytes = blobs.bytes(post.inlineBlob());
            if (bytes.length <= setup.inlineBytes()) {
              ciphertext = Optional.of(bytes);
            }
          } catch (IOException e) {
            return;
          }
        }
        Optional<byte[]> inline = ciphertext;
        world.oracle.sent(post.statement());
        if (post.statement().statement() instanceof KeySumStated answer) {
          core()
              .ledger()
              .roundOf(answer.manifest())
              .ifPresent(r -> world.oracle.answered(r.ctx().toString(), answer.manifest()));
        }
        world.record(new Sent(post, attachments, inline));
        world.network.send(
            id,
            () ->
                world.aggregator.post(
                    this, post.statement(), attachments, inline, answer -> answered(post, answer)));
      }
      case Outgoing.Upload upload ->
          world.network.send(
              id,
              () ->
                  world.aggregator.missing(
                      this, upload.contribution(), chunks -> missing(upload, chunks)));
      case Outgoing.Cosignature(String messageId, String line) ->
          world.network.send(
              id, () -> world.aggregator.cosignature(this, line, a -> answered(message, a)));
    }
  }

  /** What the aggregator still lacks of an upload: nothing, some chunks, or it knows of none. */
  private void missing(Outgoing.Upload upload, Optional<List<Integer>> chunks) {
    world.network.send(
        id,
        () -> {
          if (!up || core().undelivered().stream().noneMatch(m -> m.id().equals(upload.id()))) {
            return;
          }
          if (chunks.isEmpty()) {
            event(
                new NodeEvent.Refused(
                    upload.id(), Refusal.of(Code.CONTRIBUTION_UNKNOWN, "no such upload")));
          } else if (chunks.get().isEmpty()) {
            event(new NodeEvent.Delivered(upload.id()));
          } else {
            chunks.get().forEach(index -> send(upload, index));
          }
        });
  }

  private void send(Outgoing.Upload upload, int index) {
    byte[] whole;
    try {
      whole = blobs.bytes(upload.blob());
    } catch (IOException e) {
      return;
    }
    int from = Math.min(whole.length, index * SimulatedAggregator.CHUNK);
    byte[] chunk =
        Arrays.copyOfRange(whole, from, Math.min(whole.length, from + SimulatedAggregator.CHUNK));
    world.network.send(
        id,
        () ->
            world.aggregator.chunk(
                upload.contribution(), index, chunk, left -> missing(upload, left)));
  }

  private void answered(Outgoing message, Optional<Refusal> refusal) {
    if (refusal.isEmpty() && message instanceof Outgoing.Post post) {
      world.oracle.acknowledged(post.statement());
    }
    world.network.send(
        id,
        () ->
            event(
                refusal
                    .<NodeEvent>map(r -> new NodeEvent.Refused(message.id(), r))
                    .orElseGet(() -> new NodeEvent.Delivered(message.id()))));
  }

  private void ask() {
    if (!up) {
      return;
    }
    long number = ++poll;
    var cursor = core().cursor();
    world.network.send(id, () -> world.aggregator.poll(this, cursor, number));
    later(
        POLL_PATIENCE,
        () -> {
          if (poll == number) {
            ask();
          }
        });
  }

  void replied(byte[] reply, long number) {
    if (!up) {
      return;
    }
    try {
      event(new NodeEvent.Received(WorkReply.read(reply)));
    } catch (DecodeException e) {
      world.oracle.violation("a reply does not read: " + e.getMessage());
    }
    if (poll == number) {
      ask();
    }
  }
}
