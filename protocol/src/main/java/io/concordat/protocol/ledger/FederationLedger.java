package io.concordat.protocol.ledger;

import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.SubmitterEndorsed;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The log, replayed entry by entry.
 *
 * <p>Its state is a function of the leaves and the policies alone, so every member that replays the
 * same log has the same opinion of every entry. It is not thread-safe.
 */
public final class FederationLedger {
  private final PolicyBook policies;
  private final JobReader jobReader;
  private final Agreement agreement;
  private final JobEntries jobEntries;
  private final RoundEntries roundEntries;
  private final LinkedHashMap<Digest, JobRecord> jobs = new LinkedHashMap<>();
  private final Map<RoundContext, RoundRecord> rounds = new HashMap<>();
  private final Map<Digest, RoundRecord> roundsByManifest = new HashMap<>();
  private final Trail trail = new Trail();
  private final Budgets budgets = new Budgets(jobs.values(), this::rules);
  private Instant time = Instant.EPOCH;

  /**
   * An empty ledger.
   *
   * @param rules the policy that the log's first entry must name
   */
  public FederationLedger(FederationRules rules, PolicyBook policies, JobReader jobReader) {
    this.policies = policies;
    this.jobReader = jobReader;
    agreement = new Agreement(rules, policies, this::pinnedOf);
    jobEntries = new JobEntries(this, jobReader);
    roundEntries = new RoundEntries(this);
  }

  /**
   * Takes the next entry, whatever it is.
   *
   * @param bytes the whole entry; the caller knows that {@link LogLeaf#of} finds its leaf
   */
  public Verdict apply(byte[] bytes) {
    byte[] leaf = leaf(bytes);
    try {
      return apply(LogEntry.read(bytes), leaf);
    } catch (DecodeException e) {
      return keep(
          leaf,
          new Verdict.Invalid(Refusal.of(Code.LOG_ENTRY, String.valueOf(e.getMessage()))),
          Optional.empty());
    }
  }

  /**
   * Takes an entry that this process has just made or read itself.
   *
   * @param leaf what stands in the tree of it
   */
  public Verdict apply(LogEntry entry, byte[] leaf) {
    Optional<Refusal> refusal = check(entry);
    long index = size();
    if (entry.time().isAfter(time)) {
      time = entry.time();
    }
    take(entry, index, refusal);
    return keep(
        leaf,
        refusal.<Verdict>map(Verdict.Invalid::new).orElseGet(Verdict.Valid::new),
        Optional.of(entry.signed()));
  }

  /** What {@link #apply} would say of this entry now; changes nothing. */
  public Optional<Refusal> check(LogEntry entry) {
    return agreement
        .checkFrame(entry, size())
        .or(() ->
            switch (entry.type()) {
              case GENESIS,
                  POLICY_ACTIVATED,
                  DATASET_DECLARED,
                  SUBMITTER_ENDORSED,
                  SITE_DECLARED,
                  TEMPLATE_SUBMITTED,
                  TEMPLATE_APPROVED,
                  FREEZE,
                  THAW,
                  NOTICE ->
                  agreement.check(entry);
              case JOB_SUBMITTED,
                  JOB_APPROVED,
                  JOB_REJECTED,
                  RELEASE_APPROVED,
                  RELEASE_REJECTED,
                  RELEASE_PUBLISHED,
                  JOB_ENDED,
                  BOX_KEY_PUBLISHED ->
                  jobEntries.check(entry);
              case ROUND_ANNOUNCED,
                  COHORT_FIXED,
                  OPENING_RECORDED,
                  ROUND_OPENED,
                  ROUND_OVERFLOW,
                  ROUND_SPOILED ->
                  roundEntries.check(entry);
              case CONTRIBUTION,
                  ACCEPTANCE,
                  FINGERPRINT,
                  KEY_SUM,
                  WITNESS_INQUIRY,
                  WITNESS_ANSWER ->
                  Optional.of(
                      Refusal.of(
                          Code.STATEMENT_TYPE, "not a log entry: " + entry.type().wireName()));
            });
  }

  private void take(LogEntry entry, long index, Optional<Refusal> refusal) {
    // The two that are first of their kind whether or not they were valid.
    if (entry.type() == StatementType.ROUND_ANNOUNCED
        || entry.type() == StatementType.COHORT_FIXED) {
      roundEntries.takeFirst(entry, index, refusal);
      return;
    }
    if (refusal.isPresent()) {
      return;
    }
    switch (entry.type()) {
      case GENESIS,
          DATASET_DECLARED,
          SUBMITTER_ENDORSED,
          SITE_DECLARED,
          TEMPLATE_SUBMITTED,
          TEMPLATE_APPROVED,
          THAW,
          NOTICE ->
          agreement.take(entry, index);
      case FREEZE -> {
        agreement.take(entry, index);
        stopRunning(Code.POLICY_FROZEN);
      }
      case POLICY_ACTIVATED -> activate(entry, index);
      case JOB_SUBMITTED,
          JOB_APPROVED,
          JOB_REJECTED,
          RELEASE_APPROVED,
          RELEASE_REJECTED,
          RELEASE_PUBLISHED,
          JOB_ENDED,
          BOX_KEY_PUBLISHED ->
          jobEntries.take(entry, index);
      case OPENING_RECORDED, ROUND_OPENED, ROUND_OVERFLOW, ROUND_SPOILED ->
          roundEntries.take(entry, index);
      case ROUND_ANNOUNCED,
          COHORT_FIXED,
          CONTRIBUTION,
          ACCEPTANCE,
          FINGERPRINT,
          KEY_SUM,
          WITNESS_INQUIRY,
          WITNESS_ANSWER -> {
        // Taken above, or refused by check.
      }
    }
  }

  private void activate(LogEntry entry, long index) {
    FederationRules before = rules();
    agreement.take(entry, index);
    FederationRules now = rules();
    if (now.version() == before.version()) {
      return;
    }
    if (policies.endsRunningJobs(before, now)) {
      stopRunning(Code.JOB_POLICY_CHANGED);
    }
    for (JobRecord job : jobs.values()) {
      if (job.terms().noised()) {
        job.reprice(pricesNow(job, now));
      }
    }
  }

  /** Budgets survive versions: what earlier jobs took counts on, in the new cap's own units. */
  private List<Long> pricesNow(JobRecord job, FederationRules now) {
    try {
      return jobReader.prices(job.submitted().fileBytes(), job.rules(), now);
    } catch (RefusedException e) {
      throw new InvariantViolation("a job of the log has no price any more", e);
    }
  }

  private void stopRunning(Code reason) {
    jobs.values().stream().filter(JobRecord::running).forEach(j -> j.stopAtBoundary(reason));
  }

  /** The rules of the job that a statement about a holder's position belongs to. */
  private Optional<FederationRules> pinnedOf(Statement statement) {
    return switch (statement) {
      case BoxKeyPublished k -> job(k.job()).map(JobRecord::rules);
      case OpeningRecorded o -> roundOf(o.manifest()).map(r -> r.job().rules());
      default -> Optional.empty();
    };
  }

  private Verdict keep(byte[] leaf, Verdict verdict, Optional<SignedStatement> signed) {
    trail.add(leaf, verdict, signed);
    return verdict;
  }

  private static byte[] leaf(byte[] entry) {
    try {
      return LogLeaf.of(entry);
    } catch (DecodeException e) {
      throw new InvariantViolation("an entry that no tree can hold was to be replayed", e);
    }
  }

  /** Where a statement stands in the log as a valid entry. */
  public Optional<Long> place(SignedStatement signed) {
    return trail.place(signed);
  }

  /** Entries taken so far. */
  public long size() {
    return trail.frontier().size();
  }

  /** The tree of the entries taken so far. */
  public MerkleFrontier frontier() {
    return trail.frontier();
  }

  /** The tree's root when it had this size, if that is not too long ago. */
  public Optional<TreeHash> rootAt(long size) {
    return trail.rootAt(size);
  }

  /** Latest time of any entry. */
  public Instant time() {
    return time;
  }

  /** The type of the entry at this index; empty if it is none. */
  public Optional<StatementType> type(long index) {
    return trail.type(index);
  }

  /** What replay made of the entry at this index. */
  public Verdict verdict(long index) {
    return trail.verdict(index);
  }

  /** The policy in force. */
  public FederationRules rules() {
    return agreement.rules();
  }

  /** The rules by which a head of this size is judged: those that its newest entry stands under. */
  public FederationRules rulesAt(long size) {
    return agreement.rulesAt(size);
  }

  /** Place of the entry that put the policy in force: its activation, or the log's first. */
  public long activatedAt() {
    return agreement.activatedAt();
  }

  /** Whether an institution has frozen the federation. */
  public boolean frozen() {
    return agreement.frost().isPresent();
  }

  /** The freeze that holds, if one does. */
  public Optional<Frost> frost() {
    return agreement.frost();
  }

  /** Number of the institution's newest freeze in the log, 0 if there is none. */
  public long lastFreeze(String institution) {
    return agreement.lastFreeze(institution);
  }

  /** What an institution decides by hand beyond the policy, as it declared last. */
  public Optional<SiteDeclared> site(String institution) {
    return agreement.site(institution);
  }

  /** Institutions of the policy that reviewed a template. */
  public SortedSet<String> reviewers(Digest template) {
    return agreement.reviewers(template);
  }

  /** Model graphs that were uploaded. */
  public TemplateBook templates() {
    return agreement.templates();
  }

  /** Whether a job may run this graph: the policy names it, and enough institutions reviewed it. */
  public boolean runnable(Digest template) {
    return rules().templates().contains(template) && templates().reviewed(template, rules());
  }

  /** Patients that each silo declared for a dataset. */
  public SortedMap<String, Long> declared(String dataset) {
    return agreement.declared(dataset);
  }

  /** Number of the institution's newest freeze or thaw in the log. */
  public long freezeNumber(String institution) {
    return agreement.freezeNumber(institution);
  }

  /** Whether the policy activated something this process has no copy of; then it must stop. */
  public Optional<Refusal> stalled() {
    return agreement.stalled();
  }

  /** The endorsement of a submitter key. */
  public Optional<SubmitterEndorsed> endorsement(VerifyingKey submitter) {
    return agreement.endorsement(submitter);
  }

  /** The job of this digest. */
  public Optional<JobRecord> job(Digest digest) {
    return Optional.ofNullable(jobs.get(digest));
  }

  /** All valid jobs in log order. */
  public Collection<JobRecord> jobs() {
    return Collections.unmodifiableCollection(jobs.values());
  }

  /** The round with this ctx: the first announcement of its (job, round). */
  public Optional<RoundRecord> round(RoundContext ctx) {
    return Optional.ofNullable(rounds.get(ctx));
  }

  /** The round whose first manifest has this digest. */
  public Optional<RoundRecord> roundOf(Digest manifest) {
    return Optional.ofNullable(roundsByManifest.get(manifest));
  }

  /** What the jobs took of whose cap. */
  public Budgets budgets() {
    return budgets;
  }

  void addJob(JobRecord job) {
    jobs.put(job.digest(), job);
  }

  void addRound(RoundRecord round) {
    round.job().announce(round);
    rounds.put(round.ctx(), round);
  }

  void addManifest(RoundRecord round, RoundRecord.Manifest manifest) {
    round.fix(manifest);
    roundsByManifest.put(manifest.digest(), round);
  }
}
