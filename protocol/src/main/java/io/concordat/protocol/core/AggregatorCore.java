package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.lifecycle.JobAction;
import io.concordat.protocol.lifecycle.JobMachine;
import io.concordat.protocol.lifecycle.JobState;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.round.RoundMachine;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.round.RoundStep;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.Thaw;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that an aggregator decides. See the package page for what the shell does.
 *
 * <p>INV-08: an entry of the log is written in the same transaction as the state that it came from,
 * so that after a crash at any point the aggregator neither forgets an entry it spoke of nor writes
 * a second one in its place.
 */
public final class AggregatorCore {
  private static final int LEAVES_AT_ONCE = 4096;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final AggregatorSetup setup;
  private final Store store;
  private final FederationLedger ledger;
  private final RoundMachine roundMachine;
  private final JobMachine jobMachine;
  private final Notes notes;
  private final Feed feed;
  private final Map<RoundContext, RoundState> rounds = new HashMap<>();
  private final Map<Digest, RoundContext> contributions = new HashMap<>();
  private final Map<RoundContext, Instant> retryAt = new HashMap<>();
  private final LinkedHashMap<Digest, JobState> jobs = new LinkedHashMap<>();
  private Instant clock = Instant.EPOCH;
  private Instant listening = Instant.EPOCH;
  private boolean started;

  // What the event being handled has brought about so far.
  private final List<Write> writes = new ArrayList<>();
  private final List<RoundCommand> commands = new ArrayList<>();
  private boolean news;
  private boolean diskFirst;

  // Entries and boxes that are stored and not yet shown to nodes.
  private final List<Runnable> waitingBoxes = new ArrayList<>();
  private long published;
  private boolean urgent;

  private AggregatorCore(AggregatorSetup setup, Store store) {
    this.setup = setup;
    this.store = store;
    ledger = new FederationLedger(setup.rules(), setup.policies(), setup.jobs());
    roundMachine = new RoundMachine(setup.times().acceptanceGrace(), setup.times().opening());
    jobMachine = new JobMachine(setup.times().collecting());
    notes = new Notes(setup, store, ledger);
    feed = new Feed(store);
  }

  /**
   * Opens the aggregator from its store: an empty one begins a new log. Effects that a start brings
   * (commands to run again) come with the first {@link AggregatorEvent.Tick}.
   */
  public static AggregatorCore open(AggregatorSetup setup, Store store) {
    AggregatorCore core = new AggregatorCore(setup, store);
    while (true) {
      List<byte[]> leaves = store.leaves(core.ledger.size(), LEAVES_AT_ONCE);
      leaves.forEach(core.ledger::apply);
      if (leaves.size() < LEAVES_AT_ONCE) {
        break;
      }
    }
    core.published = core.notes.newestSize();
    core.restore();
    return core;
  }

  private void restore() {
    for (JobRecord job : ledger.jobs()) {
      if (!job.running()) {
        continue;
      }
      JobState state =
          store
              .get("job/" + job.digest().hex())
              .map(AggregatorCore::readJob)
              .orElseGet(() -> JobState.submitted(job));
      jobs.put(job.digest(), state);
      job.current()
          .filter(r -> r.fault().isEmpty())
          .flatMap(r -> loadRound(r.ctx()))
          .ifPresent(this::adopt);
    }
  }

  private static JobState readJob(byte[] row) {
    try {
      return JobState.fromJson(CanonicalJson.parseObject(row));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored job does not read", e);
    }
  }

  private Optional<RoundState> loadRound(RoundContext ctx) {
    return RoundRows.load(store, ctx);
  }

  private void adopt(RoundState state) {
    rounds.put(state.ctx(), state);
    state.headers().values().forEach(h -> contributions.put(h.digest(), state.ctx()));
  }

  /** Takes one event. */
  public AggregatorEffects handle(AggregatorEvent event, Instant now) {
    return handle(List.of(event), now);
  }

  /**
   * Takes several events at once: one transaction, one checkpoint. The refusal, if any, is that of
   * the first event that was refused; give events that need an answer of their own alone.
   */
  public AggregatorEffects handle(List<AggregatorEvent> events, Instant now) {
    clock = now;
    Optional<Refusal> refusal = Optional.empty();
    if (!started) {
      start();
    }
    for (AggregatorEvent event : events) {
      Optional<Refusal> answer = take(event);
      refusal = refusal.isPresent() ? refusal : answer;
    }
    driveJobs();
    publish(events.stream().anyMatch(AggregatorEvent.Tick.class::isInstance));
    AggregatorEffects effects = new AggregatorEffects(writes, commands, refusal, news, diskFirst);
    writes.clear();
    commands.clear();
    news = false;
    diskFirst = false;
    return effects;
  }

  /**
   * Signs a checkpoint over everything appended and shows it. What nobody can act on yet waits for
   * company until the next tick: an opening record for those of the other holders, boxes for those
   * of the other silos. So one checkpoint, one poll and one cosignature do for all of them.
   */
  private void publish(boolean tick) {
    if (tick) {
      waitingBoxes.forEach(Runnable::run);
      news |= !waitingBoxes.isEmpty();
      waitingBoxes.clear();
    }
    if (ledger.size() > published && (urgent || tick)) {
      published = ledger.size();
      urgent = false;
      writes.add(notes.sign(ledger.frontier(), clock));
      news = true;
      diskFirst = true;
    }
  }

  private void start() {
    started = true;
    diskFirst = true;
    listening = clock;
    writes.add(feed.start());
    if (notes.quorumSize() > 0) {
      feed.quorum(notes.quorum(ledger.size()));
    }
    if (ledger.size() == 0) {
      append(
          new Genesis(setup.rules().federation(), setup.rules().version(), setup.rules().policy()));
    }
    for (RoundState state : List.copyOf(rounds.values())) {
      // All boxes are offered again: a holder that was set back has lost what it once accepted.
      state.candidates().forEach(m -> offerBoxes(state, m));
      put(state, roundMachine.resume(state, clock));
      offerOpening(state);
    }
  }

  private Optional<Refusal> take(AggregatorEvent event) {
    return switch (event) {
      case AggregatorEvent.StatementArrived(
              String from,
              SignedStatement statement,
              List<byte[]> attachments) ->
          statement(from, statement, attachments);
      case AggregatorEvent.CosignatureArrived(String from, String line) -> {
        long before = notes.quorumSize();
        Optional<Refusal> refusal = notes.cosign(from, line, writes);
        if (notes.quorumSize() > before) {
          feed.quorum(notes.quorum(ledger.size()));
          news = true;
        }
        yield refusal;
      }
      case AggregatorEvent.CiphertextStored(Digest contribution) -> stored(contribution);
      case AggregatorEvent.FreezeCarried(SignedStatement signed) -> carried(signed);
      case AggregatorEvent.PolicyArrived(long version, Digest policy) ->
          activate(new PolicyActivated(version, policy));
      case AggregatorEvent.JobArrived job -> submit(job);
      case AggregatorEvent.JobCancelled(Digest job) -> cancel(job);
      case AggregatorEvent.Noted(var notice) -> append(notice);
      case AggregatorEvent.WorkDone(RoundEvent result) -> {
        Optional<RoundState> state = ofWork(result);
        if (state.isPresent() && result instanceof RoundEvent.SumReady ready) {
          ready.small().ifPresent(o -> writes.add(new Write.Put(Names.smallSum(ready.ctx()), o)));
        }
        state.ifPresent(s -> put(s, roundMachine.step(s, result, clock)));
        yield Optional.empty();
      }
      case AggregatorEvent.WorkFailed(RoundCommand command) -> {
        RoundContext ctx =
            switch (command) {
              case RoundCommand.SumCohort c -> c.announcement().ctx();
              case RoundCommand.ComputeFingerprints c -> c.announcement().ctx();
              case RoundCommand.TryOpening c -> c.announcement().ctx();
            };
        retryAt.put(ctx, clock.plus(RETRY));
        yield Optional.empty();
      }
      case AggregatorEvent.Tick() -> {
        for (RoundContext ctx : List.copyOf(retryAt.keySet())) {
          if (!clock.isBefore(retryAt.getOrDefault(ctx, clock))) {
            retryAt.remove(ctx);
            Optional.ofNullable(rounds.get(ctx))
                .ifPresent(s -> put(s, roundMachine.resume(s, clock)));
          }
        }
        for (RoundState state : List.copyOf(rounds.values())) {
          Set<String> absent = new HashSet<>();
          // Right after a start nobody has been heard of yet, and nobody is gone therefore.
          if (!clock.isBefore(listening.plus(Feed.PRESENCE))) {
            absent.addAll(state.announcement().roster());
            absent.removeAll(feed.seen(clock));
          }
          put(state, roundMachine.step(state, new RoundEvent.Clock(absent), clock));
        }
        yield Optional.empty();
      }
    };
  }

  private Optional<RoundState> ofWork(RoundEvent result) {
    RoundContext ctx =
        switch (result) {
          case RoundEvent.SumReady r -> r.ctx();
          case RoundEvent.SumRefused r -> r.ctx();
          case RoundEvent.FingerprintsReady r -> r.ctx();
          case RoundEvent.OpeningTried r -> r.ctx();
          default -> throw new InvariantViolation("not the result of a command: " + result);
        };
    return Optional.ofNullable(rounds.get(ctx));
  }

  // ---- statements of nodes

  private Optional<Refusal> statement(
      String from, SignedStatement signed, List<byte[]> attachments) {
    if (signed.type() == StatementType.FREEZE || signed.type() == StatementType.THAW) {
      return carried(signed);
    }
    boolean ownKey =
        ledger
            .rules()
            .institution(from)
            .filter(i -> i.nodeKey().equals(signed.signer()))
            .isPresent();
    if (!ownKey) {
      return refuse(Code.STATEMENT_SIGNER, "not the node key of " + from);
    }
    return switch (signed.statement()) {
      case ContributionHeader h -> contribution(from, signed, h, attachments);
      case Acceptance a ->
          ofHolder(from, a.position(), ledger.round(a.ctx()))
              .or(() -> inRound(a.ctx(), new RoundEvent.AcceptanceArrived(signed)));
      case FingerprintStated f ->
          !f.silo().equals(from)
              ? refuse(Code.STATEMENT_SIGNER, f.silo())
              : inRoundOf(f.manifest(), new RoundEvent.FingerprintArrived(signed));
      case KeySumStated k -> keySum(from, signed, k, attachments);
      case WitnessInquiry i -> {
        if (!i.witness().equals(from)) {
          yield refuse(Code.STATEMENT_SIGNER, i.witness());
        }
        feed.inquiry(from, ledger.rules().witnesses(), new WorkItem.Relayed(signed));
        news = true;
        yield Optional.empty();
      }
      case WitnessAnswer a -> {
        if (!a.witness().equals(from)) {
          yield refuse(Code.STATEMENT_SIGNER, a.witness());
        }
        feed.toOne(a.asker(), Feed.UNTIL_RESTART, new WorkItem.Relayed(signed));
        news = true;
        yield Optional.empty();
      }
      default -> logged(from, signed);
    };
  }

  /** A freeze or thaw may be carried by anybody: who signed it is all that counts. */
  private Optional<Refusal> carried(SignedStatement signed) {
    return switch (signed.statement()) {
      case Freeze f -> logged(f.institution(), signed);
      case Thaw t -> logged(t.institution(), signed);
      default -> refuse(Code.STATEMENT_TYPE, signed.type().wireName());
    };
  }

  private Optional<Refusal> activate(PolicyActivated activation) {
    // Without the file this aggregator could not go on under it.
    return setup.policies().rules(activation.version(), activation.policy()).isEmpty()
        ? refuse(Code.POLICY_MISMATCH, "no such file here: version " + activation.version())
        : append(activation);
  }

  private Optional<Refusal> logged(String from, SignedStatement signed) {
    if (!signed.type().logged()) {
      return refuse(Code.STATEMENT_TYPE, signed.type().wireName());
    }
    if (ledger.place(signed).isPresent()) {
      return Optional.empty();
    }
    Optional<Refusal> refusal = append(from, signed);
    if (refusal.isEmpty() && signed.statement() instanceof OpeningRecorded record) {
      ledger
          .roundOf(record.manifest())
          .map(r -> rounds.get(r.ctx()))
          .ifPresent(s ->
              put(s, roundMachine.step(s, new RoundEvent.RecordLogged(record.position()), clock)));
    }
    return refusal;
  }

  private Optional<Refusal> contribution(
      String from, SignedStatement signed, ContributionHeader h, List<byte[]> attachments) {
    Optional<RoundRecord> record = ledger.round(h.ctx());
    RoundState state = rounds.get(h.ctx());
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
    RoundStep step = roundMachine.step(state, new RoundEvent.HeaderArrived(signed), clock);
    if (step.refusal().isEmpty() && !state.headers().containsKey(from)) {
      for (int i = 0; i < attachments.size(); i++) {
        writes.add(
            new Write.Put(
                Names.box(signed.digest(), h.boxes().get(i).position()), attachments.get(i)));
      }
      contributions.put(signed.digest(), h.ctx());
    }
    put(state, step);
    return step.refusal();
  }

  private Optional<Refusal> stored(Digest contribution) {
    RoundContext ctx = contributions.get(contribution);
    RoundState state = ctx == null ? null : rounds.get(ctx);
    if (state == null) {
      return refuse(Code.CONTRIBUTION_UNKNOWN, contribution.toString());
    }
    boolean first = !state.complete().contains(contribution);
    RoundStep step =
        roundMachine.step(state, new RoundEvent.CiphertextComplete(contribution), clock);
    put(state, step);
    if (first && step.refusal().isEmpty()) {
      step.state().candidates().stream()
          .filter(m -> m.contribution().equals(contribution))
          .forEach(m -> waitingBoxes.add(() -> offerBoxes(step.state(), m)));
      if (step.state().candidates().size() == state.announcement().roster().size()) {
        waitingBoxes.forEach(Runnable::run);
        waitingBoxes.clear();
      }
    }
    return step.refusal();
  }

  private void offerBoxes(RoundState state, Member member) {
    SignedStatement header = state.headers().get(member.silo());
    if (header == null) {
      return;
    }
    FederationRules pinned = ledger.round(state.ctx()).orElseThrow().job().rules();
    for (int position : state.announcement().positions()) {
      pinned.holder(position).ifPresent(h -> feed.box(h, state.ctx(), header, position));
    }
    news = true;
  }

  /** A position is a place in the policy that the round's job is pinned to. */
  private static Optional<Refusal> ofHolder(
      String from, int position, Optional<RoundRecord> round) {
    return round.flatMap(r -> r.job().rules().holder(position)).filter(from::equals).isPresent()
        ? Optional.empty()
        : refuse(Code.STATEMENT_SIGNER, from + " is not the holder at " + position);
  }

  private Optional<Refusal> keySum(
      String from, SignedStatement signed, KeySumStated k, List<byte[]> attachments) {
    Optional<Refusal> refusal = ofHolder(from, k.position(), ledger.roundOf(k.manifest()));
    if (refusal.isPresent()) {
      return refusal;
    }
    if (attachments.size() != 1 || !Digests.sha256(attachments.getFirst()).equals(k.object())) {
      return refuse(Code.STATEMENT_MALFORMED, "a key sum comes with its one object");
    }
    refusal = inRoundOf(k.manifest(), new RoundEvent.KeySumArrived(signed));
    if (refusal.isEmpty()) {
      writes.add(new Write.Put(Names.keySum(k.manifest(), k.position()), attachments.getFirst()));
    }
    return refusal;
  }

  private Optional<Refusal> inRoundOf(Digest manifest, RoundEvent event) {
    Optional<RoundRecord> record = ledger.roundOf(manifest);
    return record.isEmpty()
        ? refuse(Code.ROUND_MANIFEST_NOT_IN_LOG, manifest.toString())
        : inRound(record.get().ctx(), event);
  }

  private Optional<Refusal> inRound(RoundContext ctx, RoundEvent event) {
    RoundState state = rounds.get(ctx);
    if (state == null) {
      return refuse(
          ledger.round(ctx).isPresent() ? Code.ROUND_ENDED : Code.ROUND_UNKNOWN, ctx.toString());
    }
    RoundStep step = roundMachine.step(state, event, clock);
    put(state, step);
    return step.refusal();
  }

  /** Stores a step's state, appends its entries, starts its commands. */
  private void put(RoundState before, RoundStep step) {
    RoundState after = step.state();
    rounds.put(after.ctx(), after);
    for (Statement statement : step.append()) {
      Optional<Refusal> refusal = append(statement);
      if (refusal.isPresent() && statement instanceof CohortFixed) {
        // The log's rules do not allow this cohort (a budget, a freeze): the round cannot open.
        after = roundMachine.step(before, new RoundEvent.Ended(), clock).state();
        rounds.put(after.ctx(), after);
        job(after).ifPresent(j -> store(j.refusedRound(refusal.get().code())));
        writes.addAll(RoundRows.diff(before, after));
        return;
      }
      refusal.ifPresent(r -> {
        throw new InvariantViolation("the log refuses the aggregator's own entry: " + r);
      });
      if (statement instanceof RoundOpened || statement instanceof RoundFailed) {
        RoundState settled = after;
        job(after).ifPresent(j -> store(j.settled(settled)));
      }
    }
    if (!after.equals(before)) {
      writes.addAll(RoundRows.diff(before, after));
    }
    commands.addAll(step.commands());
    if (before.phase() != after.phase()) {
      offerOpening(after);
    }
  }

  private void offerOpening(RoundState state) {
    if (state.phase() != RoundState.Phase.OPENED) {
      return;
    }
    for (String silo : state.announcement().roster()) {
      feed.opening(silo, state.ctx(), () -> openingOf(state));
    }
    news = true;
  }

  // ---- jobs

  private Optional<JobState> job(RoundState round) {
    return Optional.ofNullable(jobs.get(round.announcement().job()));
  }

  private void store(JobState state) {
    jobs.put(state.job(), state);
    writes.add(Write.put("job/" + state.job().hex(), state.toJson()));
  }

  private Optional<Refusal> submit(AggregatorEvent.JobArrived arrived) {
    SignedStatement signed;
    try {
      JobSubmitted submitted =
          new JobSubmitted(new String(arrived.file(), StandardCharsets.UTF_8), arrived.submitter());
      signed =
          SignedStatement.verify(
              StatementType.JOB_SUBMITTED,
              submitted.bytes(),
              arrived.submitter(),
              arrived.signature());
    } catch (DecodeException e) {
      return refuse(Code.JOB_SIGNATURE, String.valueOf(e.getMessage()));
    }
    if (ledger.place(signed).isPresent()) {
      return Optional.empty();
    }
    return append(LogEntry.SUBMITTER, signed);
  }

  private Optional<Refusal> cancel(Digest digest) {
    JobState state = jobs.get(digest);
    if (state == null) {
      return refuse(
          ledger.job(digest).isPresent() ? Code.JOB_ENDED : Code.JOB_UNKNOWN, digest.toString());
    }
    store(state.cancelled());
    return Optional.empty();
  }

  private void driveJobs() {
    for (JobRecord record : ledger.jobs()) {
      if (!record.running()) {
        continue;
      }
      JobState state = jobs.get(record.digest());
      if (state == null) {
        state = JobState.submitted(record);
        store(state);
      }
      Optional<RoundState> round =
          record.current().flatMap(r -> Optional.ofNullable(rounds.get(r.ctx())));
      switch (jobMachine.decide(state, record, round, view(record), clock)) {
        case JobAction.Wait() -> {}
        case JobAction.Announce(RoundAnnounced announcement, RoundState.Terms terms) ->
            announce(record, announcement, terms);
        case JobAction.End(var ended) -> {
          require(append(ended));
          retire(record);
          jobs.remove(record.digest());
          writes.add(new Write.Delete("job/" + record.digest().hex()));
        }
      }
    }
  }

  private JobMachine.View view(JobRecord job) {
    return new JobMachine.View(
        listening,
        feed.seen(clock),
        ledger.frozen(),
        job.terms().noised() ? List.of() : ledger.cohorts(job.terms().dataset()));
  }

  private void announce(JobRecord record, RoundAnnounced announcement, RoundState.Terms terms) {
    Optional<Refusal> refusal = append(announcement);
    if (refusal.isPresent()) {
      Optional.ofNullable(jobs.get(record.digest()))
          .ifPresent(j -> store(j.refusedRound(refusal.get().code())));
      return;
    }
    retire(record);
    RoundState state = RoundState.announced(announcement, terms);
    rounds.put(state.ctx(), state);
    writes.addAll(RoundRows.fresh(state));
  }

  /**
   * Rounds that the log has ended leave the memory; their statements stay in the store, the boxes
   * go. The newest opening is still handed out: its round has ended by the announcement of the one
   * that silos join only after they have opened it themselves.
   */
  private void retire(JobRecord record) {
    int newest = record.rounds().size();
    // Called at each announcement and at the end, so what is older was retired before.
    for (RoundRecord round : record.rounds().subList(Math.max(0, newest - 3), newest)) {
      if (!round.ended()) {
        continue;
      }
      RoundState state = rounds.remove(round.ctx());
      if (state != null) {
        state
            .headers()
            .values()
            .forEach(h -> {
              contributions.remove(h.digest());
              for (int position : state.announcement().positions()) {
                writes.add(new Write.Delete(Names.box(h.digest(), position)));
              }
            });
      }
      feed.retire(round.ctx(), record.running() && round.number() >= newest - 1);
    }
  }

  // ---- the log

  private Optional<Refusal> append(Statement statement) {
    return append(LogEntry.AGGREGATOR, SignedStatement.sign(statement, setup.signer()));
  }

  private Optional<Refusal> append(String actor, SignedStatement signed) {
    LogEntry entry =
        new LogEntry(
            clock,
            ledger.rules().federation(),
            ledger.rules().version(),
            ledger.rules().policy(),
            actor,
            signed);
    byte[] leaf = entry.bytes();
    if (leaf.length > LogEntry.MAX_BYTES) {
      return refuse(Code.REQUEST_TOO_LARGE, "a log entry of " + leaf.length + " bytes");
    }
    Optional<Refusal> refusal = ledger.check(entry);
    if (refusal.isEmpty()) {
      writes.add(new Write.Append(ledger.size(), leaf));
      ledger.apply(entry, leaf);
      urgent |= !(signed.statement() instanceof OpeningRecorded record) || complete(record);
    }
    return refusal;
  }

  /** Whether every holder of the opening set has its record in the log now. */
  private boolean complete(OpeningRecorded record) {
    return ledger
        .roundOf(record.manifest())
        .filter(r -> r.records().keySet().containsAll(r.manifest().orElseThrow().fixed().openers()))
        .isPresent();
  }

  private static void require(Optional<Refusal> refusal) {
    refusal.ifPresent(r -> {
      throw new InvariantViolation("the log refuses the aggregator's own entry: " + r);
    });
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }

  // ---- reading

  /** What a node has not seen yet, or empty if the poll should wait. Changes no state. */
  public Optional<WorkReply> work(String institution, Cursor after) {
    feed.sees(institution, clock);
    return feed.reply(institution, after, published, notes);
  }

  /** A header of a round that is open, for the intake of its chunks. */
  public Optional<ContributionHeader> header(Digest contribution) {
    return round(contribution)
        .flatMap(s -> s.header(contribution))
        .map(s -> (ContributionHeader) s.statement());
  }

  /** Whether this contribution's ciphertext is complete. */
  public boolean complete(Digest contribution) {
    return round(contribution).filter(s -> s.complete().contains(contribution)).isPresent();
  }

  private Optional<RoundState> round(Digest contribution) {
    return Optional.ofNullable(contributions.get(contribution)).map(rounds::get);
  }

  /** The state of a round that the log has not ended. For reading. */
  public Optional<RoundState> round(RoundContext ctx) {
    return Optional.ofNullable(rounds.get(ctx));
  }

  /** What anybody may fetch again about a round that opened: the material of its opening. */
  public Optional<WorkItem.Opening> opening(Digest manifest) {
    return ledger
        .roundOf(manifest)
        .map(RoundRecord::ctx)
        .flatMap(ctx -> Optional.ofNullable(rounds.get(ctx)).or(() -> loadRound(ctx)))
        .filter(s -> s.phase() == RoundState.Phase.OPENED)
        .map(this::openingOf);
  }

  private WorkItem.Opening openingOf(RoundState state) {
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

  /** The newest checkpoint with all cosignatures gathered so far; empty before the first entry. */
  public String checkpoint() {
    return notes.newest(published);
  }

  /** The newest checkpoint that has the witnesses' quorum; empty before there is one. */
  public String quorumCheckpoint() {
    return notes.quorum(published);
  }

  /** The rows of a round's statements, for exports and audits. */
  public SortedMap<String, byte[]> rows(RoundContext ctx) {
    return store.scan(RoundRows.prefix(ctx));
  }

  /** The log, replayed. For reading. */
  public FederationLedger ledger() {
    return ledger;
  }
}
