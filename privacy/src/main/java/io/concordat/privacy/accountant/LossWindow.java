package io.concordat.privacy.accountant;

import java.util.List;

/**
 * The grid indices between which the sum of all rounds' losses lies, but for a small mass on either
 * side.
 *
 * @param first lowest index
 * @param last highest index
 */
record LossWindow(long first, long last) {

  long length() {
    return last - first + 1;
  }

  /**
   * Chernoff: P[sum >= u] <= exp(sum of count*log E e^{t loss} - t u) for every t > 0, and likewise
   * below. The bound is taken at the best of a geometric row of t around the one that a normal
   * distribution would choose.
   */
  static LossWindow of(List<LossDistribution> ones, List<GaussianRound> rounds, double tail) {
    long lowest = 0;
    long highest = 0;
    double variance = 0;
    for (int kind = 0; kind < ones.size(); kind++) {
      LossDistribution one = ones.get(kind);
      long count = rounds.get(kind).count();
      lowest += count * one.first();
      highest += count * (one.first() + one.mass().length - 1);
      variance += count * variance(one);
    }
    double step = ones.getFirst().step();
    double logTail = -StrictMath.log(tail);
    double centre = Math.sqrt(2 * logTail / Math.max(variance, step * step));
    double above = highest * step;
    double below = lowest * step;
    for (int k = -10; k <= 6; k++) {
      double t = centre * StrictMath.pow(2, k / 2.0);
      double up = 0;
      double down = 0;
      for (int kind = 0; kind < ones.size(); kind++) {
        long count = rounds.get(kind).count();
        up += count * logMoment(ones.get(kind), t);
        down += count * logMoment(ones.get(kind), -t);
      }
      above = Math.min(above, (up + logTail) / t);
      below = Math.max(below, -(down + logTail) / t);
    }
    return new LossWindow(
        (long) Math.floor(below / step) - 1, Math.max(1, (long) Math.ceil(above / step) + 1));
  }

  private static double variance(LossDistribution one) {
    double mean = 0;
    double square = 0;
    for (int i = 0; i < one.mass().length; i++) {
      double loss = (one.first() + i) * one.step();
      mean += one.mass()[i] * loss;
      square += one.mass()[i] * loss * loss;
    }
    return square - mean * mean;
  }

  /**
   * log E e^{t loss} over the finite part; infinity where it overflows, which only makes that t
   * useless.
   */
  private static double logMoment(LossDistribution one, double t) {
    double[] mass = one.mass();
    int zero = Math.toIntExact(-one.first());
    double up = StrictMath.exp(t * one.step());
    double down = StrictMath.exp(-t * one.step());
    double sum = 0;
    double factor = 1;
    for (int i = zero; i < mass.length; i++) {
      sum += mass[i] > 0 ? mass[i] * factor : 0;
      factor *= up;
    }
    factor = down;
    for (int i = zero - 1; i >= 0; i--) {
      sum += mass[i] > 0 ? mass[i] * factor : 0;
      factor *= down;
    }
    return StrictMath.log(sum);
  }
}
