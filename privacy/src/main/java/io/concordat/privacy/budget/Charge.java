package io.concordat.privacy.budget;

import io.concordat.privacy.accountant.GaussianRound;
import java.math.BigDecimal;
import java.util.List;

/**
 * What one round takes from one account.
 *
 * @param rounds what was priced, for the account's statement
 * @param rho the price at the account's order
 * @param state whether it still counts
 */
public record Charge(List<GaussianRound> rounds, BigDecimal rho, State state) {

  /** Where the round stands, as far as this book knows. */
  public enum State {
    /** Something was sealed or fixed; it counts until the log shows the round closed. */
    SEALED,
    /** The log shows that the round was or could be opened: it counts for good. */
    COUNTED,
    /** The log shows that nobody can open the round any more: it costs nothing. */
    CLOSED
  }

  public Charge {
    rounds = List.copyOf(rounds);
    if (rho.signum() < 0) {
      throw new IllegalArgumentException("a charge is not negative: " + rho);
    }
  }

  /** The amount that counts now. */
  public BigDecimal counted() {
    return state == State.CLOSED ? RenyiFilter.ZERO : rho;
  }

  /**
   * One round as two books know it: the larger price; what was seen counted stays counted; closed
   * only if the log says so.
   */
  static Charge mergedWithLog(Charge own, Charge log) {
    Charge larger = own.rho().compareTo(log.rho()) >= 0 ? own : log;
    return larger.withState(own.state() == State.COUNTED ? State.COUNTED : log.state());
  }

  Charge withState(State next) {
    return new Charge(rounds, rho, next);
  }
}
