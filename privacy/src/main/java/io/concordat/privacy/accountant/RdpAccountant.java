package io.concordat.privacy.accountant;

import java.util.List;

/**
 * Renyi accountant: adds divergences order by order, converts to (epsilon, delta) by Canonne,
 * Kamath, Steinke 2020, proposition 12, and takes the best order.
 */
public final class RdpAccountant implements Accountant {

  private static final RdpAccountant STANDARD = new RdpAccountant(standardOrders());

  private final double[] orders;

  private RdpAccountant(double[] orders) {
    this.orders = orders;
  }

  /**
   * Orders 1.1 to 10.9 by tenths, 11 to 63, and the powers of two to 1024, as the common libraries
   * have them.
   */
  public static RdpAccountant standard() {
    return STANDARD;
  }

  /** Orders of one's own, each above 1. */
  public static RdpAccountant withOrders(double... orders) {
    if (orders.length == 0) {
      throw new IllegalArgumentException("at least one Renyi order is needed");
    }
    for (double order : orders) {
      if (!(order > 1)) {
        throw new IllegalArgumentException("a Renyi order must be above 1, is " + order);
      }
    }
    return new RdpAccountant(orders.clone());
  }

  /** RDP(alpha) of all rounds together. */
  public static double divergence(List<GaussianRound> rounds, double alpha) {
    double sum = 0;
    for (GaussianRound round : rounds) {
      sum +=
          round.count()
              * RenyiDivergence.ofRound(round.samplingRate(), round.noiseMultiplier(), alpha);
    }
    return sum;
  }

  @Override
  public double epsilon(List<GaussianRound> rounds, double delta) {
    Accountant.requireDelta(delta);
    if (rounds.isEmpty()) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (double alpha : orders) {
      best = Math.min(best, toEpsilon(divergence(rounds, alpha), alpha, delta));
    }
    return Math.max(0, best);
  }

  @Override
  public double delta(List<GaussianRound> rounds, double epsilon) {
    Accountant.requireEpsilon(epsilon);
    if (rounds.isEmpty()) {
      return 0;
    }
    double best = 0;
    for (double alpha : orders) {
      double logDelta =
          (alpha - 1) * (divergence(rounds, alpha) - epsilon + StrictMath.log1p(-1 / alpha))
              - StrictMath.log(alpha);
      best = Math.min(best, logDelta);
    }
    return StrictMath.exp(best);
  }

  /**
   * epsilon = RDP + log(1 - 1/alpha) - log(delta alpha)/(alpha - 1); may be negative, which means
   * 0.
   */
  static double toEpsilon(double divergence, double alpha, double delta) {
    return divergence + StrictMath.log1p(-1 / alpha) - StrictMath.log(delta * alpha) / (alpha - 1);
  }

  private static double[] standardOrders() {
    double[] orders = new double[99 + 53 + 4];
    int at = 0;
    for (int tenths = 1; tenths <= 99; tenths++) {
      orders[at++] = 1 + tenths / 10.0;
    }
    for (int order = 11; order <= 63; order++) {
      orders[at++] = order;
    }
    for (int order = 128; order <= 1024; order *= 2) {
      orders[at++] = order;
    }
    return orders;
  }
}
