package io.concordat.privacy.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One account's page of the book: what each job has taken and reserved, and a floor taken over from
 * elsewhere.
 *
 * <p>All sums are exact decimals, so they do not depend on any order. The totals are kept beside
 * the jobs, so a step costs what its job has rounds and the account has jobs, not what the account
 * has rounds.
 *
 * @param charged what counts: rounds not seen closed, and what was carried over
 * @param reserved what running jobs may still take
 */
record Ledger(
    RenyiFilter filter,
    SortedMap<String, JobPage> jobs,
    BigDecimal carried,
    BigDecimal charged,
    BigDecimal reserved) {

  static Ledger empty(RenyiFilter filter) {
    return of(filter, new TreeMap<>(), RenyiFilter.ZERO);
  }

  private static Ledger of(
      RenyiFilter filter, SortedMap<String, JobPage> jobs, BigDecimal carried) {
    BigDecimal charged = carried;
    BigDecimal reserved = RenyiFilter.ZERO;
    for (JobPage page : jobs.values()) {
      charged = charged.add(page.charged());
      reserved = reserved.add(page.reserved());
    }
    return new Ledger(filter, Collections.unmodifiableSortedMap(jobs), carried, charged, reserved);
  }

  BigDecimal left() {
    return filter.rhoMax().subtract(charged).subtract(reserved);
  }

  JobPage job(String job) {
    return jobs.getOrDefault(job, JobPage.EMPTY);
  }

  Ledger with(String job, JobPage page) {
    SortedMap<String, JobPage> next = new TreeMap<>(jobs);
    JobPage before = next.put(job, page);
    JobPage old = before == null ? JobPage.EMPTY : before;
    return new Ledger(
        filter,
        Collections.unmodifiableSortedMap(next),
        carried,
        charged.subtract(old.charged()).add(page.charged()),
        reserved.subtract(old.reserved()).add(page.reserved()));
  }

  private Ledger eachJob(RenyiFilter next, BigDecimal carriedNext, UnaryOperator<JobPage> step) {
    SortedMap<String, JobPage> pages = new TreeMap<>();
    jobs.forEach((job, page) -> pages.put(job, step.apply(page)));
    return of(next, pages, carriedNext);
  }

  /**
   * The same page under another cap. A cap of another order prices every round anew. A carried
   * total has no rounds to price, and divergences of different orders have no common measure, so it
   * then fills the cap: nothing more fits until the account's rounds are known again.
   */
  Ledger withFilter(RenyiFilter next) {
    if (next.alpha() == filter.alpha()) {
      return eachJob(next, carried, UnaryOperator.identity());
    }
    BigDecimal carriedNext = carried.signum() == 0 ? carried : next.rhoMax().max(carried);
    return eachJob(next, carriedNext, page -> page.repriced(next));
  }

  Ledger mergedWithLog(Ledger log) {
    SortedMap<String, JobPage> union = new TreeMap<>(jobs);
    log.withFilter(filter)
        .jobs
        .forEach((job, theirs) -> union.merge(job, theirs, JobPage::mergedWithLog));
    return of(filter, union, carried.max(log.carried));
  }

  /** A page whose total is at least this much. */
  Ledger atLeast(BigDecimal total) {
    BigDecimal missing = total.setScale(RenyiFilter.DIGITS, RoundingMode.CEILING).subtract(charged);
    return missing.signum() <= 0 ? this : of(filter, jobs, carried.add(missing));
  }
}
