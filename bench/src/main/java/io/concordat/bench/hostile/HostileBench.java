package io.concordat.bench.hostile;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long each reader takes to refuse the worst of the corpus: processor time, medians of several
 * tries after a warm-up. Measured, not asserted: what a loaded machine takes says nothing about the
 * reader.
 */
public final class HostileBench {
  private static final int TRIES = 9;

  private HostileBench() {}

  /** Prints a table; exits with 4 if something was read that should have been refused. */
  public static void main(String[] arguments) {
    List<HostileCorpus.Case> cases = HostileCorpus.cases("http://127.0.0.1:9");
    boolean bad = false;
    System.out.println("| reader | files | slowest, ms | which |");
    System.out.println("| --- | --- | --- | --- |");
    for (HostileCorpus.Reader reader : HostileCorpus.Reader.values()) {
      List<HostileCorpus.Case> own = cases.stream().filter(c -> c.reader() == reader).toList();
      double slowest = 0;
      String which = "";
      for (HostileCorpus.Case one : own) {
        double[] millis = new double[TRIES];
        for (int i = -2; i < TRIES; i++) {
          long begun = processor();
          boolean refused = reader.refuses(one.bytes());
          if (!refused) {
            bad = true;
            System.err.println("READ: " + reader + ", " + one.name());
          }
          millis[Math.max(0, i)] = (processor() - begun) / 1e6;
        }
        Arrays.sort(millis);
        if (millis[TRIES / 2] > slowest) {
          slowest = millis[TRIES / 2];
          which = one.name();
        }
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.2f | %s |%n",
          reader.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          own.size(),
          slowest,
          which);
    }
    if (bad) {
      System.exit(4);
    }
  }

  private static long processor() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
