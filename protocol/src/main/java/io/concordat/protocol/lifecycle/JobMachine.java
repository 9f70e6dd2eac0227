package io.concordat.protocol.lifecycle;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.RoundAnnounced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides about one job. */
public final class JobMachine {
  /** How old a box key may be when it is announced: well below the age at which silos refuse it. */
  private static final Duration BOX_KEY_AGE = Duration.ofHours(47);

  /** How long a job waits for officers; after that, silence is a no. */
  public static final Duration APPROVAL_TERM = Duration.ofDays(7);

  /** How long a round may be put off for silos not heard of and holders without a box key. */
  private static final Duration HOLDER_GRACE = Duration.ofSeconds(20);

  private final Duration collecting;

  /**
   * A machine with the aggregator's patience.
   *
   * @param collecting from an announcement to its deadline
   */
  public JobMachine(Duration collecting) {
    this.collecting = collecting;
  }

  /**
   * What a decision needs of the world around a job.
   *
   * @param since when the aggregator began to listen: who was not heard of a moment later may still
   *     be on the way back
   * @param seen institutions whose node was heard of lately
   * @param cohorts that were opened on the job's dataset, if it has no cap; in log order
   */
  public record View(Instant since, Set<String> seen, boolean frozen, List<List<String>> cohorts) {
    public View {
      seen = Set.copyOf(seen);
      cohorts = List.copyOf(cohorts);
    }
  }

  /**
   * What to do now.
   *
   * @param round state of the job's newest round, if it has one that was valid
   * @param view what the aggregator knows besides the job
   */
  public JobAction decide(
      JobState state, JobRecord job, Optional<RoundState> round, View view, Instant now) {
    if (state.cancel()) {
      return end(job, JobEnded.Outcome.CANCELLED, Code.JOB_CANCELLED);
    }
    boolean open =
        round.isPresent()
            && job.current().filter(r -> !r.ended() && r.fault().isEmpty()).isPresent();
    if (open) {
      switch (round.get().phase()) {
        case COLLECTING, OPENING -> {
          return new JobAction.Wait();
        }
        case SPOILED -> {
          return end(job, JobEnded.Outcome.FAILED, Code.ROUND_SPOILED);
        }
        case OPENED, OVERFLOWED, ABANDONED -> {
          // The next announcement, or the job's end, ends the round.
        }
      }
    }
    if (state.shape().finished() && job.opened() == job.terms().steps()) {
      return new JobAction.End(
          new JobEnded(
              job.digest(),
              JobEnded.Outcome.SUCCEEDED,
              Optional.empty(),
              Optional.of(state.shape().digest())));
    }
    return failure(state, job, now)
        .map(code -> end(job, JobEnded.Outcome.FAILED, code))
        .orElseGet(() -> next(state, job, view, now));
  }

  private static Optional<Code> failure(JobState state, JobRecord job, Instant now) {
    if (job.stop().isPresent()) {
      return job.stop();
    }
    if (!now.isBefore(job.rules().expires())) {
      return Optional.of(Code.POLICY_EXPIRED);
    }
    if (job.spoiled()) {
      return Optional.of(Code.ROUND_SPOILED);
    }
    int failures =
        job.current()
            .filter(r -> !r.ended())
            .map(r -> r.outcome() == RoundRecord.Outcome.OPENED ? 0 : job.failures() + 1)
            .orElse(job.failures());
    if (failures >= JobRecord.MAX_FAILURES) {
      return Optional.of(Code.JOB_ROUNDS_FAILED);
    }
    // A job whose analysis and plan disagree about its length must not go on for ever.
    if (state.shape().finished() || job.opened() >= job.terms().steps()) {
      return Optional.of(Code.JOB_LIMIT);
    }
    return state.refused().filter(c -> !passes(c));
  }

  /** Refusals that time or other people can cure. */
  private static boolean passes(Code code) {
    return code == Code.POLICY_FROZEN
        || code == Code.BOX_KEY_STALE
        || code == Code.ROUND_HOLDERS_MISSING
        || code == Code.ROUND_ROSTER
        || code == Code.JOB_AWAITS_RELEASE
        || code == Code.POLICY_NOT_YET;
  }

  /**
   * The cohort that an exact round must have: the job's own, else one that was opened before and
   * that can be had again, since a second cohort that is a few silos apart from it is refused.
   */
  private static Optional<List<String>> bound(JobRecord job, View view) {
    return job.terms().noised()
        ? Optional.empty()
        : job.boundCohort()
            .or(() -> view.cohorts().stream().filter(job.available()::containsAll).findFirst());
  }

  /** When a job began to wait for officers: its submission, or the round before the last one. */
  private static Instant waitingSince(JobRecord job) {
    return job.rounds().isEmpty() ? job.time() : job.rounds().getLast().announcement().deadline();
  }

  private JobAction next(JobState state, JobRecord job, View view, Instant now) {
    FederationRules rules = job.rules();
    Set<String> seen = view.seen();
    boolean boundSiloLeft =
        !job.terms().noised()
            && job.boundCohort()
                .filter(c -> c.stream().anyMatch(job.rejections()::contains))
                .isPresent();
    if (boundSiloLeft
        || !job.releaseRejections().isEmpty()
        || job.patients().size() - job.rejections().size() < rules.minContributors()) {
      return end(job, JobEnded.Outcome.REFUSED, Code.JOB_NOT_APPROVED);
    }
    if (job.awaitsApproval() && !now.isBefore(waitingSince(job).plus(APPROVAL_TERM))) {
      return end(job, JobEnded.Outcome.REFUSED, Code.JOB_APPROVAL_TERM);
    }
    List<String> roster = job.available().stream().filter(seen::contains).toList();
    Optional<List<String>> bound = bound(job, view);
    Instant begun = job.time().isAfter(view.since()) ? job.time() : view.since();
    boolean patient = now.isBefore(begun.plus(HOLDER_GRACE));
    if (view.frozen()
        || job.awaitsApproval()
        || now.isBefore(rules.notBefore())
        || roster.size() < rules.minContributors()
        || roster.size() > rules.maxCohort()
        || bound.isPresent() && !roster.containsAll(bound.get())
        || bound.isEmpty() && roster.size() < job.available().size() && patient) {
      return new JobAction.Wait();
    }
    List<RoundAnnounced.BoxKey> keys = boxKeys(job, seen, now);
    boolean all = keys.size() >= rules.holders().stream().filter(seen::contains).count();
    if (keys.size() < rules.threshold() || (!all && patient)) {
      return new JobAction.Wait();
    }
    return new JobAction.Announce(
        new RoundAnnounced(
            rules.federation(),
            rules.policy(),
            job.digest(),
            job.rounds().size() + 1,
            state.shape().digest(),
            state.shape().parameters(),
            state.shape().values(),
            state.shape().bits(),
            rules.maxCohort(),
            bound.orElse(roster),
            keys,
            now.plus(collecting)),
        new RoundState.Terms(
            rules.threshold(),
            rules.minContributors(),
            job.terms().noised(),
            bound.orElse(List.of())));
  }

  /**
   * The holders to name: those whose key is young enough, and of them only those that were heard of
   * lately, unless too few would be left. A holder that is gone would cost every round the wait for
   * its list.
   */
  private static List<RoundAnnounced.BoxKey> boxKeys(JobRecord job, Set<String> seen, Instant now) {
    List<RoundAnnounced.BoxKey> fresh =
        job.boxKeys().entrySet().stream()
            .filter(e -> e.getValue().time().plus(BOX_KEY_AGE).isAfter(now))
            .map(JobMachine::named)
            .toList();
    List<RoundAnnounced.BoxKey> present =
        fresh.stream()
            .filter(k -> job.rules().holder(k.position()).filter(seen::contains).isPresent())
            .toList();
    return present.size() >= job.rules().threshold() ? present : fresh;
  }

  private static RoundAnnounced.BoxKey named(Map.Entry<Integer, JobRecord.BoxKey> key) {
    return new RoundAnnounced.BoxKey(
        key.getKey(), key.getValue().published().epoch(), key.getValue().published().keyDigest());
  }

  private static JobAction end(JobRecord job, JobEnded.Outcome outcome, Code code) {
    Optional<Digest> none = Optional.empty();
    return new JobAction.End(new JobEnded(job.digest(), outcome, Optional.of(code.text()), none));
  }
}
