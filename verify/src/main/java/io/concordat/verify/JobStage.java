package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundOpened;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One job from its signed file to its result, every opened sum opened again.
 *
 * <p>Each check runs over all rounds and names the first that differ. Where a state can no longer
 * be computed, because a sum is missing or wrong, everything that depends on it fails or stays
 * unchecked with it; nothing continues from what the log claims.
 */
final class JobStage {
  static final String REQUEST = "the request is signed by a person whom an institution endorsed";
  static final String COHORTS =
      "every sum covers at least the agreed number of institutions, each once";
  static final String RECORDS =
      "every opening was put on record by enough key holders before it happened";
  static final String CONTRIBUTIONS = "every contribution is signed by its institution";
  static final String SUMS = "every encrypted sum is the sum of exactly these contributions";
  static final String OPENINGS = "every sum opens with the key holders' signed answers";
  static final String STATES = "every round starts from what the round before it led to";
  static final String UNOPENED = "rounds that did not open";
  static final String RESULT = "the result is what the rounds lead to";

  private final PackFiles pack;
  private final JobRecord job;
  private final Policy policy;
  private final Map<Digest, Long> openedAt;
  private final RingKernel kernel;
  private final String prefix;
  private final Tally cohorts;
  private final Tally records;
  private final Tally contributions;
  private final Tally sums;
  private final Tally openings;
  private final Tally states;
  private final Tally unopened;

  private final StateTrail trail;

  /** Rounds without an opening in the log that could have been opened. */
  private int counted;

  JobStage(
      PackFiles pack, JobRecord job, Policy policy, Map<Digest, Long> openedAt, RingKernel kernel) {
    this.pack = pack;
    this.job = job;
    this.policy = policy;
    this.openedAt = openedAt;
    this.kernel = kernel;
    prefix = name(job) + ": ";
    trail = new StateTrail(job);
    cohorts = new Tally(prefix + COHORTS);
    records = new Tally(prefix + RECORDS);
    contributions = new Tally(prefix + CONTRIBUTIONS);
    sums = new Tally(prefix + SUMS);
    openings = new Tally(prefix + OPENINGS);
    states = new Tally(prefix + STATES);
    unopened = new Tally(prefix + UNOPENED);
  }

  /** How checks call a job. */
  static String name(JobRecord job) {
    return "Job " + job.terms().name() + " " + job.digest().hex().substring(0, 12);
  }

  private static String count(Tally tally, String noun) {
    return tally.agreed() + " " + noun + (tally.agreed() == 1 ? "" : "s");
  }

  /** Runs all checks of the job; the trail ends where the job ended, if it could be followed. */
  StateTrail run(String endorsedBy, List<Check> checks) throws IOException {
    checks.add(
        Check.passed(
            prefix + REQUEST,
            "file " + job.digest() + " by " + job.submitter() + ", endorsed by " + endorsedBy));
    for (RoundRecord round : job.rounds()) {
      round(round);
    }
    int threshold = job.rules().threshold();
    checks.add(
        cohorts.check(
            count(cohorts, "manifest")
                + " compared with roster and policy: at least "
                + job.rules().minContributors()
                + " institutions each"));
    checks.add(
        records.check(
            count(records, "opening")
                + ": signed records of at least "
                + threshold
                + " key holders stand between manifest and opening, under the cosigned head."
                + " That each holder waited for a cosigned head before answering is its own"
                + " rule and leaves no trace here"));
    checks.add(
        contributions.check(
            count(contributions, "round")
                + ": headers compared with manifest, roster, layout and price"));
    checks.add(
        sums.check(
            count(sums, "summed ciphertext")
                + ": fingerprint compared with the sum of the"
                + " institutions' signed fingerprints"));
    checks.add(
        openings.check(
            count(openings, "sum")
                + " decrypted again with "
                + threshold
                + " answers; key sums are those that the log names"));
    checks.add(
        states.check(
            count(states, "state and layout")
                + " computed again and compared with announcements and"
                + " openings"));
    if (unopened.agreed() > 0 || unopened.open()) {
      checks.add(
          unopened.check(
              count(unopened, "round")
                  + " without an opening; "
                  + counted
                  + " of them charged all the same, since enough key holders had put one on record"));
    }
    result(checks);
    return trail;
  }

  private void round(RoundRecord round) throws IOException {
    String where = "round " + round.number();
    if (round.fault().isPresent()) {
      // The refused entry has failed the rules of the log already.
      unopened.fault(where, "its announcement is void: " + round.fault().get());
      return;
    }
    boolean layoutAgrees = announced(where, round.announcement());
    round.manifest().ifPresent(m -> cohort(where, round, m));
    switch (round.outcome()) {
      case OPENED -> {
        record(where, round);
        open(where, round, layoutAgrees);
      }
      case OVERFLOWED, SPOILED ->
          unopened.skip(
              where,
              "the log says "
                  + round.outcome().name().toLowerCase(java.util.Locale.ROOT)
                  + "; the pack holds no answers of such rounds. It is charged like an opened one");
      case PENDING -> {
        unopened.agree();
        counted += round.charged() ? 1 : 0;
      }
    }
  }

  /** Whether the announcement asks for what the state asks for. */
  private boolean announced(String where, RoundAnnounced a) {
    if (trail.lost()) {
      trail.mark(states, where);
      return false;
    }
    Optional<String> fault = trail.announcementFault(a);
    fault.ifPresent(what -> states.fault(where, what));
    return fault.isEmpty();
  }

  /** Compared with the policy file itself once more, not only by the ledger's rules. */
  private void cohort(String where, RoundRecord round, RoundRecord.Manifest manifest) {
    CohortFixed fixed = manifest.fixed();
    List<String> silos = fixed.silos();
    int least = policy.cohort().minContributors();
    if (manifest.fault().isPresent()) {
      cohorts.fault(where, manifest.fault().get().toString());
    } else if (silos.size() < least || silos.size() > policy.encryption().maxCohort()) {
      cohorts.fault(where, silos.size() + " institutions, the policy asks for " + least);
    } else if (new HashSet<>(silos).size() != silos.size()) {
      cohorts.fault(where, "an institution stands twice in " + silos);
    } else if (!policy.silos().containsAll(silos)
        || !round.announcement().roster().containsAll(silos)) {
      cohorts.fault(where, "not all of " + silos + " are in policy and roster");
    } else if (silos.stream().anyMatch(s -> patients(s) < policy.cohort().minPatientsPerSilo())) {
      cohorts.fault(
          where, "an institution declared fewer than " + policy.cohort().minPatientsPerSilo());
    } else {
      cohorts.agree();
    }
  }

  private long patients(String silo) {
    return job.patients().getOrDefault(silo, 0L);
  }

  private void record(String where, RoundRecord round) {
    RoundRecord.Manifest manifest = round.validManifest().orElseThrow();
    long opened = openedAt.getOrDefault(manifest.digest(), -1L);
    long before =
        round.records().values().stream()
            .filter(at -> at > manifest.index() && at < opened)
            .count();
    int needed = policy.keyHolders().threshold();
    List<Integer> answers = round.claim().orElseThrow().answers();
    if (before < needed) {
      records.fault(where, before + " records before the opening, needed are " + needed);
    } else if (answers.size() != needed
        || new HashSet<>(answers).size() != needed
        || !round.records().keySet().containsAll(answers)) {
      records.fault(where, "answers of " + answers + " without their records");
    } else {
      records.agree();
    }
  }

  private void open(String where, RoundRecord round, boolean layoutAgrees) throws IOException {
    RoundOpened claim = round.claim().orElseThrow();
    CohortFixed manifest = round.validManifest().orElseThrow().fixed();
    Optional<Layout> layout = HeaderRules.layout(round.announcement());
    if (layout.isEmpty()) {
      sums.fault(where, "its layout is none");
      trail.lose(where + " has no layout", false);
      return;
    }
    RoundEvidence evidence;
    try {
      evidence = RoundEvidence.read(pack, round, layout.get());
    } catch (DecodeException e) {
      String what = String.valueOf(e.getMessage());
      contributions.fault(where, what);
      sums.fault(where, what);
      openings.fault(where, what);
      trail.lose(where + " lacks its signed statements", false);
      return;
    }
    evidence
        .contributionsFault()
        .ifPresentOrElse(what -> contributions.fault(where, what), contributions::agree);
    String path = PackLayout.sum(claim.manifest());
    Optional<BulkSource> sum = pack.source(path);
    if (sum.isEmpty()) {
      // The length that the state asks for: the manifest's own is a claim.
      long length = BulkHead.BYTES + layout.get().ciphertextBytes();
      missingSum(where, path, length > PackLayout.LARGEST_SUM_BYTES && layoutAgrees);
      return;
    }
    boolean rightSum = checkSum(where, evidence, sum.get(), claim);
    if (!layoutAgrees) {
      // Memory for the values follows from the layout, so one that nobody asked for is not opened.
      trail.lose(where + " has a state or layout of its own", false);
      trail.mark(openings, where);
      return;
    }
    Optional<long[]> values = decrypt(where, round, layout.get(), evidence, sum.get(), claim);
    if (values.isPresent() && rightSum) {
      trail
          .advance(manifest, values.get(), claim.state())
          .ifPresentOrElse(
              what -> {
                states.fault(where, what);
                trail.lose(where + " leads to another state", false);
              },
              states::agree);
    } else {
      trail.lose("the sum of " + where + " does not hold", false);
    }
  }

  private void missingSum(String where, String path, boolean mayBeLeftOut) {
    String what = "not in the pack: " + path;
    for (Tally tally : List.of(sums, openings)) {
      if (mayBeLeftOut) {
        tally.skip(where, what);
      } else {
        tally.fault(where, what);
      }
    }
    trail.lose("the sum of " + where + " is not in the pack", mayBeLeftOut);
  }

  private boolean checkSum(String where, RoundEvidence evidence, BulkSource sum, RoundOpened claim)
      throws IOException {
    Optional<String> fault;
    try {
      fault = evidence.sumFault(sum, claim.fingerprints(), kernel);
    } catch (DecodeException e) {
      fault = Optional.of(String.valueOf(e.getMessage()));
    }
    fault.ifPresentOrElse(what -> sums.fault(where, what), sums::agree);
    return fault.isEmpty();
  }

  private Optional<long[]> decrypt(
      String where,
      RoundRecord round,
      Layout layout,
      RoundEvidence evidence,
      BulkSource sum,
      RoundOpened claim)
      throws IOException {
    CohortFixed manifest = round.validManifest().orElseThrow().fixed();
    SumOpening opening =
        new SumOpening(
            layout,
            round.ctx(),
            manifest.cohort().size(),
            policy.keyHolders().threshold(),
            job.terms().noised() ? VectorKind.NOISED : VectorKind.EXACT,
            kernel);
    String fault;
    try {
      SumResult result = opening.open(sum, manifest.sum(), evidence.answers(claim.answers()));
      fault =
          switch (result) {
            case SumResult.Opened(long[] values, var key) -> {
              if (key.digest().equals(claim.keySum())) {
                openings.agree();
                yield "";
              }
              yield "the key sum is " + key.digest() + ", round.opened names " + claim.keySum();
            }
            case SumResult.Delivered _ -> "was delivered to nobody";
            case SumResult.Overflowed(var misfit, var _) -> "overflowed: " + misfit;
            case SumResult.Spoiled(var misfit, var _) -> "does not open: " + misfit;
          };
      if (fault.isEmpty() && result instanceof SumResult.Opened(long[] values, var _)) {
        return Optional.of(values);
      }
    } catch (DecodeException | IllegalArgumentException e) {
      fault = String.valueOf(e.getMessage());
    }
    openings.fault(where, fault);
    return Optional.empty();
  }

  private void result(List<Check> checks) {
    Optional<JobEnded> end = job.end();
    if (end.isEmpty() || end.get().outcome() != JobEnded.Outcome.SUCCEEDED) {
      return;
    }
    Tally result = new Tally(prefix + RESULT);
    Digest claimed = end.get().result().orElseThrow();
    if (trail.lost()) {
      trail.mark(result, "final state");
    } else {
      trail.endFault(claimed).ifPresent(what -> result.fault("final state", what));
    }
    checks.add(result.check("final state " + claimed + ", computed from the opened sums alone"));
  }
}
