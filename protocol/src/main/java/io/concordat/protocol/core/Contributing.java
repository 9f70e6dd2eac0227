package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.contributor.ContributorMachine;
import io.concordat.protocol.contributor.ContributorMachine.Due;
import io.concordat.protocol.contributor.ContributorState;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.SignedStatement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A node's contributions: its state of every job, its budget book, and work under way. */
final class Contributing {
  private static final String JOB = "contributor/";
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final String COUNTER = "seal-counter";

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final ContributorMachine machine;
  private final Map<Digest, ContributorState> states = new HashMap<>();
  private final ChargeBook book;
  private final Map<RoundContext, ContributorEvent.Prepared> prepared = new HashMap<>();
  private final Map<Digest, WorkItem.Opening> materials = new HashMap<>();
  private final Set<String> underWay = new HashSet<>();

  /** The newest round of each job whose leavings are gone; forgotten by a restart, done again. */
  private final Map<Digest, RoundContext> cleaned = new HashMap<>();

  private final Map<String, Instant> retryAt = new HashMap<>();
  private final Set<Digest> asked = new HashSet<>();
  private long counter;

  private static final int MAX_REASON = 500;

  Contributing(NodeSetup setup, Store store, FederationLedger ledger) {
    this.setup = setup;
    this.ledger = ledger;
    machine = new ContributorMachine(setup.institution());
    try {
      for (byte[] row : store.scan(JOB).values()) {
        ContributorState state = ContributorState.fromJson(NodeCore.object(row));
        states.put(state.job(), state);
      }
      book = new ChargeBook(store, ledger);
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored contribution does not read", e);
    }
    counter =
        store
            .get(COUNTER)
            .map(r -> Long.parseLong(new String(r, StandardCharsets.US_ASCII)))
            .orElse(0L);
  }

  private ContributorState state(JobRecord job) {
    return states.computeIfAbsent(job.digest(), d -> ContributorState.of(job));
  }

  private void store(ContributorState state, Outbound out) {
    states.put(state.job(), state);
    out.writes.add(Write.put(JOB + state.job().hex(), state.toJson()));
  }

  void material(WorkItem.Opening opening) {
    // What is opened already, or not next, is not kept: it can be fetched when it is needed.
    ledger
        .roundOf(opening.manifest())
        .filter(this::isNext)
        .ifPresent(r -> materials.put(opening.manifest(), opening));
  }

  void drive(long quorumSize, boolean frozen, Outbound out, Instant now) {
    for (JobRecord job : ledger.jobs()) {
      if (!job.patients().containsKey(setup.institution())) {
        continue;
      }
      forbid(job, out);
      ContributorState state = state(job);
      clean(state, job, out);
      if (!job.running() && state.verified() == job.opened()) {
        continue;
      }
      for (Due due : machine.due(state, job, frozen, now)) {
        follow(due, job, out, now);
      }
      job.current()
          .filter(r -> prepared.containsKey(r.ctx()))
          .ifPresent(r -> seal(r, quorumSize, frozen, out));
    }
  }

  /**
   * The institution's own overlay: a job that it forbids is rejected in the log, so that nobody
   * waits for this silo, and gets nothing from it, whatever rosters it is in.
   */
  private void forbid(JobRecord job, Outbound out) {
    if (!job.running() || !asked.add(job.digest()) || state(job).stopped().isPresent()) {
      return;
    }
    Optional<Refusal> forbidden = setup.site().refuses(job);
    if (forbidden.isPresent()) {
      store(state(job).stopped(forbidden.get()), out);
      out.trouble = forbidden;
      String reason = forbidden.get().code().text() + ": " + forbidden.get().detail();
      out.post(
          SignedStatement.sign(
              new JobDecision(
                  JobDecision.Kind.REJECTED, job.digest(), setup.institution(), bounded(reason)),
              setup.signer()));
    }
  }

  private static String bounded(String reason) {
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
  }

  /** Whether the institution's own officer still has to say yes before this round. */
  private boolean awaitsOwnOfficer(RoundRecord round) {
    JobRecord job = round.job();
    Approval own = setup.site().approval();
    boolean last = round.step() == job.terms().steps() - 1;
    return own.jobs() == Approval.Mode.MANUAL && !job.approvals().contains(setup.institution())
        || last
            && own.releases() == Approval.Mode.MANUAL
            && !job.releaseApprovals().contains(setup.institution());
  }

  /** What was sent for rounds that have ended is not sent again: boxes and ciphertexts go. */
  private void clean(ContributorState state, JobRecord job, Outbound out) {
    if (state.seal().isEmpty()) {
      return;
    }
    Optional<RoundRecord> ended = job.round(state.seal().get().round()).filter(RoundRecord::ended);
    if (ended.isEmpty() || ended.get().ctx().equals(cleaned.put(job.digest(), ended.get().ctx()))) {
      return;
    }
    SignedStatement header = state.seal().get().header();
    prepared.remove(ended.get().ctx());
    if (header.statement() instanceof ContributionHeader h) {
      h.boxes()
          .forEach(b -> out.writes.add(new Write.Delete(Names.box(header.digest(), b.position()))));
    }
    out.commands.add(new NodeCommand.Discard(Names.prepared(ended.get().ctx())));
  }

  private void follow(Due due, JobRecord job, Outbound out, Instant now) {
    switch (due) {
      case Due.Stop(Refusal reason) -> {
        store(state(job).stopped(reason), out);
        out.trouble = Optional.of(reason);
      }
      case Due.Verify(RoundRecord round) -> verify(round, out, now);
      case Due.Fingerprint(RoundRecord round, ContributionHeader own) -> {
        Instant retry = retryAt.get("fingerprint/" + round.ctx());
        if ((retry == null || !now.isBefore(retry)) && underWay.add("fingerprint/" + round.ctx())) {
          RoundRecord.Manifest manifest = round.validManifest().orElseThrow();
          out.commands.add(
              new NodeCommand.Contribute(
                  new ContributorCommand.ComputeFingerprint(
                      round.announcement(), manifest.fixed(), manifest.digest(), own)));
        }
      }
      case Due.Take(RoundRecord round) -> take(round, out, now);
    }
  }

  private void verify(RoundRecord round, Outbound out, Instant now) {
    String key = "verify/" + round.ctx();
    Instant retry = retryAt.get(key);
    if (retry != null && now.isBefore(retry)) {
      return;
    }
    if (underWay.add(key)) {
      RoundRecord.Manifest manifest = round.validManifest().orElseThrow();
      out.commands.add(
          new NodeCommand.Contribute(
              new ContributorCommand.VerifySum(
                  round, Optional.ofNullable(materials.remove(manifest.digest())))));
    }
  }

  private void take(RoundRecord round, Outbound out, Instant now) {
    String key = "take/" + round.ctx();
    Instant retry = retryAt.get(key);
    if (prepared.containsKey(round.ctx())
        || awaitsOwnOfficer(round)
        || retry != null && now.isBefore(retry)
        || !underWay.add(key)) {
      return;
    }
    Optional<Refusal> over = overBudget(round);
    if (over.isPresent()) {
      store(state(round.job()).stopped(over.get()), out);
      out.trouble = over;
      return;
    }
    // It need not be on the disk before the work: a seed that is made again after a crash is made
    // for
    // a contribution that nobody has seen. It is there with the seal, in its transaction.
    counter++;
    out.writes.add(Write.put(COUNTER, Long.toString(counter)));
    out.commands.add(
        new NodeCommand.Contribute(
            new ContributorCommand.Prepare(round, ContributorMachine.boxKeys(round), counter)));
  }

  /** The silo's own book and the log are both asked; the larger decides. */
  private Optional<Refusal> overBudget(RoundRecord round) {
    FederationRules.DatasetRules dataset =
        round.job().rules().datasets().get(round.job().terms().dataset());
    if (dataset == null || dataset.capUnits().isEmpty()) {
      return Optional.empty();
    }
    long cap = ledger.budgets().capInForce(round.job()).orElse(dataset.capUnits().getAsLong());
    OptionalLong own = setup.site().capUnits(round.job(), ledger.rules());
    if (own.isPresent()) {
      cap = Math.min(cap, own.getAsLong());
    }
    long spent = Math.addExact(round.accountedPrice(), book.spent(dataset.scope(), round));
    long most = Math.max(spent, ledger.budgets().committed(setup.institution(), dataset.scope()));
    return most > cap
        ? Optional.of(Refusal.of(Code.ROUND_BUDGET, most + " of " + cap + " (1e-9 rho)"))
        : Optional.empty();
  }

  private void seal(RoundRecord round, long quorumSize, boolean frozen, Outbound out) {
    ContributorEvent.Prepared ready = prepared.get(round.ctx());
    JobRecord job = round.job();
    if (ready == null || frozen || !machine.maySeal(state(job), round, quorumSize)) {
      return;
    }
    prepared.remove(round.ctx());
    ContributorState sealed = machine.seal(state(job), round, ready, setup.signer());
    SignedStatement header =
        sealed.seal().orElseThrow(() -> new InvariantViolation("a seal left no header")).header();
    // INV-09. One transaction: header, charge, boxes and "sealed". The message leaves after it, so
    // a crash
    // before has sent nothing and a crash after sends the same bytes.
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    if (round.price() > 0 && dataset != null) {
      out.writes.add(book.charge(round, dataset.scope()));
    }
    List<String> rows = new ArrayList<>();
    ready
        .boxes()
        .forEach((position, box) -> {
          String row = Names.box(header.digest(), position);
          rows.add(row);
          out.writes.add(new Write.Put(row, box));
        });
    store(sealed, out);
    out.post(header, rows, Names.prepared(round.ctx()));
  }

  /** A header arrived; a ciphertext that was too long to travel with it follows now. */
  void delivered(Outgoing.Post post, Outbound out) {
    if (post.statement().statement() instanceof ContributionHeader h
        && h.length() > setup.inlineBytes()) {
      out.upload(post.statement().digest(), post.inlineBlob());
    }
  }

  /** A command gave no answer: it may be asked for again, a little later. */
  void failed(ContributorCommand command, Instant now) {
    String key =
        switch (command) {
          case ContributorCommand.Prepare p -> "take/" + p.round().ctx();
          case ContributorCommand.ComputeFingerprint f -> "fingerprint/" + f.manifest().ctx();
          case ContributorCommand.VerifySum v -> "verify/" + v.round().ctx();
        };
    underWay.remove(key);
    retryAt.put(key, now.plus(RETRY));
  }

  void take(ContributorEvent event, Outbound out) {
    switch (event) {
      case ContributorEvent.Prepared p -> {
        underWay.remove("take/" + p.ctx());
        if (ledger.round(p.ctx()).filter(r -> !r.ended()).isPresent()) {
          prepared.put(p.ctx(), p);
        } else {
          out.commands.add(new NodeCommand.Discard(Names.prepared(p.ctx())));
        }
      }
      case ContributorEvent.PrepareFailed(RoundContext ctx, Refusal reason) -> {
        // Left under way: the same records and state would refuse again in this round.
        out.trouble = Optional.of(reason);
      }
      case ContributorEvent.FingerprintComputed(Digest manifest, byte[] value) ->
          ledger.roundOf(manifest).ifPresent(r -> fingerprint(r, value, out));
      case ContributorEvent.SumVerified(Digest manifest, var next) ->
          ledger
              .roundOf(manifest)
              .filter(this::isNext)
              .ifPresent(r -> {
                underWay.remove("verify/" + r.ctx());
                ContributorState after = machine.verified(state(r.job()), r, next);
                store(after, out);
                after.stopped().ifPresent(s -> out.trouble = Optional.of(s));
              });
      case ContributorEvent.SumRefuted(Digest manifest, Refusal reason) ->
          ledger
              .roundOf(manifest)
              .ifPresent(r -> {
                store(state(r.job()).stopped(reason), out);
                out.trouble = Optional.of(reason);
              });
      case ContributorEvent.SumUnavailable(Digest manifest, Instant retry) ->
          ledger
              .roundOf(manifest)
              .ifPresent(r -> {
                underWay.remove("verify/" + r.ctx());
                retryAt.put("verify/" + r.ctx(), retry);
              });
    }
  }

  /** Whether this is the first opening of its job that the silo has not opened itself. */
  private boolean isNext(RoundRecord round) {
    return round.job().rounds().stream()
        .filter(r -> r.outcome() == RoundRecord.Outcome.OPENED)
        .skip(state(round.job()).verified())
        .findFirst()
        .filter(round::equals)
        .isPresent();
  }

  private void fingerprint(RoundRecord round, byte[] value, Outbound out) {
    underWay.remove("fingerprint/" + round.ctx());
    Digest manifest = round.manifest().orElseThrow().digest();
    store(machine.fingerprinted(state(round.job()), round), out);
    // Of the sealed ciphertext and the manifest: whenever it is computed again, it is the same.
    out.repeatable(
        SignedStatement.sign(
            new FingerprintStated(manifest, setup.institution(), value), setup.signer()),
        List.of(),
        "");
  }
}
