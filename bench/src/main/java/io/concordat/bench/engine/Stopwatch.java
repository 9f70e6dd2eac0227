package io.concordat.bench.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Processor time of one thread: on a machine that others use too, wall time measures the others.
 * Compiling and collecting happen on other threads; what they cost shows in wall time only.
 */
final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Stopwatch() {}

  /** One step that can be repeated. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** The median seconds of a step, repeated until it is warm and the time allowed is used. */
  static double median(double seconds, Step step) throws Exception {
    long start = now();
    int warm = 0;
    // A third of the time, or three rounds, go unmeasured: compilation and caches.
    while (warm < 3 || now() - start < seconds / 3 * 1e9) {
      step.run();
      warm++;
    }
    double[] taken = new double[64];
    int count = 0;
    long begun = now();
    while (count < 3 || now() - begun < seconds * 2 / 3 * 1e9) {
      long before = now();
      step.run();
      if (count == taken.length) {
        taken = Arrays.copyOf(taken, 2 * count);
      }
      taken[count++] = (now() - before) / 1e9;
    }
    Arrays.sort(taken, 0, count);
    return taken[count / 2];
  }

  /** Median microseconds of a step too short for the clock, taken several at a time. */
  static double microseconds(double seconds, int atATime, Step step) throws Exception {
    double taken =
        median(
            seconds,
            () -> {
              for (int i = 0; i < atATime; i++) {
                step.run();
              }
            });
    return taken / atATime * 1e6;
  }
}
