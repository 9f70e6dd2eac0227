package io.concordat.bench.engine;

import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.ParameterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Microseconds of each kernel's transforms and steps, SEAL's transform the peer where it is. */
final class KernelFigures {
  private static final ParameterSet SET = ParameterSet.RLWE_8192_150;
  private static final int REPEAT = 20;
  private static final long WARM_NANOSECONDS = 3_000_000_000L;

  private KernelFigures() {}

  static List<Figure> measure(double seconds, Peers peers) throws Exception {
    List<Figure> figures = new ArrayList<>();
    double[] seal = {0, 0};
    for (RingKernels.Offer offer : RingKernels.offers()) {
      if (offer.name().equals("seal") && offer.kernel() != null) {
        seal = transforms(offer.kernel(), seconds);
      }
    }
    for (RingKernels.Offer offer : RingKernels.offers()) {
      RingKernel kernel = offer.kernel();
      if (kernel == null) {
        continue;
      }
      boolean peer = kernel.name().equals("seal");
      double[] found = peer ? seal : transforms(kernel, seconds);
      String[] names = {"ntt.forward.8192.", "ntt.inverse.8192."};
      for (int i = 0; i < 2; i++) {
        String name = names[i] + kernel.name();
        figures.add(
            peer || seal[i] == 0
                ? Figure.alone(name, "us", found[i])
                : Figure.cost(name, "us", found[i], "SEAL's transform", seal[i]));
        if (peers.hexl().isPresent() && kernel.name().startsWith("native-")) {
          figures.add(
              Figure.cost(
                  name + ".beside-hexl",
                  "us",
                  found[i],
                  "HEXL's transform",
                  peers.hexl().get().figure("hexl-ntt-" + (i == 0 ? "forward" : "inverse"))));
        }
      }
    }
    RingKernel best = RingKernels.best();
    figures.addAll(steps(best, seconds));
    return figures;
  }

  private static double[] transforms(RingKernel kernel, double seconds) throws Exception {
    NttTables tables = SET.tables(0);
    long[] values = residues(tables);
    // Compilers work on threads of their own, and on a busy machine they are late.
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < WARM_NANOSECONDS) {
      kernel.forward(tables, values, 0);
      kernel.inverse(tables, values, 0);
    }
    double forward =
        Stopwatch.microseconds(seconds, REPEAT, () -> kernel.forward(tables, values, 0));
    double inverse =
        Stopwatch.microseconds(seconds, REPEAT, () -> kernel.inverse(tables, values, 0));
    return new double[] {forward, inverse};
  }

  private static List<Figure> steps(RingKernel kernel, double seconds) throws Exception {
    NttTables tables = SET.tables(0);
    int n = tables.degree();
    long[] x = residues(tables);
    long[] y = residues(tables);
    short[] small = new short[n];
    byte[] wire = new byte[(50 * n + 7) / 8];
    byte[] sum = wire.clone();
    byte[] key = new byte[32];
    var p = tables.modulus();
    List<Figure> figures = new ArrayList<>();
    figures.add(step("multiply", seconds, () -> kernel.multiply(p, x, 0, y, 0, x, 0, n)));
    figures.add(step("uniform", seconds, () -> kernel.uniform(key, new byte[16], p, x, 0, n)));
    figures.add(step("gaussian", seconds, () -> kernel.gaussian(key, small, 0, n)));
    figures.add(step("inner-product", seconds, () -> kernel.innerProduct(p, x, 0, y, 0, n)));
    byte[] iv = new byte[16];
    long[] transformed = y.clone();
    long[] chunks = new long[8 * n];
    long[] factors = new long[8];
    figures.add(
        step(
            "expanded-product",
            seconds,
            () -> kernel.expandedProduct(tables, key, iv, transformed, x, 0, n)));
    figures.add(
        step(
            "finish-run",
            seconds,
            () -> kernel.finishRun(p, small, chunks, n, factors, x, 0, n, wire, 0)));
    figures.add(step("pack", seconds, () -> kernel.packWords(x, 0, n, wire, 0)));
    figures.add(step("add-packed", seconds, () -> kernel.addPacked(p, wire, 0, sum, 0, n)));
    return figures;
  }

  private static Figure step(String name, double seconds, Stopwatch.Step step) throws Exception {
    return Figure.alone(
        "step." + name + ".8192", "us", Stopwatch.microseconds(seconds, REPEAT, step));
  }

  private static long[] residues(NttTables tables) {
    SplittableRandom random = new SplittableRandom(1);
    return random.longs(tables.degree(), 0, tables.modulus().value()).toArray();
  }
}
