package io.concordat.protocol.ledger;

import static io.concordat.protocol.ledger.Agreement.refuse;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Entries about rounds: announcement, manifest, opening records, outcome. */
final class RoundEntries {
  /** A silo seals to no box key older than this. */
  static final Duration MAX_BOX_KEY_AGE = Duration.ofHours(48);

  private final FederationLedger ledger;

  RoundEntries(FederationLedger ledger) {
    this.ledger = ledger;
  }

  Optional<Refusal> check(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case RoundAnnounced a -> checkAnnouncement(entry, a);
      case CohortFixed f -> checkManifest(f);
      case OpeningRecorded r -> checkRecord(r);
      case RoundOpened o -> checkOpened(o);
      case RoundFailed f -> pending(f.manifest());
      default -> refuse(Code.STATEMENT_TYPE, entry.type().wireName());
    };
  }

  /** Announcements and manifests are first of their name even when they break a rule. */
  void takeFirst(LogEntry entry, long index, Optional<Refusal> refusal) {
    if (refusal.map(Refusal::code).equals(Optional.of(Code.STATEMENT_SIGNER))) {
      // A stranger's word is no announcement at all: else anybody could burn every round.
      return;
    }
    switch (entry.signed().statement()) {
      case RoundAnnounced a -> takeAnnouncement(entry, a, index, refusal);
      case CohortFixed f ->
          ledger
              .round(f.ctx())
              .filter(r -> r.manifest().isEmpty())
              .ifPresent(r ->
                  ledger.addManifest(
                      r,
                      new RoundRecord.Manifest(
                          f, entry.signed().digest(), index, entry.time(), refusal)));
      default -> throw new IllegalArgumentException(entry.type().wireName());
    }
  }

  void take(LogEntry entry, long index) {
    switch (entry.signed().statement()) {
      case OpeningRecorded r ->
          ledger.roundOf(r.manifest()).orElseThrow().record(r.position(), index);
      case RoundOpened o -> {
        RoundRecord round = ledger.roundOf(o.manifest()).orElseThrow();
        round.open(o);
        round.job().advance(o.state());
      }
      case RoundFailed f -> {
        RoundRecord round = ledger.roundOf(f.manifest()).orElseThrow();
        round.fail(
            f.kind() == RoundFailed.Kind.OVERFLOW
                ? RoundRecord.Outcome.OVERFLOWED
                : RoundRecord.Outcome.SPOILED);
        round.job().failed(round);
      }
      default -> throw new IllegalArgumentException(entry.type().wireName());
    }
  }

  private void takeAnnouncement(
      LogEntry entry, RoundAnnounced a, long index, Optional<Refusal> refusal) {
    Optional<JobRecord> job = ledger.job(a.job()).filter(JobRecord::running);
    if (job.isEmpty() || a.round() != job.get().rounds().size() + 1) {
      return;
    }
    job.get().endRound(index);
    int step = Math.min(job.get().opened(), job.get().terms().steps() - 1);
    ledger.addRound(
        new RoundRecord(
            job.get(), a, RoundContext.of(entry.signed().bytes()), index, step, refusal));
  }

  private Optional<Refusal> checkAnnouncement(LogEntry entry, RoundAnnounced a) {
    Optional<JobRecord> found = ledger.job(a.job());
    if (found.isEmpty()) {
      return refuse(Code.JOB_UNKNOWN, a.job().toString());
    }
    JobRecord job = found.get();
    if (!job.running()) {
      return refuse(Code.JOB_ENDED, a.job().toString());
    }
    if (a.round() <= job.rounds().size()) {
      return refuse(Code.ROUND_NOT_FIRST, "round " + a.round() + " was announced before");
    }
    if (a.round() != job.rounds().size() + 1) {
      return refuse(Code.ROUND_UNKNOWN, "round " + a.round() + " leaves a number out");
    }
    return checkJobMayGoOn(entry, job).or(() -> checkContents(entry, a, job));
  }

  private Optional<Refusal> checkJobMayGoOn(LogEntry entry, JobRecord job) {
    FederationRules rules = job.rules();
    if (job.stop().isPresent()) {
      return refuse(job.stop().get(), "the job, pinned to version " + rules.version() + ", ends");
    }
    if (ledger.frozen()) {
      return refuse(Code.POLICY_FROZEN, "no round is announced while the federation is frozen");
    }
    if (entry.time().isBefore(rules.notBefore())) {
      return refuse(Code.POLICY_NOT_YET, rules.notBefore().toString());
    }
    if (!entry.time().isBefore(rules.expires())) {
      return refuse(Code.POLICY_EXPIRED, rules.expires().toString());
    }
    if (job.opened() >= job.terms().steps()) {
      return refuse(Code.JOB_LIMIT, "all " + job.terms().steps() + " openings are done");
    }
    if (job.spoiled()) {
      return refuse(Code.ROUND_SPOILED, "a spoiled round stops the job");
    }
    if (!job.releaseRejections().isEmpty()) {
      return refuse(Code.JOB_NOT_APPROVED, "release rejected by " + job.releaseRejections());
    }
    // After the last opening every member knows the sum: whoever decides must do it before.
    if (job.lastStepNext() && !job.releaseUndecided().isEmpty()) {
      return refuse(Code.JOB_AWAITS_RELEASE, "not yet decided: " + job.releaseUndecided());
    }
    // The announcement itself ends the round before it, so that one's failure counts already.
    int failures =
        job.current()
            .filter(r -> !r.ended())
            .map(r -> r.outcome() == RoundRecord.Outcome.OPENED ? 0 : job.failures() + 1)
            .orElse(job.failures());
    return failures >= JobRecord.MAX_FAILURES
        ? refuse(Code.JOB_ROUNDS_FAILED, failures + " rounds in a row did not open")
        : Optional.empty();
  }

  private Optional<Refusal> checkContents(LogEntry entry, RoundAnnounced a, JobRecord job) {
    FederationRules rules = job.rules();
    if (!a.federation().equals(rules.federation())) {
      return refuse(Code.POLICY_FEDERATION, a.federation());
    }
    if (!a.policy().equals(rules.policy())) {
      return refuse(Code.POLICY_MISMATCH, "announced " + a.policy());
    }
    if (!a.state().equals(job.state())) {
      return refuse(
          Code.ROUND_STATE, "announced " + a.state() + ", the log leads to " + job.state());
    }
    if (a.maxCohort() != rules.maxCohort()) {
      return refuse(Code.ROUND_LAYOUT, "maxCohort " + a.maxCohort());
    }
    if (HeaderRules.layout(a).isEmpty()) {
      return refuse(Code.ROUND_LAYOUT, a.parameters() + " cannot hold the layout announced");
    }
    if (!job.available().containsAll(a.roster()) || a.roster().size() > rules.maxCohort()) {
      return refuse(Code.ROUND_ROSTER, "a silo of the roster may not take part");
    }
    if (a.roster().size() < rules.minContributors()) {
      return refuse(Code.ROUND_COHORT_TOO_SMALL, "a roster of " + a.roster().size());
    }
    if (a.boxKeys().size() < rules.threshold()) {
      return refuse(Code.ROUND_HOLDERS_MISSING, "box keys of " + a.boxKeys().size() + " holders");
    }
    for (RoundAnnounced.BoxKey key : a.boxKeys()) {
      JobRecord.BoxKey newest = job.boxKeys().get(key.position());
      if (newest == null
          || newest.published().epoch() != key.epoch()
          || !newest.published().keyDigest().equals(key.sha256())
          || newest.time().plus(MAX_BOX_KEY_AGE).isBefore(entry.time())) {
        return refuse(Code.BOX_KEY_STALE, "holder " + key.position() + " epoch " + key.epoch());
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkManifest(CohortFixed f) {
    Optional<RoundRecord> found = ledger.round(f.ctx());
    if (found.isEmpty()) {
      return refuse(Code.ROUND_UNKNOWN, f.ctx().toString());
    }
    RoundRecord round = found.get();
    if (round.manifest().isPresent()) {
      return refuse(Code.ROUND_SECOND_COHORT, "the first is " + round.manifest().get().digest());
    }
    if (round.fault().isPresent()) {
      return round.fault();
    }
    if (round.ended()) {
      return refuse(Code.ROUND_ENDED, round.toString());
    }
    if (ledger.frozen()) {
      return refuse(Code.POLICY_FROZEN, "no cohort is fixed while the federation is frozen");
    }
    FederationRules rules = round.job().rules();
    List<String> silos = f.silos();
    if (!round.announcement().roster().containsAll(silos)) {
      return refuse(Code.ROUND_COHORT_MEMBER, "a silo outside the roster");
    }
    if (silos.size() < rules.minContributors() || silos.size() > rules.maxCohort()) {
      return refuse(Code.ROUND_COHORT_TOO_SMALL, silos.size() + " silos");
    }
    if (f.openers().size() < rules.threshold()
        || !round.announcement().positions().containsAll(f.openers())) {
      return refuse(Code.ROUND_OPENERS, "openers " + f.openers());
    }
    if (ledger.budgets().spoiledBefore(silos)
        && round.job().approvals().size() < rules.policyThreshold()) {
      return refuse(Code.ROUND_SPOILED, "this cohort was spoiled before; the job lacks approvals");
    }
    if (round.job().overflows(f) >= 2) {
      return refuse(Code.ROUND_OVERFLOW, "this cohort overflowed twice in this job");
    }
    return round.job().terms().noised() ? checkBudget(round, silos) : checkExact(round, silos);
  }

  /**
   * A round's own price is already held back by its running job, so what changes with a manifest is
   * only that earlier rounds of it turned out counted though they did not open.
   */
  private Optional<Refusal> checkBudget(RoundRecord round, List<String> silos) {
    FederationRules.DatasetRules dataset =
        round.job().rules().datasets().get(round.job().terms().dataset());
    if (dataset == null || dataset.capUnits().isEmpty()) {
      return refuse(Code.JOB_NOISED_WITHOUT_CAP, round.job().terms().dataset());
    }
    long cap = ledger.budgets().capInForce(round.job()).orElse(dataset.capUnits().getAsLong());
    for (String silo : silos) {
      long committed = ledger.budgets().committed(silo, dataset.scope());
      if (committed > cap) {
        return refuse(Code.ROUND_BUDGET, silo + " would have spent " + committed + " of " + cap);
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkExact(RoundRecord round, List<String> silos) {
    Optional<List<String>> bound = round.job().boundCohort();
    if (bound.isPresent() && !bound.get().equals(silos)) {
      return refuse(Code.ROUND_COHORT_CHANGED, "the job's cohort is " + bound.get());
    }
    List<List<String>> counted = ledger.budgets().cohorts(round.job());
    if (counted.contains(silos)) {
      return Optional.empty();
    }
    if (counted.size() >= 2) {
      return refuse(Code.ROUND_COHORT_CHANGED, "two cohorts of these persons were opened before");
    }
    int apart = round.job().rules().maxColluding() + 2;
    for (List<String> other : counted) {
      if (difference(other, silos) < apart) {
        return refuse(
            Code.ROUND_COHORT_CHANGED,
            "differs from an opened cohort in fewer than " + apart + " silos");
      }
    }
    return Optional.empty();
  }

  /** Silos that are in one of the two and not in the other. */
  private static int difference(List<String> one, List<String> other) {
    Set<String> only = new HashSet<>(one);
    int missing = 0;
    for (String silo : other) {
      if (!only.remove(silo)) {
        missing++;
      }
    }
    return only.size() + missing;
  }

  private Optional<Refusal> checkRecord(OpeningRecorded r) {
    Optional<Refusal> refusal = pendingManifest(r.manifest());
    if (refusal.isPresent()) {
      return refusal;
    }
    RoundRecord round = ledger.roundOf(r.manifest()).orElseThrow();
    if (ledger.frozen()) {
      return refuse(Code.POLICY_FROZEN, "no opening while the federation is frozen");
    }
    if (!round.manifest().orElseThrow().fixed().openers().contains(r.position())) {
      return refuse(Code.HOLDER_NOT_NAMED, "position " + r.position());
    }
    if (round.records().containsKey(r.position())) {
      return refuse(Code.HOLDER_SECOND_RECORD, "position " + r.position());
    }
    return Optional.empty();
  }

  private Optional<Refusal> pendingManifest(Digest manifest) {
    Optional<RoundRecord> found = ledger.roundOf(manifest);
    if (found.isEmpty()) {
      return refuse(Code.ROUND_MANIFEST_NOT_IN_LOG, manifest.toString());
    }
    RoundRecord round = found.get();
    Optional<Refusal> fault = round.manifest().orElseThrow().fault();
    if (fault.isPresent()) {
      return fault;
    }
    return round.ended() ? refuse(Code.ROUND_ENDED, round.toString()) : Optional.empty();
  }

  private Optional<Refusal> pending(Digest manifest) {
    return pendingManifest(manifest)
        .or(() ->
            ledger.roundOf(manifest).orElseThrow().outcome() == RoundRecord.Outcome.PENDING
                ? Optional.empty()
                : refuse(Code.ROUND_ENDED, "its outcome is in the log"));
  }

  private Optional<Refusal> checkOpened(RoundOpened o) {
    Optional<Refusal> refusal = pending(o.manifest());
    if (refusal.isPresent()) {
      return refusal;
    }
    RoundRecord round = ledger.roundOf(o.manifest()).orElseThrow();
    if (o.answers().size() != round.job().rules().threshold()
        || !round.records().keySet().containsAll(o.answers())) {
      return refuse(Code.HOLDER_NO_RECORD, "answers " + o.answers());
    }
    return Optional.empty();
  }
}
