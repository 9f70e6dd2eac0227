package io.concordat.protocol.ledger;

import io.concordat.protocol.statement.CohortFixed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a job's rounds took from whom: charges by silo and the cohorts that were charged for.
 *
 * <p>Rounds that have ended are added up here once; the round that is open is given to each
 * question, since what it comes to is not settled yet.
 */
final class JobCharges {
  private JobTerms counted;
  private final TreeMap<String, Long> settled = new TreeMap<>();
  private final LinkedHashSet<List<String>> cohorts = new LinkedHashSet<>();

  // Cohorts of rounds that failed, by how.
  private final Set<List<String>> spoiled = new HashSet<>();
  private final Map<List<String>, Integer> overflows = new HashMap<>();

  /** No round yet, at the prices of the job's own policy. */
  JobCharges(JobTerms terms) {
    counted = terms;
  }

  /** A round overflowed or was spoiled. */
  void failed(RoundRecord round) {
    if (round.outcome() == RoundRecord.Outcome.SPOILED) {
      spoiled.add(round.cohort());
    } else {
      overflows.merge(round.cohort(), 1, Integer::sum);
    }
  }

  /** Whether any round was spoiled. */
  boolean spoiled() {
    return !spoiled.isEmpty();
  }

  /** Whether a round of this very cohort was spoiled. */
  boolean spoiled(List<String> cohort) {
    return spoiled.contains(cohort);
  }

  /** How often this cohort's sum left its slots. */
  int overflows(CohortFixed fixed) {
    return overflows.getOrDefault(fixed.silos(), 0);
  }

  /** A charged round has ended: nothing about it changes any more. */
  void settle(RoundRecord round) {
    cohorts.add(round.cohort());
    add(round);
  }

  private void add(RoundRecord round) {
    round.cohort().forEach(silo -> settled.merge(silo, price(round.step()), Math::addExact));
  }

  /** Distinct cohorts of charged rounds, in log order. */
  SequencedSet<List<String>> cohorts(Optional<RoundRecord> open) {
    LinkedHashSet<List<String>> out = new LinkedHashSet<>(cohorts);
    open.filter(RoundRecord::charged).ifPresent(r -> out.add(r.cohort()));
    return out;
  }

  /** What charged rounds took from a silo. */
  long taken(String silo, Optional<RoundRecord> open) {
    long units = settled.getOrDefault(silo, 0L);
    return open.isPresent() && open.get().charges(silo)
        ? Math.addExact(units, price(open.get().step()))
        : units;
  }

  /**
   * What a running job holds back of each of its silos' caps: the price of all openings still to
   * come. A pending round's own price was taken, from its cohort alone: its cohort is fixed, so no
   * other silo can pay for this step any more.
   *
   * @param opened openings that succeeded
   */
  long held(int opened, Optional<RoundRecord> open) {
    boolean pending =
        open.isPresent()
            && open.get().charged()
            && open.get().outcome() == RoundRecord.Outcome.PENDING;
    return counted.priceFrom(opened + (pending ? 1 : 0));
  }

  /** Price of one opening in the units of the cap in force. */
  long price(int step) {
    return counted.stepPrices().get(step);
  }

  /** Another policy's units count from now on, also for what was taken before. */
  void reprice(List<Long> now, List<RoundRecord> rounds) {
    counted =
        new JobTerms(
            counted.federation(),
            counted.name(),
            counted.dataset(),
            counted.noised(),
            now,
            counted.program());
    settled.clear();
    rounds.stream().filter(r -> r.ended() && r.charged()).forEach(this::add);
  }
}
