package io.concordat.bench.engine;

import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether the time of the Gaussian sampler depends on what it draws: times of draws under one fixed
 * key and under fresh keys, interleaved by coin, compared by Welch's t after the slowest are cut
 * off (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", DATE 2017). Beyond 10 the
 * code leaks; below 4.5 this number of measurements shows nothing.
 */
public final class SamplerTiming {
  private static final int DRAWS = 256;
  private static final int MEASUREMENTS = 200_000;
  private static final double KEPT = 0.9;

  private SamplerTiming() {}

  /** Welch's t for one kernel. */
  static double welch(RingKernel kernel) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] fixed = new byte[32];
    byte[] key = new byte[32];
    byte[] fresh = new byte[32];
    short[] out = new short[DRAWS];
    long[][] times = new long[2][MEASUREMENTS];
    int[] count = new int[2];
    for (int i = 0; i < MEASUREMENTS + MEASUREMENTS / 5; i++) {
      int side = random.nextInt(2);
      random.nextBytes(fresh);
      // Both sides copy, so that caches and branches before the call are alike.
      System.arraycopy(side == 0 ? fixed : fresh, 0, key, 0, key.length);
      long start = System.nanoTime();
      kernel.gaussian(key, out, 0, DRAWS);
      long taken = System.nanoTime() - start;
      if (i >= MEASUREMENTS / 5) {
        times[side][count[side]++] = taken;
      }
    }
    long limit = limit(times, count);
    double[] a = meanAndError(times[0], count[0], limit);
    double[] b = meanAndError(times[1], count[1], limit);
    return (a[0] - b[0]) / Math.sqrt(a[1] + b[1]);
  }

  /** One limit for both sides: interruptions by the system are longer than it. */
  private static long limit(long[][] times, int[] count) {
    long[] all = Arrays.copyOf(times[0], count[0] + count[1]);
    System.arraycopy(times[1], 0, all, count[0], count[1]);
    Arrays.sort(all);
    return all[(int) (KEPT * (all.length - 1))];
  }

  private static double[] meanAndError(long[] times, int count, long limit) {
    double sum = 0;
    double squares = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (times[i] <= limit) {
        sum += times[i];
        squares += (double) times[i] * times[i];
        kept++;
      }
    }
    double mean = sum / kept;
    return new double[] {mean, (squares / kept - mean * mean) / kept};
  }

  public static void main(String[] arguments) {
    for (RingKernels.Offer offer : RingKernels.offers()) {
      if (offer.kernel() != null) {
        System.out.println(
            String.format(Locale.ROOT, "%-14s t = %+.2f", offer.name(), welch(offer.kernel())));
      }
    }
  }
}
