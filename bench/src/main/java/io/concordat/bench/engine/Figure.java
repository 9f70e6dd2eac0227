package io.concordat.bench.engine;

/**
 * One measured figure, beside what it is compared with.
 *
 * @param name stable, dotted: what scripts look for
 * @param peer what the ratio is against, empty if nothing
 * @param ratio how many times better than the peer this is, 0 without one
 */
record Figure(String name, String unit, double value, String peer, double ratio) {
  static Figure alone(String name, String unit, double value) {
    return new Figure(name, unit, value, "", 0);
  }

  private boolean moreIsBetter() {
    return unit.endsWith("/s");
  }

  private double better(double x, double y) {
    return moreIsBetter() ? Math.max(x, y) : Math.min(x, y);
  }

  private double peerValue() {
    return moreIsBetter() ? value / ratio : value * ratio;
  }

  /** The better of two turns, its own and its peer's each for itself. */
  Figure orBetter(Figure other) {
    double best = better(value, other.value);
    if (ratio == 0) {
      return alone(name, unit, best);
    }
    double peerBest = better(peerValue(), other.peerValue());
    return moreIsBetter()
        ? rate(name, unit, best, peer, peerBest)
        : cost(name, unit, best, peer, peerBest);
  }

  /** A rate: more is better. */
  static Figure rate(String name, String unit, double value, String peer, double peerValue) {
    return new Figure(name, unit, value, peer, value / peerValue);
  }

  /** A cost: less is better. */
  static Figure cost(String name, String unit, double value, String peer, double peerValue) {
    return new Figure(name, unit, value, peer, peerValue / value);
  }
}
