package io.concordat.privacy.budget;

import io.concordat.privacy.accountant.GaussianRound;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one job has to do with one account: its rounds, and what it reserved when it started.
 *
 * @param charges by round number
 * @param wholeRounds what the reservation was made for; empty without one
 * @param whole the reservation's price, zero without one
 * @param charged the sum of the charges that count
 */
record JobPage(
    SortedMap<Long, Charge> charges,
    List<GaussianRound> wholeRounds,
    BigDecimal whole,
    BigDecimal charged) {

  static final JobPage EMPTY = of(new TreeMap<>(), List.of(), RenyiFilter.ZERO);

  private static JobPage of(
      SortedMap<Long, Charge> charges, List<GaussianRound> wholeRounds, BigDecimal whole) {
    BigDecimal sum =
        charges.values().stream().map(Charge::counted).reduce(RenyiFilter.ZERO, BigDecimal::add);
    return new JobPage(
        Collections.unmodifiableSortedMap(charges), List.copyOf(wholeRounds), whole, sum);
  }

  /** What the job may still take without asking: its whole price less what it has been charged. */
  BigDecimal reserved() {
    return whole.subtract(charged).max(RenyiFilter.ZERO);
  }

  boolean hasReservation() {
    return !wholeRounds.isEmpty();
  }

  JobPage with(long round, Charge charge) {
    SortedMap<Long, Charge> next = new TreeMap<>(charges);
    next.put(round, charge);
    return of(next, wholeRounds, whole);
  }

  JobPage withReservation(List<GaussianRound> rounds, BigDecimal price) {
    return of(charges, rounds, price);
  }

  JobPage withoutReservation() {
    return of(charges, List.of(), RenyiFilter.ZERO);
  }

  JobPage repriced(RenyiFilter filter) {
    SortedMap<Long, Charge> next = new TreeMap<>();
    charges.forEach((round, charge) ->
        next.put(
            round, new Charge(charge.rounds(), filter.price(charge.rounds()), charge.state())));
    return of(
        next, wholeRounds, wholeRounds.isEmpty() ? RenyiFilter.ZERO : filter.price(wholeRounds));
  }

  /**
   * Rounds of both; of a round in both the larger price, and the log's word on whether it is
   * closed.
   */
  JobPage mergedWithLog(JobPage log) {
    SortedMap<Long, Charge> union = new TreeMap<>(charges);
    log.charges.forEach((round, theirs) -> union.merge(round, theirs, Charge::mergedWithLog));
    return whole.compareTo(log.whole) >= 0
        ? of(union, wholeRounds, whole)
        : of(union, log.wholeRounds, log.whole);
  }
}
