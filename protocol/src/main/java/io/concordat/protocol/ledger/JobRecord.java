package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.ReleasePublished;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A job as the log tells it. Only the ledger changes it. */
public final class JobRecord {
  /** Rounds in a row without an opening after which a job may not go on. */
  public static final int MAX_FAILURES = 3;

  /** A published box key with its time in the log. */
  public record BoxKey(BoxKeyPublished published, Instant time) {}

  private final Digest digest;
  private final JobSubmitted submitted;
  private final long index;
  private final Instant time;
  private final JobTerms terms;
  private final StateShape initial;
  private final FederationRules rules;
  private final SortedMap<String, Long> patients;
  private final TreeSet<String> approvals = new TreeSet<>();
  private final TreeSet<String> rejections = new TreeSet<>();
  private final TreeMap<Integer, BoxKey> boxKeys = new TreeMap<>();
  private final List<RoundRecord> rounds = new ArrayList<>();

  private final JobCharges charges;

  private SortedMap<String, Long> committedBefore = Collections.emptySortedMap();
  private SortedMap<String, Long> committedAfter = Collections.emptySortedMap();
  private Digest state;
  private int opened;
  private int failures;
  private final Set<String> jobsByHand;
  private final Set<String> releasesByHand;
  private final TreeSet<String> releaseApprovals = new TreeSet<>();
  private final TreeSet<String> releaseRejections = new TreeSet<>();
  private @Nullable Code stop;
  private @Nullable JobEnded end;
  private @Nullable ReleasePublished published;

  JobRecord(
      Digest digest,
      JobSubmitted submitted,
      long index,
      Instant time,
      JobTerms terms,
      StateShape initial,
      FederationRules rules,
      SortedMap<String, Long> patients,
      Set<String> jobsByHand,
      Set<String> releasesByHand) {
    this.digest = digest;
    this.submitted = submitted;
    this.index = index;
    this.time = time;
    this.terms = terms;
    this.initial = initial;
    this.rules = rules;
    this.patients = Collections.unmodifiableSortedMap(new TreeMap<>(patients));
    this.jobsByHand = Set.copyOf(jobsByHand);
    this.releasesByHand = Set.copyOf(releasesByHand);
    this.charges = new JobCharges(terms);
    this.state = initial.digest();
  }

  /** SHA-256 of the job file. */
  public Digest digest() {
    return digest;
  }

  public JobSubmitted submitted() {
    return submitted;
  }

  public VerifyingKey submitter() {
    return submitted.submitter();
  }

  /** Place in the log. */
  public long index() {
    return index;
  }

  /** When it was appended. */
  public Instant time() {
    return time;
  }

  public JobTerms terms() {
    return terms;
  }

  /** The state before the first round. */
  public StateShape initial() {
    return initial;
  }

  /** The bytes that the aggregator gave out as its result, once it has. */
  public Optional<ReleasePublished> published() {
    return Optional.ofNullable(published);
  }

  void publish(ReleasePublished release) {
    published = release;
  }

  /** The policy that the job is pinned to. */
  public FederationRules rules() {
    return rules;
  }

  /** Silos that had declared the dataset when the job was submitted, with their patients. */
  public SortedMap<String, Long> patients() {
    return patients;
  }

  /** Declared patients of each silo in a cohort. */
  public SortedMap<String, Long> patientsOf(CohortFixed manifest) {
    TreeMap<String, Long> out = new TreeMap<>(patients);
    out.keySet().retainAll(manifest.silos());
    return out;
  }

  public SortedSet<String> approvals() {
    return Collections.unmodifiableSortedSet(approvals);
  }

  public SortedSet<String> rejections() {
    return Collections.unmodifiableSortedSet(rejections);
  }

  /** Institutions that approved the release. */
  public SortedSet<String> releaseApprovals() {
    return Collections.unmodifiableSortedSet(releaseApprovals);
  }

  /** Institutions that rejected the release: the last opening never comes. */
  public SortedSet<String> releaseRejections() {
    return Collections.unmodifiableSortedSet(releaseRejections);
  }

  /**
   * Silos that may be in a roster: those that declared, approved where that is asked, did not
   * reject.
   */
  public List<String> available() {
    return patients.keySet().stream()
        .filter(s -> !rejections.contains(s))
        .filter(s -> !jobsByHand.contains(s) || approvals.contains(s))
        .toList();
  }

  /** Silos whose officer has not yet decided whether they take part. */
  public List<String> undecided() {
    return patients.keySet().stream()
        .filter(jobsByHand::contains)
        .filter(s -> !approvals.contains(s) && !rejections.contains(s))
        .toList();
  }

  /** Silos that take part and whose officer has not yet decided about the result. */
  public List<String> releaseUndecided() {
    return available().stream()
        .filter(releasesByHand::contains)
        .filter(s -> !releaseApprovals.contains(s) && !releaseRejections.contains(s))
        .toList();
  }

  /** Whether this silo takes part only once its officer has approved the job. */
  public boolean decidesByHand(String silo) {
    return jobsByHand.contains(silo);
  }

  /** Whether this silo's officer has to approve the result before the last opening. */
  public boolean decidesReleaseByHand(String silo) {
    return releasesByHand.contains(silo);
  }

  /** Whether the next opening is the last one: what the officers decide about comes with it. */
  public boolean lastStepNext() {
    return opened == terms.steps() - 1;
  }

  /** Whether the job, or its release, waits for an officer of some silo. */
  public boolean awaitsApproval() {
    return running() && (!undecided().isEmpty() || lastStepNext() && !releaseUndecided().isEmpty());
  }

  /** The newest box key of each holder position. */
  public SortedMap<Integer, BoxKey> boxKeys() {
    return Collections.unmodifiableSortedMap(boxKeys);
  }

  /** All rounds, in order of their numbers, from 1. */
  public List<RoundRecord> rounds() {
    return Collections.unmodifiableList(rounds);
  }

  /** The newest round. */
  public Optional<RoundRecord> current() {
    return rounds.isEmpty() ? Optional.empty() : Optional.of(rounds.getLast());
  }

  /** The round of this number. */
  public Optional<RoundRecord> round(int number) {
    return number < 1 || number > rounds.size()
        ? Optional.empty()
        : Optional.of(rounds.get(number - 1));
  }

  /** Digest of the state that the next round must start from, as the aggregator claims it. */
  public Digest state() {
    return state;
  }

  /** Openings that succeeded. */
  public int opened() {
    return opened;
  }

  /** Rounds in a row that ended without an opening. */
  public int failures() {
    return failures;
  }

  /** Why the job ends at its round's boundary: a newer policy, or a freeze. */
  public Optional<Code> stop() {
    return Optional.ofNullable(stop);
  }

  public Optional<JobEnded> end() {
    return Optional.ofNullable(end);
  }

  public boolean running() {
    return end == null;
  }

  /** Whether a round of this job was spoiled: it may only end. */
  public boolean spoiled() {
    return charges.spoiled();
  }

  /** Whether a round of this very cohort was spoiled in this job. */
  boolean spoiled(List<String> cohort) {
    return charges.spoiled(cohort);
  }

  /** The cohort that an exact job is bound to: that of its first charged round. */
  public Optional<List<String>> boundCohort() {
    return cohorts().stream().findFirst();
  }

  /** Distinct cohorts of charged rounds, in log order. */
  public SequencedSet<List<String>> cohorts() {
    return charges.cohorts(open());
  }

  /** The newest round, if the log has not ended it. */
  private Optional<RoundRecord> open() {
    return current().filter(r -> !r.ended());
  }

  /** How often this cohort's sum left its slots in this job. */
  int overflows(CohortFixed fixed) {
    return charges.overflows(fixed);
  }

  /** A round of this job overflowed or was spoiled. */
  void failed(RoundRecord round) {
    charges.failed(round);
  }

  /**
   * What this job has taken or holds back of a silo's cap: charged rounds, and while it runs the
   * price of all openings still to come.
   */
  public long committed(String silo) {
    if (!patients.containsKey(silo)) {
      return 0;
    }
    long units = charges.taken(silo, open());
    return running() ? Math.addExact(units, charges.held(opened, open())) : units;
  }

  /** What the job's charged rounds took from a silo, in the units of the job's own policy. */
  public long spentAsPriced(String silo) {
    return rounds.stream().filter(r -> r.charges(silo)).mapToLong(RoundRecord::price).sum();
  }

  /** Price of one opening in the units of the cap in force. */
  long accounted(int step) {
    return charges.price(step);
  }

  void reprice(List<Long> now) {
    charges.reprice(now, rounds);
  }

  void approveRelease(String institution) {
    releaseApprovals.add(institution);
  }

  void rejectRelease(String institution) {
    releaseRejections.add(institution);
    releaseApprovals.remove(institution);
  }

  /**
   * What each silo's patients had spent or held back when the job was submitted, without it, in
   * billionths of rho; empty for a dataset without a cap.
   */
  public SortedMap<String, Long> committedBefore() {
    return committedBefore;
  }

  /** The same when the job had ended, with what of it is charged. Empty while it runs. */
  public SortedMap<String, Long> committedAfter() {
    return committedAfter;
  }

  void budgetBefore(SortedMap<String, Long> committed) {
    committedBefore = Collections.unmodifiableSortedMap(new TreeMap<>(committed));
  }

  void budgetAfter(SortedMap<String, Long> committed) {
    committedAfter = Collections.unmodifiableSortedMap(new TreeMap<>(committed));
  }

  void approve(String institution) {
    approvals.add(institution);
    rejections.remove(institution);
  }

  void reject(String institution) {
    rejections.add(institution);
    approvals.remove(institution);
  }

  void publish(BoxKeyPublished key, Instant at) {
    boxKeys.put(key.position(), new BoxKey(key, at));
  }

  void announce(RoundRecord round) {
    rounds.add(round);
  }

  void endRound(long at) {
    open()
        .ifPresent(r -> {
          r.end(at);
          if (r.charged()) {
            charges.settle(r);
          }
          failures = r.outcome() == RoundRecord.Outcome.OPENED ? 0 : failures + 1;
        });
  }

  void advance(Digest next) {
    state = next;
    opened++;
  }

  void stopAtBoundary(Code reason) {
    stop = reason;
  }

  void end(JobEnded how) {
    end = how;
  }

  @Override
  public String toString() {
    return "job " + digest;
  }
}
