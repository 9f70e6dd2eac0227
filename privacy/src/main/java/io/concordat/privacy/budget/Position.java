package io.concordat.privacy.budget;

import java.math.BigDecimal;

/**
 * How an account stands, in units of the filter's divergence.
 *
 * @param cap its cap
 * @param charged rounds that count
 * @param reserved what running jobs may still take
 * @param left cap less both; negative if a cap was lowered
 */
public record Position(RenyiFilter cap, BigDecimal charged, BigDecimal reserved, BigDecimal left) {

  static Position of(Ledger page) {
    return new Position(page.filter(), page.charged(), page.reserved(), page.left());
  }
}
