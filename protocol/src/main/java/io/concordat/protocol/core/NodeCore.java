package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.Frost;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.Thaw;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private static final String OUTBOX = "outbox/";
  private static final String FREEZE = "freeze/";

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final Heads heads;
  private final Contributing contributing;
  private final Holding holding;
  private final LinkedHashMap<String, Outgoing> outbox = new LinkedHashMap<>();
  private final LinkedHashMap<String, Awaited> awaited = new LinkedHashMap<>();
  private final TreeMap<String, Freeze> freezes = new TreeMap<>();
  private final TreeMap<String, Long> datasets = new TreeMap<>();
  private Optional<Refusal> halt = Optional.empty();
  private Optional<Refusal> missing = Optional.empty();
  private long lastItem;
  private long messages;

  /** A logged statement that the aggregator took and that the log must show. */
  private record Awaited(SignedStatement statement, int checkpoints) {}

  private NodeCore(NodeSetup setup, Store store) {
    this.setup = setup;
    ledger = new FederationLedger(setup.rules(), setup.policies(), setup.jobs());
    heads = new Heads(setup, store, ledger);
    contributing = new Contributing(setup, store, ledger);
    holding = new Holding(setup, store, ledger);
    store.scan(OUTBOX).values().forEach(row -> queue(outgoing(row)));
    store.get(HALT).ifPresent(row -> halt = Optional.of(refusal(row)));
    store
        .scan(FREEZE)
        .forEach((key, row) -> {
          if (SignedStatement.stored(object(row)).statement() instanceof Freeze f) {
            freezes.put(f.institution(), f);
          }
        });
  }

  /**
   * Opens the node from its store. The log is not there: the node asks for it from {@link
   * Cursor#START} and replays it, and does nothing else before it has reached what it knew.
   */
  public static NodeCore open(NodeSetup setup, Store store) {
    return new NodeCore(setup, store);
  }

  private void queue(Outgoing message) {
    outbox.put(message.id(), message);
    int dash = message.id().indexOf('-');
    messages = Math.max(messages, Long.parseLong(message.id().substring(0, dash)));
  }

  private static Outgoing outgoing(byte[] row) {
    try {
      return Outgoing.fromJson(object(row));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored message does not read", e);
    }
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
      case NodeEvent.Refused(String id, Refusal reason) -> refused(id, reason, out);
      case NodeEvent.Contributed(var result) -> contributing.take(result, out);
      case NodeEvent.Held(var result) -> holding.take(result, out);
      case NodeEvent.CommandFailed(NodeCommand command) -> {
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
      case NodeEvent.FreezeNow(String reason) ->
          freezeArrived(
              SignedStatement.sign(
                  new Freeze(setup.institution(), nextNumber(now), reason), setup.signer()),
              out);
      case NodeEvent.AgreeToThaw(String reason) -> thaw(reason, out, now);
      case NodeEvent.FreezeArrived(SignedStatement signed) -> freezeArrived(signed, out);
      case NodeEvent.MachineChanged() -> heads.restartInquiry(now);
      case NodeEvent.Tick() -> {}
    }
    out.diskFirst |= fromPeople(event);
    boolean tick = event instanceof NodeEvent.Tick;
    halt(heads.drive(out, now, tick), out);
    drive(out, now, tick);
    return effects(out);
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
      countCheckpoint();
    }
    for (WorkItem item : reply.items()) {
      switch (item) {
        case WorkItem.BoxDelivery box -> holding.box(box, out);
        case WorkItem.Opening opening -> contributing.material(opening);
        case WorkItem.QuorumCheckpoint(String note) -> halt(heads.checkpoint(note), out);
        case WorkItem.Relayed(SignedStatement statement) -> {
          if (statement.type() == StatementType.FREEZE || statement.type() == StatementType.THAW) {
            freezeArrived(statement, out);
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

  private void countCheckpoint() {
    awaited.entrySet().removeIf(e -> ledger.place(e.getValue().statement()).isPresent());
    awaited.replaceAll((id, a) -> new Awaited(a.statement(), a.checkpoints() + 1));
    missing =
        awaited.values().stream()
            .filter(a -> a.checkpoints() >= 2)
            .findFirst()
            .map(a -> Refusal.of(Code.LOG_MISSING_ENTRY, a.statement().toString()));
  }

  private void delivered(String id, Outbound out) {
    Outgoing message = outbox.remove(id);
    if (message == null) {
      return;
    }
    out.writes.add(new Write.Delete(OUTBOX + id));
    if (message instanceof Outgoing.Post post
        && post.statement().type().logged()
        && ledger.place(post.statement()).isEmpty()) {
      awaited.put(id, new Awaited(post.statement(), 0));
    }
    if (message instanceof Outgoing.Post post) {
      contributing.delivered(post, out);
    }
  }

  private void refused(String id, Refusal reason, Outbound out) {
    Outgoing message = outbox.remove(id);
    if (message != null) {
      out.writes.add(new Write.Delete(OUTBOX + id));
      if (reason.code() != Code.ROUND_ENDED && reason.code() != Code.ROUND_DEADLINE) {
        out.trouble = Optional.of(reason);
      }
    }
  }

  /**
   * Takes a signed freeze or thaw from wherever it came, and carries it on to the log. A freeze
   * acts here at once; a thaw acts through the log alone, where its threshold is counted.
   */
  private void freezeArrived(SignedStatement signed, Outbound out) {
    String institution;
    long number;
    switch (signed.statement()) {
      case Freeze f -> {
        institution = f.institution();
        number = f.number();
      }
      case Thaw t -> {
        institution = t.institution();
        number = t.number();
      }
      default -> {
        out.trouble = refuse(Code.STATEMENT_TYPE, signed.type().wireName());
        return;
      }
    }
    if (!ledger.rules().speaks(institution, signed.signer())) {
      out.trouble = refuse(Code.STATEMENT_SIGNER, signed.signer() + " as " + institution);
      return;
    }
    if (ledger.place(signed).isPresent() || underWay(signed.statement())) {
      return;
    }
    if (number <= ledger.freezeNumber(institution)) {
      out.trouble =
          refuse(
              Code.REQUEST_REPLAYED,
              "number " + number + " after " + ledger.freezeNumber(institution));
      return;
    }
    if (signed.statement() instanceof Freeze freeze) {
      Freeze held = freezes.get(institution);
      if (held == null || held.number() < number) {
        freezes.put(institution, freeze);
        out.writes.add(Write.put(FREEZE + institution, signed.json()));
        out.diskFirst = true;
      }
    }
    out.post(signed);
  }

  private void thaw(String reason, Outbound out, Instant now) {
    Optional<Frost> frost = ledger.frost();
    if (frost.isEmpty()) {
      out.trouble =
          refuse(
              Code.POLICY_NOT_FROZEN,
              frozen() ? "the freeze held here is not in the log yet" : "nothing is frozen");
      return;
    }
    post(new Thaw(setup.institution(), nextNumber(now), frost.get().index(), reason), out);
  }

  /**
   * Larger than every number of this institution that the log has or this node holds. Seconds of
   * the clock keep apart what is signed on two machines that know nothing of each other.
   */
  private long nextNumber(Instant now) {
    Freeze held = freezes.get(setup.institution());
    long last =
        Math.max(ledger.freezeNumber(setup.institution()), held == null ? 0 : held.number());
    return Math.max(last + 1, now.getEpochSecond());
  }

  /**
   * Whether a freeze holds here: in the log, or arrived outside it while the log has no freeze of
   * that institution as new. An institution's own thaw does not undo a freeze that the aggregator
   * has kept back: only the log can, by a freeze in it and the threshold's thaws.
   */
  public boolean frozen() {
    return ledger.frozen()
        || freezes.values().stream().anyMatch(f -> f.number() > ledger.lastFreeze(f.institution()));
  }

  /** Freezes that arrived here and that the log does not have. */
  public List<Freeze> held() {
    return freezes.values().stream()
        .filter(f -> f.number() > ledger.lastFreeze(f.institution()))
        .toList();
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }

  private void drive(Outbound out, Instant now, boolean tick) {
    if (!acting()) {
      return;
    }
    declare(out);
    declareSite(out);
    dropStale(out);
    contributing.drive(heads.quorumSize(), frozen(), out, now);
    holding.drive(heads.quorumSize(), frozen(), tick, out, now);
  }

  /** Whether this node takes part in anything now. */
  public boolean acting() {
    return halt.isEmpty()
        && missing.isEmpty()
        && ledger.stalled().isEmpty()
        && ledger.size() > 0
        && heads.caughtUp();
  }

  /** Why this node takes no part, for its operator; empty if it does or is still catching up. */
  public Optional<Refusal> trouble() {
    return halt.or(() -> missing).or(ledger::stalled);
  }

  private void declare(Outbound out) {
    for (Map.Entry<String, Long> dataset : datasets.entrySet()) {
      Long known = ledger.declared(dataset.getKey()).get(setup.institution());
      DatasetDeclared declared =
          new DatasetDeclared(dataset.getKey(), setup.institution(), dataset.getValue());
      if (!dataset.getValue().equals(known) && !underWay(declared)) {
        post(declared, out);
      }
    }
  }

  /** Others wait for this institution's officers only where the log says that it has asked so. */
  private void declareSite(Outbound out) {
    Approval own = setup.site().approval();
    SiteDeclared wanted = new SiteDeclared(setup.institution(), own.jobs(), own.releases());
    boolean asked = own.jobs() == Approval.Mode.MANUAL || own.releases() == Approval.Mode.MANUAL;
    Optional<SiteDeclared> known = ledger.site(setup.institution());
    boolean silent = known.isEmpty() && !asked;
    if (!silent && !known.equals(Optional.of(wanted)) && !underWay(wanted)) {
      post(wanted, out);
    }
  }

  /** Messages about rounds that the log has ended are nobody's concern any more. */
  private void dropStale(Outbound out) {
    outbox
        .values()
        .removeIf(message -> {
          boolean stale = message instanceof Outgoing.Post p && ended(p.statement());
          if (stale) {
            out.writes.add(new Write.Delete(OUTBOX + message.id()));
          }
          return stale;
        });
  }

  private boolean ended(SignedStatement signed) {
    Optional<RoundRecord> round =
        switch (signed.statement()) {
          case ContributionHeader h -> ledger.round(h.ctx());
          case Acceptance a -> ledger.round(a.ctx());
          case FingerprintStated f -> ledger.roundOf(f.manifest());
          case OpeningRecorded r -> ledger.roundOf(r.manifest());
          case KeySumStated k -> ledger.roundOf(k.manifest());
          default -> Optional.empty();
        };
    return round.filter(RoundRecord::ended).isPresent();
  }

  private boolean underWay(Statement statement) {
    return outbox.values().stream()
            .anyMatch(
                m -> m instanceof Outgoing.Post p && p.statement().statement().equals(statement))
        || awaited.values().stream().anyMatch(a -> a.statement().statement().equals(statement));
  }

  private NodeEffects effects(Outbound out) {
    List<Outgoing> send = new ArrayList<>();
    boolean silent = halt.isPresent();
    for (Outbound.Draft draft : out.messages) {
      if (silent) {
        continue;
      }
      Outgoing message = draft.numbered(++messages);
      // A newer message of the same kind and subject makes the older one pointless.
      draft
          .replaces()
          .ifPresent(tag ->
              outbox
                  .keySet()
                  .removeIf(id -> {
                    boolean old = id.endsWith("-" + tag);
                    if (old) {
                      out.writes.add(new Write.Delete(OUTBOX + id));
                    }
                    return old;
                  }));
      outbox.put(message.id(), message);
      out.writes.add(Write.put(OUTBOX + message.id(), message.json()));
      send.add(message);
    }
    return new NodeEffects(out.writes, send, out.commands, out.trouble, out.diskFirst);
  }

  /** Where to poll from. */
  public Cursor cursor() {
    return new Cursor(ledger.size(), lastItem);
  }

  /** Messages that were not reported delivered yet, oldest first: to be sent after a start. */
  public List<Outgoing> undelivered() {
    return halt.isPresent() ? List.of() : List.copyOf(outbox.values());
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
