package io.concordat.privacy.budget;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The running account of every person column: an immutable value, the same class in a silo's book
 * and in a holder's replay of the log.
 *
 * <p>INVARIANT: charged + reserved <= rhoMax in every account after every admission. A job reserves
 * its whole price when it starts; its rounds are then charged out of that reservation. A round
 * beyond it, a retry for example, must fit by itself.
 *
 * <p>Every step may be repeated: charging the same round, closing it or ending a job twice changes
 * nothing.
 */
public final class BudgetBook {

  private final SortedMap<Account, Ledger> ledgers;

  private BudgetBook(SortedMap<Account, Ledger> ledgers) {
    this.ledgers = ledgers;
  }

  /** A book without accounts. */
  public static BudgetBook empty() {
    return new BudgetBook(new TreeMap<>());
  }

  /**
   * Opens an account under its cap, or puts a newer policy's cap on an open one. Lowering a cap
   * keeps every charge; nothing more may fit then.
   */
  public BudgetBook withAccount(Account account, RenyiFilter cap) {
    Ledger page = ledgers.get(account);
    return with(account, page == null ? Ledger.empty(cap) : page.withFilter(cap));
  }

  /**
   * Reserves the whole price of a job in all its accounts, or in none.
   *
   * @param rounds what the job would take from each account
   */
  public BudgetDecision startJob(String job, Map<Account, List<GaussianRound>> rounds) {
    BudgetBook next = this;
    for (Map.Entry<Account, List<GaussianRound>> entry : new TreeMap<>(rounds).entrySet()) {
      Account account = entry.getKey();
      Ledger page = next.ledgers.get(account);
      if (page == null) {
        return new BudgetDecision.Unknown(account);
      }
      if (page.job(job).hasReservation()) {
        continue;
      }
      BigDecimal whole = page.filter().price(entry.getValue());
      Ledger reserved = page.with(job, page.job(job).withReservation(entry.getValue(), whole));
      if (reserved.left().signum() < 0) {
        return new BudgetDecision.Refused(account, whole, page.left());
      }
      next = next.with(account, reserved);
    }
    return new BudgetDecision.Admitted(next);
  }

  /**
   * Charges a round to all its accounts, or to none: before a silo seals, or where a holder reads a
   * fixed cohort.
   *
   * <p>A round that is charged already stays as it is. One that was closed and appears again counts
   * again.
   */
  public BudgetDecision charge(RoundKey key, Map<Account, List<GaussianRound>> rounds) {
    BudgetBook next = this;
    for (Map.Entry<Account, List<GaussianRound>> entry : new TreeMap<>(rounds).entrySet()) {
      Account account = entry.getKey();
      Ledger page = next.ledgers.get(account);
      if (page == null) {
        return new BudgetDecision.Unknown(account);
      }
      if (counts(page, key)) {
        continue;
      }
      Ledger charged = sealed(page, key, entry.getValue());
      if (charged.left().signum() < 0) {
        return new BudgetDecision.Refused(
            account, page.filter().price(entry.getValue()), page.left());
      }
      next = next.with(account, charged);
    }
    return new BudgetDecision.Admitted(next);
  }

  /**
   * Takes a round over from the log although it may not fit: what has happened is charged, whatever
   * the cap says. Later admissions then see nothing left.
   */
  public BudgetBook recorded(RoundKey key, Map<Account, List<GaussianRound>> rounds) {
    BudgetBook next = this;
    for (Map.Entry<Account, List<GaussianRound>> entry : rounds.entrySet()) {
      Ledger page = next.ledgers.get(entry.getKey());
      if (page == null) {
        throw new IllegalStateException("no account " + entry.getKey() + " in this book");
      }
      if (!counts(page, key)) {
        next = next.with(entry.getKey(), sealed(page, key, entry.getValue()));
      }
    }
    return next;
  }

  /** The log shows that the round counts. */
  public BudgetBook counted(RoundKey key) {
    return everywhere(page -> moved(page, key, Charge.State.COUNTED));
  }

  /**
   * The log shows that nobody can open the round: its charge goes back to the job's reservation. A
   * round that was seen counted stays charged.
   */
  public BudgetBook closed(RoundKey key) {
    return everywhere(page -> moved(page, key, Charge.State.CLOSED));
  }

  /** No more rounds of this job: what it reserved and did not use is free again. */
  public BudgetBook endJob(String job) {
    return everywhere(page ->
        page.jobs().containsKey(job) ? page.with(job, page.job(job).withoutReservation()) : page);
  }

  /**
   * This book together with what the log says, for a silo that starts: every round of either, so
   * never less than the larger. A round is closed only where the log closes it.
   */
  public BudgetBook mergedWithLog(BudgetBook log) {
    SortedMap<Account, Ledger> next = new TreeMap<>(ledgers);
    log.ledgers.forEach((account, page) -> next.merge(account, page, Ledger::mergedWithLog));
    return new BudgetBook(next);
  }

  /**
   * This book with at least these totals, where only totals are known, a restored backup's for
   * example. Accounts that the book does not have are left out: they have no cap here.
   */
  public BudgetBook atLeast(Map<Account, BigDecimal> totals) {
    SortedMap<Account, Ledger> next = new TreeMap<>(ledgers);
    totals.forEach(
        (account, total) -> next.computeIfPresent(account, (_, page) -> page.atLeast(total)));
    return new BudgetBook(next);
  }

  /** How an account stands. */
  public Optional<Position> position(Account account) {
    return Optional.ofNullable(ledgers.get(account)).map(Position::of);
  }

  /** All accounts, in order. */
  public List<Account> accounts() {
    return List.copyOf(ledgers.keySet());
  }

  /** The charges of an account by round, closed ones included; empty without the account. */
  public SortedMap<RoundKey, Charge> charges(Account account) {
    SortedMap<RoundKey, Charge> all = new TreeMap<>();
    Ledger page = ledgers.get(account);
    if (page != null) {
      page.jobs()
          .forEach((job, rounds) ->
              rounds
                  .charges()
                  .forEach((round, charge) -> all.put(new RoundKey(job, round), charge)));
    }
    return all;
  }

  /**
   * The epsilon that the counted rounds would have had if all of them had been fixed in advance.
   * For information only: it bounds nothing once a job was chosen by the results of another. A
   * carried total has no rounds and is not in it.
   */
  public double epsilonIfFixedInAdvance(Account account, double delta) {
    List<GaussianRound> rounds = new ArrayList<>();
    for (Charge charge : charges(account).values()) {
      if (charge.state() != Charge.State.CLOSED) {
        rounds.addAll(charge.rounds());
      }
    }
    return PldAccountant.standard().epsilon(rounds, delta);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BudgetBook book && ledgers.equals(book.ledgers);
  }

  @Override
  public int hashCode() {
    return ledgers.hashCode();
  }

  @Override
  public String toString() {
    return "BudgetBook" + ledgers.keySet();
  }

  private BudgetBook with(Account account, Ledger page) {
    SortedMap<Account, Ledger> next = new TreeMap<>(ledgers);
    next.put(account, page);
    return new BudgetBook(next);
  }

  private BudgetBook everywhere(UnaryOperator<Ledger> step) {
    SortedMap<Account, Ledger> next = new TreeMap<>();
    ledgers.forEach((account, page) -> next.put(account, step.apply(page)));
    return new BudgetBook(next);
  }

  private static boolean counts(Ledger page, RoundKey key) {
    Charge known = page.job(key.job()).charges().get(key.round());
    return known != null && known.state() != Charge.State.CLOSED;
  }

  private static Ledger sealed(Ledger page, RoundKey key, List<GaussianRound> rounds) {
    Charge charge = new Charge(rounds, page.filter().price(rounds), Charge.State.SEALED);
    return page.with(key.job(), page.job(key.job()).with(key.round(), charge));
  }

  private static Ledger moved(Ledger page, RoundKey key, Charge.State state) {
    JobPage job = page.job(key.job());
    Charge charge = job.charges().get(key.round());
    if (charge == null || charge.state() == Charge.State.COUNTED) {
      return page;
    }
    return page.with(key.job(), job.with(key.round(), charge.withState(state)));
  }
}
