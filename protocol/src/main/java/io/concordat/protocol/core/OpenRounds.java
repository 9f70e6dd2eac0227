package io.concordat.protocol.core;

import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.round.RoundMachine;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.round.RoundStep;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The aggregator's rounds that the log has not ended, and what they hand to nodes. */
final class OpenRounds {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Store store;
  private final OwnLog log;
  private final FederationLedger ledger;
  private final RunningJobs jobs;
  private final Feed feed;
  private final RoundMachine machine;
  private final Map<RoundContext, RoundState> states = new HashMap<>();
  private final Map<Digest, RoundContext> contributions = new HashMap<>();
  private final Map<RoundContext, Instant> retryAt = new HashMap<>();

  /** Contributions whose boxes are stored and not yet shown to holders. */
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(RoundState state, Member member) {}

  OpenRounds(AggregatorSetup setup, Store store, OwnLog log, RunningJobs jobs, Feed feed) {
    this.store = store;
    this.log = log;
    this.jobs = jobs;
    this.feed = feed;
    ledger = log.ledger();
    machine = new RoundMachine(setup.times().acceptanceGrace(), setup.times().opening());
    for (JobRecord job : ledger.jobs()) {
      if (job.running()) {
        job.current()
            .filter(r -> r.fault().isEmpty())
            .flatMap(r -> RoundRows.load(store, r.ctx()))
            .ifPresent(this::adopt);
      }
    }
  }

  private void adopt(RoundState state) {
    states.put(state.ctx(), state);
    state.headers().values().forEach(h -> contributions.put(h.digest(), state.ctx()));
  }

  /** After a start: goes on with every round, and hands out everything again. */
  void resume(Turn turn) {
    for (RoundState state : List.copyOf(states.values())) {
      // All boxes are offered again: a holder that was set back has lost what it once accepted.
      state.candidates().forEach(m -> offerBoxes(state, m, turn));
      put(state, machine.resume(state, turn.now), turn);
      offerOpening(state, turn);
    }
  }

  /** Begins a round that was announced. */
  void begin(RoundState state, Turn turn) {
    states.put(state.ctx(), state);
    turn.writes.addAll(RoundRows.fresh(state));
  }

  Optional<RoundState> state(RoundContext ctx) {
    return Optional.ofNullable(states.get(ctx));
  }

  /** The round that this contribution was announced for. */
  Optional<RoundState> state(Digest contribution) {
    return Optional.ofNullable(contributions.get(contribution)).map(states::get);
  }

  // ---- statements of nodes

  Optional<Refusal> contribution(
      String from,
      SignedStatement signed,
      ContributionHeader h,
      List<byte[]> attachments,
      Turn turn) {
    Optional<RoundRecord> record = ledger.round(h.ctx());
    RoundState state = states.get(h.ctx());
    if (record.isEmpty() || state == null) {
      return refuse(record.isEmpty() ? Code.ROUND_UNKNOWN : Code.ROUND_ENDED, h.ctx().toString());
    }
    if (!h.silo().equals(from)) {
      return refuse(Code.CONTRIBUTION_SILO, h.silo());
    }
    Optional<Refusal> refusal = HeaderRules.check(record.get(), signed);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (attachments.size() != h.boxes().size()) {
      return refuse(Code.BOX_INVALID, attachments.size() + " attachments");
    }
    for (int i = 0; i < attachments.size(); i++) {
      if (!Digests.sha256(attachments.get(i)).equals(h.boxes().get(i).digest())) {
        return refuse(Code.BOX_INVALID, "box " + i + " has not the header's digest");
      }
    }
    RoundStep step = machine.step(state, new RoundEvent.HeaderArrived(signed), turn.now);
    if (step.refusal().isEmpty() && !state.headers().containsKey(from)) {
      for (int i = 0; i < attachments.size(); i++) {
        turn.writes.add(
            new Write.Put(
                Names.box(signed.digest(), h.boxes().get(i).position()), attachments.get(i)));
      }
      contributions.put(signed.digest(), h.ctx());
    }
    put(state, step, turn);
    return step.refusal();
  }

  Optional<Refusal> ciphertextStored(Digest contribution, Turn turn) {
    RoundState state = state(contribution).orElse(null);
    if (state == null) {
      return refuse(Code.CONTRIBUTION_UNKNOWN, contribution.toString());
    }
    boolean first = !state.complete().contains(contribution);
    RoundStep step = machine.step(state, new RoundEvent.CiphertextComplete(contribution), turn.now);
    put(state, step, turn);
    if (first && step.refusal().isEmpty()) {
      step.state().candidates().stream()
          .filter(m -> m.contribution().equals(contribution))
          .forEach(m -> waiting.add(new Waiting(step.state(), m)));
      if (step.state().candidates().size() == state.announcement().roster().size()) {
        showBoxes(turn);
      }
    }
    return step.refusal();
  }

  /**
   * Hands out boxes that waited for those of the other silos: one poll does for all of them. Called
   * when the roster is complete, and with each tick.
   */
  void showBoxes(Turn turn) {
    waiting.forEach(w -> offerBoxes(w.state(), w.member(), turn));
    waiting.clear();
  }

  private void offerBoxes(RoundState state, Member member, Turn turn) {
    SignedStatement header = state.headers().get(member.silo());
    // A box may have waited for company longer than its round has lasted: its row is gone then, and
    // an item without its row would spoil every later poll of that holder.
    if (header == null || !states.containsKey(state.ctx())) {
      return;
    }
    FederationRules pinned = ledger.round(state.ctx()).orElseThrow().job().rules();
    for (int position : state.announcement().positions()) {
      pinned.holder(position).ifPresent(h -> feed.box(h, state.ctx(), header, position));
    }
    turn.news = true;
  }

  Optional<Refusal> keySum(
      String from, SignedStatement signed, KeySumStated k, List<byte[]> attachments, Turn turn) {
    Optional<Refusal> refusal = ofHolder(from, k.position(), ledger.roundOf(k.manifest()));
    if (refusal.isPresent()) {
      return refusal;
    }
    if (attachments.size() != 1 || !Digests.sha256(attachments.getFirst()).equals(k.object())) {
      return refuse(Code.STATEMENT_MALFORMED, "a key sum comes with its one object");
    }
    refusal = inRoundOf(k.manifest(), new RoundEvent.KeySumArrived(signed), turn);
    if (refusal.isEmpty()) {
      turn.writes.add(
          new Write.Put(Names.keySum(k.manifest(), k.position()), attachments.getFirst()));
    }
    return refusal;
  }

  /** A position is a place in the policy that the round's job is pinned to. */
  static Optional<Refusal> ofHolder(String from, int position, Optional<RoundRecord> round) {
    return round.flatMap(r -> r.job().rules().holder(position)).filter(from::equals).isPresent()
        ? Optional.empty()
        : refuse(Code.STATEMENT_SIGNER, from + " is not the holder at " + position);
  }

  Optional<Refusal> inRoundOf(Digest manifest, RoundEvent event, Turn turn) {
    Optional<RoundRecord> record = ledger.roundOf(manifest);
    return record.isEmpty()
        ? refuse(Code.ROUND_MANIFEST_NOT_IN_LOG, manifest.toString())
        : inRound(record.get().ctx(), event, turn);
  }

  Optional<Refusal> inRound(RoundContext ctx, RoundEvent event, Turn turn) {
    RoundState state = states.get(ctx);
    if (state == null) {
      return refuse(
          ledger.round(ctx).isPresent() ? Code.ROUND_ENDED : Code.ROUND_UNKNOWN, ctx.toString());
    }
    RoundStep step = machine.step(state, event, turn.now);
    put(state, step, turn);
    return step.refusal();
  }

  // ---- commands and time

  void workDone(RoundEvent result, Turn turn) {
    RoundContext ctx =
        switch (result) {
          case RoundEvent.SumReady r -> r.ctx();
          case RoundEvent.SumRefused r -> r.ctx();
          case RoundEvent.FingerprintsReady r -> r.ctx();
          case RoundEvent.OpeningTried r -> r.ctx();
          default -> throw new InvariantViolation("not the result of a command: " + result);
        };
    RoundState state = states.get(ctx);
    if (state == null) {
      return;
    }
    if (result instanceof RoundEvent.SumReady ready) {
      ready.small().ifPresent(o -> turn.writes.add(new Write.Put(Names.smallSum(ctx), o)));
    }
    put(state, machine.step(state, result, turn.now), turn);
  }

  void workFailed(RoundCommand command, Turn turn) {
    RoundContext ctx =
        switch (command) {
          case RoundCommand.SumCohort c -> c.announcement().ctx();
          case RoundCommand.ComputeFingerprints c -> c.announcement().ctx();
          case RoundCommand.TryOpening c -> c.announcement().ctx();
        };
    retryAt.put(ctx, turn.now.plus(RETRY));
  }

  /**
   * Time has passed.
   *
   * @param seen nodes that were heard of lately; empty if it is too early to call anybody absent
   */
  void tick(Optional<Set<String>> seen, Turn turn) {
    for (RoundContext ctx : List.copyOf(retryAt.keySet())) {
      if (!turn.now.isBefore(retryAt.getOrDefault(ctx, turn.now))) {
        retryAt.remove(ctx);
        state(ctx).ifPresent(s -> put(s, machine.resume(s, turn.now), turn));
      }
    }
    for (RoundState state : List.copyOf(states.values())) {
      Set<String> absent = new HashSet<>();
      seen.ifPresent(s -> {
        absent.addAll(state.announcement().roster());
        absent.removeAll(s);
      });
      put(state, machine.step(state, new RoundEvent.Clock(absent), turn.now), turn);
    }
  }

  // ---- what follows from a step

  /** Stores a step's state, appends its entries, starts its commands. */
  private void put(RoundState before, RoundStep step, Turn turn) {
    RoundState after = step.state();
    states.put(after.ctx(), after);
    for (Statement statement : step.append()) {
      Optional<Refusal> refusal = log.append(statement, turn);
      if (refusal.isPresent() && statement instanceof CohortFixed) {
        // The log's rules do not allow this cohort (a budget, a freeze): the round cannot open.
        after = machine.step(before, new RoundEvent.Ended(), turn.now).state();
        states.put(after.ctx(), after);
        jobs.refused(after.announcement().job(), refusal.get().code(), turn);
        turn.writes.addAll(RoundRows.diff(before, after));
        return;
      }
      refusal.ifPresent(OwnLog::neverRefused);
      if (statement instanceof RoundOpened || statement instanceof RoundFailed) {
        jobs.settled(after, turn);
      }
    }
    if (!after.equals(before)) {
      turn.writes.addAll(RoundRows.diff(before, after));
    }
    turn.commands.addAll(step.commands());
    if (before.phase() != after.phase()) {
      offerOpening(after, turn);
    }
  }

  private void offerOpening(RoundState state, Turn turn) {
    if (state.phase() != RoundState.Phase.OPENED) {
      return;
    }
    // All silos are handed the same: it is put together once, when the first asks.
    Supplier<WorkItem> shared = once(() -> material(state));
    for (String silo : state.announcement().roster()) {
      feed.opening(silo, state.ctx(), shared);
    }
    turn.news = true;
  }

  private static Supplier<WorkItem> once(Supplier<WorkItem> maker) {
    AtomicReference<WorkItem> made = new AtomicReference<>();
    return () -> made.updateAndGet(known -> known == null ? maker.get() : known);
  }

  /** The material of the opening with this manifest, if there was one. */
  Optional<WorkItem.Opening> opening(Digest manifest) {
    return ledger
        .roundOf(manifest)
        .map(RoundRecord::ctx)
        .flatMap(ctx -> state(ctx).or(() -> RoundRows.load(store, ctx)))
        .filter(s -> s.phase() == RoundState.Phase.OPENED)
        .map(this::material);
  }

  private WorkItem.Opening material(RoundState state) {
    Digest manifest = state.manifestDigest().orElseThrow();
    List<Integer> answers =
        ledger.roundOf(manifest).flatMap(RoundRecord::claim).orElseThrow().answers();
    List<SignedStatement> headers = new ArrayList<>();
    List<SignedStatement> fingerprints = new ArrayList<>();
    for (String silo : state.manifest().orElseThrow().silos()) {
      headers.add(state.headers().get(silo));
      Optional.ofNullable(state.fingerprints().get(silo)).ifPresent(fingerprints::add);
    }
    List<SignedStatement> keySums = new ArrayList<>();
    List<byte[]> objects = new ArrayList<>();
    for (int position : answers) {
      keySums.add(state.keySums().get(position));
      objects.add(store.get(Names.keySum(manifest, position)).orElseThrow());
    }
    return new WorkItem.Opening(
        manifest, headers, fingerprints, keySums, objects, store.get(Names.smallSum(state.ctx())));
  }

  /**
   * Rounds that the log has ended leave the memory; their statements stay in the store, the boxes
   * go. The newest opening is still handed out: its round has ended by the announcement of the one
   * that silos join only after they have opened it themselves.
   */
  void retire(JobRecord record, Turn turn) {
    int newest = record.rounds().size();
    // Called at each announcement and at the end, so what is older was retired before.
    for (RoundRecord round : record.rounds().subList(Math.max(0, newest - 3), newest)) {
      if (!round.ended()) {
        continue;
      }
      RoundState state = states.remove(round.ctx());
      if (state != null) {
        for (SignedStatement header : state.headers().values()) {
          contributions.remove(header.digest());
          for (int position : state.announcement().positions()) {
            turn.writes.add(new Write.Delete(Names.box(header.digest(), position)));
          }
        }
      }
      feed.retire(round.ctx(), record.running() && round.number() >= newest - 1);
    }
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }
}
