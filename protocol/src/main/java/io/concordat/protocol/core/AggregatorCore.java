package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.Thaw;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that an aggregator decides. See the package page for what the shell does; {@link
 * OwnLog}, {@link RunningJobs} and {@link OpenRounds} keep the three things it is about.
 *
 * <p>INV-08: an entry of the log is written in the same transaction as the state that it came from,
 * so that after a crash at any point the aggregator neither forgets an entry it spoke of nor writes
 * a second one in its place.
 */
public final class AggregatorCore {
  private final AggregatorSetup setup;
  private final Store store;
  private final Feed feed;
  private final OwnLog log;
  private final FederationLedger ledger;
  private final RunningJobs jobs;
  private final OpenRounds rounds;
  private Instant clock = Instant.EPOCH;
  private Instant listening = Instant.EPOCH;
  private boolean started;

  private AggregatorCore(AggregatorSetup setup, Store store) {
    this.setup = setup;
    this.store = store;
    feed = new Feed(store);
    log = new OwnLog(setup, store);
    ledger = log.ledger();
    jobs = new RunningJobs(setup, store, log);
    rounds = new OpenRounds(setup, store, log, jobs, feed);
  }

  /**
   * Opens the aggregator from its store: an empty one begins a new log. Effects that a start brings
   * (commands to run again) come with the first {@link AggregatorEvent.Tick}.
   */
  public static AggregatorCore open(AggregatorSetup setup, Store store) {
    return new AggregatorCore(setup, store);
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
    Turn turn = new Turn(now);
    clock = now;
    Optional<Refusal> refusal = Optional.empty();
    if (!started) {
      start(turn);
    }
    for (AggregatorEvent event : events) {
      Optional<Refusal> answer = take(event, turn);
      refusal = refusal.isPresent() ? refusal : answer;
    }
    jobs.drive(rounds, listening, feed.seen(now), turn);
    boolean tick = events.stream().anyMatch(AggregatorEvent.Tick.class::isInstance);
    if (tick) {
      rounds.showBoxes(turn);
    }
    log.publish(tick, turn);
    return turn.effects(refusal);
  }

  private void start(Turn turn) {
    started = true;
    turn.diskFirst = true;
    listening = turn.now;
    turn.writes.add(feed.start());
    if (log.notes().quorumSize() > 0) {
      feed.quorum(log.notes().quorum(ledger.size()));
    }
    if (ledger.size() == 0) {
      log.require(
          new Genesis(setup.rules().federation(), setup.rules().version(), setup.rules().policy()),
          turn);
    }
    rounds.resume(turn);
  }

  private Optional<Refusal> take(AggregatorEvent event, Turn turn) {
    return switch (event) {
      case AggregatorEvent.StatementArrived(
              String from,
              SignedStatement statement,
              List<byte[]> attachments) ->
          statement(from, statement, attachments, turn);
      case AggregatorEvent.CosignatureArrived(String from, String line) ->
          cosignature(from, line, turn);
      case AggregatorEvent.CiphertextStored(Digest contribution) ->
          rounds.ciphertextStored(contribution, turn);
      case AggregatorEvent.FreezeCarried(SignedStatement signed) -> carried(signed, turn);
      case AggregatorEvent.Said(String actor, SignedStatement signed) ->
          ledger.place(signed).isPresent() ? Optional.empty() : log.append(actor, signed, turn);
      case AggregatorEvent.PolicyArrived(long version, Digest policy) ->
          activate(new PolicyActivated(version, policy), turn);
      case AggregatorEvent.JobArrived job -> jobs.submit(job, turn);
      case AggregatorEvent.JobCancelled(Digest job) -> jobs.cancel(job, turn);
      case AggregatorEvent.Noted(var notice) -> log.append(notice, turn);
      case AggregatorEvent.WorkDone(RoundEvent result) -> {
        rounds.workDone(result, turn);
        yield Optional.empty();
      }
      case AggregatorEvent.WorkFailed(var command) -> {
        rounds.workFailed(command, turn);
        yield Optional.empty();
      }
      case AggregatorEvent.Tick() -> {
        // Right after a start nobody has been heard of yet, and nobody is gone therefore.
        boolean early = turn.now.isBefore(listening.plus(Feed.PRESENCE));
        Optional<Set<String>> seen = early ? Optional.empty() : Optional.of(feed.seen(turn.now));
        rounds.tick(seen, turn);
        yield Optional.empty();
      }
    };
  }

  private Optional<Refusal> cosignature(String from, String line, Turn turn) {
    Notes notes = log.notes();
    long before = notes.quorumSize();
    Optional<Refusal> refusal = notes.cosign(from, line, turn.writes);
    if (notes.quorumSize() > before) {
      feed.quorum(notes.quorum(ledger.size()));
      turn.news = true;
    }
    return refusal;
  }

  private Optional<Refusal> statement(
      String from, SignedStatement signed, List<byte[]> attachments, Turn turn) {
    if (signed.type() == StatementType.FREEZE || signed.type() == StatementType.THAW) {
      return carried(signed, turn);
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
      case ContributionHeader h -> rounds.contribution(from, signed, h, attachments, turn);
      case Acceptance a ->
          OpenRounds.ofHolder(from, a.position(), ledger.round(a.ctx()))
              .or(() -> rounds.inRound(a.ctx(), new RoundEvent.AcceptanceArrived(signed), turn));
      case FingerprintStated f ->
          !f.silo().equals(from)
              ? refuse(Code.STATEMENT_SIGNER, f.silo())
              : rounds.inRoundOf(f.manifest(), new RoundEvent.FingerprintArrived(signed), turn);
      case KeySumStated k -> rounds.keySum(from, signed, k, attachments, turn);
      case WitnessInquiry i -> {
        if (!i.witness().equals(from)) {
          yield refuse(Code.STATEMENT_SIGNER, i.witness());
        }
        feed.inquiry(from, ledger.rules().witnesses(), new WorkItem.Relayed(signed));
        turn.news = true;
        yield Optional.empty();
      }
      case WitnessAnswer a -> {
        if (!a.witness().equals(from)) {
          yield refuse(Code.STATEMENT_SIGNER, a.witness());
        }
        feed.toOne(a.asker(), Feed.UNTIL_RESTART, new WorkItem.Relayed(signed));
        turn.news = true;
        yield Optional.empty();
      }
      default -> logged(from, signed, turn);
    };
  }

  /** A freeze or thaw may be carried by anybody: who signed it is all that counts. */
  private Optional<Refusal> carried(SignedStatement signed, Turn turn) {
    return switch (signed.statement()) {
      case Freeze f -> logged(f.institution(), signed, turn);
      case Thaw t -> logged(t.institution(), signed, turn);
      default -> refuse(Code.STATEMENT_TYPE, signed.type().wireName());
    };
  }

  private Optional<Refusal> activate(PolicyActivated activation, Turn turn) {
    // Without the file this aggregator could not go on under it.
    return setup.policies().rules(activation.version(), activation.policy()).isEmpty()
        ? refuse(Code.POLICY_MISMATCH, "no such file here: version " + activation.version())
        : log.append(activation, turn);
  }

  private Optional<Refusal> logged(String from, SignedStatement signed, Turn turn) {
    if (!signed.type().logged()) {
      return refuse(Code.STATEMENT_TYPE, signed.type().wireName());
    }
    if (ledger.place(signed).isPresent()) {
      return Optional.empty();
    }
    Optional<Refusal> refusal = log.append(from, signed, turn);
    if (refusal.isEmpty() && signed.statement() instanceof OpeningRecorded record) {
      ledger
          .roundOf(record.manifest())
          .flatMap(r -> rounds.state(r.ctx()))
          .ifPresent(
              s -> rounds.inRound(s.ctx(), new RoundEvent.RecordLogged(record.position()), turn));
    }
    return refusal;
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }

  // ---- reading

  /** What a node has not seen yet, or empty if the poll should wait. Changes no state. */
  public Optional<WorkReply> work(String institution, Cursor after) {
    feed.sees(institution, clock);
    return feed.reply(institution, after, log.published(), log.notes());
  }

  /** A header of a round that is open, for the intake of its chunks. */
  public Optional<ContributionHeader> header(Digest contribution) {
    return rounds
        .state(contribution)
        .flatMap(s -> s.header(contribution))
        .map(s -> (ContributionHeader) s.statement());
  }

  /** Whether this contribution's ciphertext is complete. */
  public boolean complete(Digest contribution) {
    return rounds.state(contribution).filter(s -> s.complete().contains(contribution)).isPresent();
  }

  /** The state of a round that the log has not ended. For reading. */
  public Optional<RoundState> round(RoundContext ctx) {
    return rounds.state(ctx);
  }

  /** What anybody may fetch again about a round that opened: the material of its opening. */
  public Optional<WorkItem.Opening> opening(Digest manifest) {
    return rounds.opening(manifest);
  }

  /** The newest checkpoint with all cosignatures gathered so far; empty before the first entry. */
  public String checkpoint() {
    return log.notes().newest(log.published());
  }

  /** The newest checkpoint that has the witnesses' quorum; empty before there is one. */
  public String quorumCheckpoint() {
    return log.notes().quorum(log.published());
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
