package io.concordat.protocol.round;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.round.RoundState.Draft;
import io.concordat.protocol.round.RoundState.Phase;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The time before the cohort is fixed: who is waited for, and when the manifest is written. */
final class Collecting {
  private final Duration acceptanceGrace;

  /**
   * Patience with holders.
   *
   * @param acceptanceGrace from the last contribution to doing without holders whose list is
   *     missing
   */
  Collecting(Duration acceptanceGrace) {
    this.acceptanceGrace = acceptanceGrace;
  }

  /** Does what has become possible in a round whose cohort is not fixed. */
  void advance(Draft d, Outputs out, Set<String> absent, Instant now) {
    RoundState view = d.freeze();
    List<Member> candidates = view.candidates();
    boolean allArrived = allArrived(d, candidates, absent);
    boolean deadline = !now.isBefore(d.announcement.deadline());
    // The sum of everybody is started before the holders' lists are in: nearly always it is the
    // one that is needed, and it is off the path of the round then.
    if (allArrived) {
      requestSum(d, out, candidates);
    }
    boolean settled = allArrived && allAccepted(view, candidates);
    boolean patienceOver =
        allArrived
            && d.lastArrival.isPresent()
            && !now.isBefore(d.lastArrival.get().plus(acceptanceGrace));
    if (!settled && !patienceOver && !deadline) {
      return;
    }
    Optional<CohortChoice> choice = CohortChoice.of(view);
    if (choice.isEmpty() || (!deadline && choice.get().cohort().size() < candidates.size())) {
      if (deadline) {
        d.phase = Phase.ABANDONED;
      }
      return;
    }
    List<Digest> chosen = choice.get().digests();
    if (d.sum.isEmpty() || !d.sum.get().cohort().equals(chosen)) {
      requestSum(d, out, choice.get().cohort());
      return;
    }
    CohortFixed manifest =
        new CohortFixed(
            d.ctx,
            choice.get().cohort(),
            choice.get().openers(),
            d.sum.get().root(),
            d.sum.get().length());
    d.fix(manifest);
    d.fixedAt = Optional.of(now);
    d.phase = Phase.OPENING;
    out.append.add(manifest);
    out.commands.add(new RoundCommand.ComputeFingerprints(d.announcement, manifest));
  }

  /**
   * Whether nobody is waited for any more. A silo that is gone is not waited for in a noised job;
   * an exact one spends one of its dataset's two cohorts with every cohort it opens, so it waits
   * until the deadline.
   */
  private static boolean allArrived(Draft d, List<Member> candidates, Set<String> absent) {
    Set<String> missing = new HashSet<>(d.announcement.roster());
    candidates.forEach(m -> missing.remove(m.silo()));
    return missing.isEmpty()
        || d.terms.noised()
            && absent.containsAll(missing)
            && candidates.size() >= d.terms.minContributors();
  }

  private static void requestSum(Draft d, Outputs out, List<Member> cohort) {
    List<Digest> wanted = cohort.stream().map(Member::contribution).toList();
    boolean there = d.sum.isPresent() && d.sum.get().cohort().equals(wanted);
    // One sum at a time: they share one place to be written to.
    if (!there && d.summing.isEmpty()) {
      d.summing = wanted;
      List<ContributionHeader> headers =
          cohort.stream()
              .map(m -> d.headers.get(m.silo()))
              .filter(Objects::nonNull)
              .map(h -> (ContributionHeader) h.statement())
              .toList();
      out.commands.add(new RoundCommand.SumCohort(d.announcement, headers));
    }
  }

  private static boolean allAccepted(RoundState state, List<Member> candidates) {
    return state.announcement().positions().stream()
        .allMatch(p -> state.accepted(p).containsAll(candidates));
  }
}
