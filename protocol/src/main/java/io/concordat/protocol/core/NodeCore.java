package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.statement.TemplateApproved;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that a node decides, in all its roles. See the package page for what the shell does.
 *
 * <p>The log is replayed from its first entry after every start. Until the replay has reached the
 * head that this node cosigned last, it neither seals nor records nor answers: an aggregator cannot
 * show a restarted node the log as it was earlier.
 */
public final class NodeCore {
  private static final String HALT = "halt";

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final Messages messages;
  private final HeldFreezes freezes;
  private final Heads heads;
  private final Contributing contributing;
  private final Holding holding;
  private final TreeMap<String, Long> datasets = new TreeMap<>();
  private Optional<Refusal> halt = Optional.empty();
  private long lastItem;

  private NodeCore(NodeSetup setup, Store store) {
    this.setup = setup;
    ledger = new FederationLedger(setup.rules(), setup.policies(), setup.jobs());
    messages = new Messages(store, ledger);
    freezes = new HeldFreezes(setup, store, ledger, messages);
    heads = new Heads(setup, store, ledger);
    contributing = new Contributing(setup, store, ledger);
    holding = new Holding(setup, store, ledger);
    store.get(HALT).ifPresent(row -> halt = Optional.of(refusal(row)));
  }

  /**
   * Opens the node from its store. The log is not there: the node asks for it from {@link
   * Cursor#START} and replays it, and does nothing else before it has reached what it knew.
   */
  public static NodeCore open(NodeSetup setup, Store store) {
    return new NodeCore(setup, store);
  }

  private static Refusal refusal(byte[] row) {
    JsonObject o = object(row);
    try {
      return Refusal.of(
          Code.byText(o.string("code")).orElse(Code.LOG_INCONSISTENT), o.string("detail"));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored halt does not read", e);
    }
  }

  static JsonObject object(byte[] row) {
    try {
      return CanonicalJson.parseObject(row);
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored row does not read", e);
    }
  }

  /** Takes one event. */
  public NodeEffects handle(NodeEvent event, Instant now) {
    Outbound out = new Outbound();
    switch (event) {
      case NodeEvent.Received(WorkReply reply) -> received(reply, out);
      case NodeEvent.Delivered(String id) -> delivered(id, out);
      case NodeEvent.Refused(String id, Refusal reason) -> messages.refused(id, reason, out);
      case NodeEvent.Contributed(var result) -> contributing.take(result, out);
      case NodeEvent.Held(var result) -> holding.take(result, out);
      case NodeEvent.CommandFailed(NodeCommand command, String _) -> {
        switch (command) {
          case NodeCommand.Contribute(var c) -> contributing.failed(c, now);
          case NodeCommand.Hold(var c) -> holding.failed(c);
          case NodeCommand.Discard discard -> {}
        }
      }
      case NodeEvent.DatasetReady(String dataset, long patients) -> datasets.put(dataset, patients);
      case NodeEvent.Endorse(var submitter, String name) ->
          post(new SubmitterEndorsed(submitter, name, setup.institution()), out);
      case NodeEvent.Decide(var kind, Digest job, String reason) ->
          post(new JobDecision(kind, job, setup.institution(), reason), out);
      case NodeEvent.DecideRelease(var kind, Digest job, String reason) ->
          post(new ReleaseDecision(kind, job, setup.institution(), reason), out);
      case NodeEvent.Review(Digest template, String name) ->
          post(new TemplateApproved(template, name, setup.institution()), out);
      case NodeEvent.FreezeNow(String reason) -> freezes.freeze(reason, out, now);
      case NodeEvent.AgreeToThaw(String reason) -> freezes.thaw(reason, out, now);
      case NodeEvent.FreezeArrived(SignedStatement signed) -> freezes.arrived(signed, out);
      case NodeEvent.MachineChanged() -> heads.restartInquiry(now);
      case NodeEvent.Tick() -> {}
    }
    out.diskFirst |= fromPeople(event);
    boolean tick = event instanceof NodeEvent.Tick;
    halt(heads.drive(out, now, tick), out);
    drive(out, now, tick);
    List<Outgoing> send = halt.isPresent() ? List.of() : messages.take(out);
    return new NodeEffects(out.writes, send, out.commands, out.trouble, out.diskFirst);
  }

  /** Whether somebody waits to hear that it was taken; then a crash must not take it back. */
  private static boolean fromPeople(NodeEvent event) {
    return switch (event) {
      case NodeEvent.Received r -> false;
      case NodeEvent.Delivered d -> false;
      case NodeEvent.Refused r -> false;
      case NodeEvent.Contributed c -> false;
      case NodeEvent.Held h -> false;
      case NodeEvent.CommandFailed f -> false;
      case NodeEvent.MachineChanged m -> false;
      case NodeEvent.Tick t -> false;
      case NodeEvent.DatasetReady d -> true;
      case NodeEvent.Endorse e -> true;
      case NodeEvent.Decide d -> true;
      case NodeEvent.DecideRelease d -> true;
      case NodeEvent.Review r -> true;
      case NodeEvent.FreezeNow f -> true;
      case NodeEvent.AgreeToThaw t -> true;
      case NodeEvent.FreezeArrived f -> true;
    };
  }

  private void delivered(String id, Outbound out) {
    messages
        .delivered(id, out)
        .ifPresent(message -> {
          if (message instanceof Outgoing.Post post) {
            contributing.delivered(post, out);
          }
        });
  }

  private void post(Statement statement, Outbound out) {
    out.post(SignedStatement.sign(statement, setup.signer()));
  }

  private void received(WorkReply reply, Outbound out) {
    long from = reply.cursor().logSize() - reply.entries().size();
    if (from > ledger.size() || from < 0) {
      // Entries in between are missing: an answer to an older question. Ask again.
      return;
    }
    long have = ledger.size() - from;
    for (int i = (int) Math.min(have, reply.entries().size()); i < reply.entries().size(); i++) {
      ledger.apply(reply.entries().get(i));
    }
    lastItem = Math.max(lastItem, reply.cursor().item());
    if (!reply.checkpoint().isEmpty()) {
      halt(heads.checkpoint(reply.checkpoint()), out);
      messages.countCheckpoint();
    }
    for (WorkItem item : reply.items()) {
      switch (item) {
        case WorkItem.BoxDelivery box -> holding.box(box, out);
        case WorkItem.Opening opening -> contributing.material(opening);
        case WorkItem.QuorumCheckpoint(String note) -> halt(heads.checkpoint(note), out);
        case WorkItem.Relayed(SignedStatement statement) -> {
          if (statement.type() == StatementType.FREEZE || statement.type() == StatementType.THAW) {
            freezes.arrived(statement, out);
          } else {
            heads.relayed(statement, out);
          }
        }
      }
    }
    ledger.stalled().ifPresent(r -> out.trouble = Optional.of(r));
  }

  private void halt(Optional<Refusal> reason, Outbound out) {
    if (reason.isEmpty() || halt.isPresent()) {
      return;
    }
    // Two histories of one log: no later one can make that good, so it is remembered for good.
    halt = reason;
    out.trouble = reason;
    out.diskFirst = true;
    out.writes.add(
        Write.put(
            HALT,
            JsonObject.builder()
                .put("code", reason.get().code().text())
                .put("detail", reason.get().detail())
                .build()));
  }

  /** Whether a freeze holds here, in the log or arrived outside it. */
  public boolean frozen() {
    return freezes.frozen();
  }

  /** Freezes that arrived here and that the log does not have. */
  public List<Freeze> held() {
    return freezes.held();
  }

  private void drive(Outbound out, Instant now, boolean tick) {
    if (!acting()) {
      return;
    }
    declare(out);
    declareSite(out);
    messages.dropStale(out);
    contributing.drive(heads.quorumSize(), frozen(), out, now);
    holding.drive(heads.quorumSize(), frozen(), tick, out, now);
  }

  /** Whether this node takes part in anything now. */
  public boolean acting() {
    return halt.isEmpty()
        && messages.missing().isEmpty()
        && ledger.stalled().isEmpty()
        && ledger.size() > 0
        && heads.caughtUp();
  }

  /** Why this node takes no part, for its operator; empty if it does or is still catching up. */
  public Optional<Refusal> trouble() {
    return halt.or(messages::missing).or(ledger::stalled);
  }

  private void declare(Outbound out) {
    for (Map.Entry<String, Long> dataset : datasets.entrySet()) {
      Long known = ledger.declared(dataset.getKey()).get(setup.institution());
      DatasetDeclared declared =
          new DatasetDeclared(dataset.getKey(), setup.institution(), dataset.getValue());
      if (!dataset.getValue().equals(known) && !messages.underWay(declared)) {
        post(declared, out);
      }
    }
  }

  /**
   * Others wait for this institution's officers only where the log says that it has asked so, and
   * know what its overlay forbids from there. A node without an overlay says nothing, unless it is
   * to take back what one said before.
   */
  private void declareSite(Outbound out) {
    Approval own = setup.site().approval();
    SiteLimits limits = setup.site().limits();
    SiteDeclared wanted = new SiteDeclared(setup.institution(), own.jobs(), own.releases(), limits);
    boolean asked = !own.equals(Approval.AUTOMATIC) || !limits.equals(SiteLimits.NONE);
    Optional<SiteDeclared> known = ledger.site(setup.institution());
    boolean silent = known.isEmpty() && !asked;
    if (!silent && !known.equals(Optional.of(wanted)) && !messages.underWay(wanted)) {
      post(wanted, out);
    }
  }

  /** Where to poll from. */
  public Cursor cursor() {
    return new Cursor(ledger.size(), lastItem);
  }

  /** Messages that were not reported delivered yet, oldest first: to be sent after a start. */
  public List<Outgoing> undelivered() {
    return halt.isPresent() ? List.of() : messages.undelivered();
  }

  /** The log, replayed. For reading. */
  public FederationLedger ledger() {
    return ledger;
  }

  /** Size of the newest checkpoint with the witnesses' quorum that this node has replayed to. */
  public long quorumSize() {
    return heads.quorumSize();
  }
}
