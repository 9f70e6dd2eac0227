package io.concordat.protocol.policy;

import java.math.BigDecimal;
import java.util.List;

/**
 * Which persons are kept for evaluation. It belongs to the dataset, not to the job: over all jobs a
 * person is in one split only.
 */
public sealed interface Holdout {

  /** No evaluation split. */
  record None() implements Holdout {}

  /** About this fraction, chosen by a keyed hash of the person's id under a secret of the silo. */
  record Fraction(BigDecimal fraction) implements Holdout {
    public Fraction {
      Ids.check(
          fraction.signum() > 0 && fraction.compareTo(new BigDecimal("0.5")) <= 0,
          "holdout must be above 0 and at most 0.5");
    }
  }

  /** Rows whose category column has one of these values. */
  record ByColumn(String column, List<String> values) implements Holdout {
    public ByColumn {
      values = List.copyOf(values);
      Ids.check(!values.isEmpty(), "a holdout column needs values");
      Ids.checkDistinct("holdout value", values);
    }
  }
}
