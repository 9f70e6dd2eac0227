package io.concordat.privacy.budget;

import java.math.BigDecimal;

/** The answer to "does this fit?". */
public sealed interface BudgetDecision {

  /** It fits. Write the book before acting on it. */
  record Admitted(BudgetBook book) implements BudgetDecision {}

  /**
   * It does not fit; the book is unchanged.
   *
   * @param account the first account, in order, whose cap would be passed
   * @param asked what would have been taken, at the account's order
   * @param left what the account has left
   */
  record Refused(Account account, BigDecimal asked, BigDecimal left) implements BudgetDecision {}

  /** An account without a cap in this book: a job may not be priced against nothing. */
  record Unknown(Account account) implements BudgetDecision {}
}
