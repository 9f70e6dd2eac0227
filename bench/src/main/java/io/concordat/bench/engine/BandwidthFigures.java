package io.concordat.bench.engine;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.ParameterSet;
import java.util.List;

/**
 * Adding packed residues beside adding as many bytes of plain long[]: what is left of memory's
 * bandwidth when words of 50 bits are taken apart, added modulo p, checked and joined again.
 */
final class BandwidthFigures {
  private static final int WORDS = 1 << 23;

  private BandwidthFigures() {}

  static List<Figure> measure(double seconds) throws Exception {
    int bytes = WORDS / 8 * 50;
    RingKernel kernel = RingKernels.best();
    Modulus p = ParameterSet.RLWE_16384_300.primes().get(0);
    byte[] x = new byte[bytes];
    byte[] sum = new byte[bytes];
    double packed = Stopwatch.median(seconds, () -> kernel.addPacked(p, x, 0, sum, 0, WORDS));
    long[] a = new long[bytes / 8];
    long[] b = new long[bytes / 8];
    double plain = Stopwatch.median(seconds, () -> add(a, b));
    return List.of(
        Figure.alone("bandwidth.plain-long-addition", "GB/s", bytes / plain / 1e9),
        Figure.rate(
            "bandwidth.packed-addition",
            "GB/s",
            bytes / packed / 1e9,
            "long[] addition of the same bytes",
            bytes / plain / 1e9));
  }

  private static void add(long[] x, long[] sum) {
    for (int i = 0; i < x.length; i++) {
      sum[i] += x[i];
    }
  }
}
