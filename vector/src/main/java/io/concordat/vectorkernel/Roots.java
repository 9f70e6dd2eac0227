package io.concordat.vectorkernel;

/** Roots in [-p/2, p/2] with their quotients by p; for gaps below a register's width again. */
final class Roots {
  final double[] w;
  final double[] overP;

  /** Entry k: the layer of gap 2^k, each root as often as its group has lanes. */
  final double[][] spread;

  final double[][] spreadOverP;

  Roots(long[] roots, long p) {
    int n = roots.length;
    w = new double[n];
    overP = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = centred(roots[i], p);
      overP[i] = w[i] / p;
    }
    int layers = Integer.numberOfTrailingZeros(Lanes.COUNT);
    spread = new double[layers][n / 2];
    spreadOverP = new double[layers][n / 2];
    for (int k = 0; k < layers; k++) {
      int groups = n >> (k + 1);
      for (int i = 0; i < n / 2; i++) {
        spread[k][i] = w[groups + (i >> k)];
        spreadOverP[k][i] = overP[groups + (i >> k)];
      }
    }
  }

  static double centred(long w, long p) {
    return w > p / 2 ? w - p : w;
  }
}
