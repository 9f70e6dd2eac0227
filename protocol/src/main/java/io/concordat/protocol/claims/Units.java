package io.concordat.protocol.claims;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.policy.Privacy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Billionths of rho as people read them. */
final class Units {
  private static final int DIGITS = 9;

  private Units() {}

  /** A whole number of billionths as a decimal, unrounded. */
  static String rho(long units) {
    return BigDecimal.valueOf(units, DIGITS).toPlainString();
  }

  /** The shortest decimal that reads back to the same double, never with an exponent. */
  static String decimal(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(Double.toString(value)).toPlainString()
        : Double.toString(value);
  }

  static RenyiFilter filter(Privacy.Cap cap) {
    return RenyiFilter.forCap(cap.epsilonCap(), cap.delta());
  }

  static long ceiling(BigDecimal rho) {
    return rho.movePointRight(DIGITS).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /** What one opening with epsilon 1 at the cap's delta takes: a measure that people know. */
  static long jobOfEpsilonOne(Privacy.Cap cap) {
    double delta = cap.delta().doubleValue();
    return switch (Calibration.noiseMultiplier(
        PldAccountant.standard(), 1, delta, 1, 1, List.of())) {
      case Calibration.Calibrated(BigDecimal z, double _) ->
          ceiling(filter(cap).price(List.of(new GaussianRound(1, z.doubleValue(), 1))));
      case Calibration.Unreachable _ ->
          throw new IllegalArgumentException("no noise gives epsilon 1 at delta " + delta);
    };
  }
}
