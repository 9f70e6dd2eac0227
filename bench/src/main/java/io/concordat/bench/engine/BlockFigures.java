package io.concordat.bench.engine;

import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One full block of the default set step by step, each step alone with its operands in the cache.
 * What a block costs within a seal, beside their sum, tells what the way through memory costs.
 */
final class BlockFigures {
  private static final ParameterSet SET = ParameterSet.RLWE_16384_300;
  private static final int DEGREE = SET.ringDegree();
  private static final int REPEAT = 5;

  private final RingKernel kernel = RingKernels.best();
  private final Layout layout = new Layout(SET, 1L << 20, 16, 16);
  private final int group = 50 / layout.slotWidth();
  private final long[] values = new SplittableRandom(1).longs(DEGREE, -32767, 32768).toArray();
  private final long[] carry = new long[DEGREE];
  private final int chunkCount = (layout.slots() + group - 1) / group + 1;
  private final long[] chunks = new long[chunkCount * DEGREE];
  private final long[] factors = new long[chunkCount];
  private final short[] errors = new short[DEGREE];
  private final long[] product = new long[DEGREE];
  private final byte[][] runs = new byte[SET.primeCount()][layout.wordBytes(0)];
  private final long[][] keys = new long[SET.primeCount()][];
  private final byte[] streamKey = new byte[32];
  private final byte[] counter = new byte[16];
  private final DigestTree digest = new DigestTree();

  BlockFigures() {
    for (int j = 0; j < keys.length; j++) {
      long p = SET.primes().get(j).value();
      keys[j] = new SplittableRandom(j).longs(DEGREE, 0, p).toArray();
    }
    Arrays.fill(factors, 12_345);
  }

  /**
   * The steps and their sum.
   *
   * @param inASeal seconds that one more block takes within a seal
   */
  List<Figure> measure(double seconds, double inASeal) throws Exception {
    List<Figure> figures = new ArrayList<>();
    figures.add(step("values-to-chunks", seconds, this::pack));
    figures.add(step("errors", seconds, () -> kernel.gaussian(streamKey, errors, 0, DEGREE)));
    figures.add(step("expand-multiply-transform", seconds, this::expand));
    figures.add(step("add-and-pack", seconds, this::finish));
    figures.add(step("sha-256", seconds, this::hash));
    double sum = figures.stream().mapToDouble(Figure::value).sum();
    figures.add(Figure.alone("block.steps-one-by-one", "us", sum));
    figures.add(
        Figure.cost("block.within-a-seal", "us", inASeal * 1e6, "its steps one by one", sum));
    return figures;
  }

  private void pack() {
    Arrays.fill(carry, 0);
    for (int j = 0; j < layout.slots(); j++) {
      int chunk = j / group * DEGREE;
      if (j % group == 0) {
        Arrays.fill(chunks, chunk, chunk + DEGREE, 0);
      }
      int shift = j % group * layout.slotWidth();
      kernel.takeSlot(values, 0, carry, layout.slotWidth(), chunks, chunk, shift, DEGREE);
    }
    System.arraycopy(carry, 0, chunks, chunks.length - DEGREE, DEGREE);
  }

  private void expand() {
    for (int j = 0; j < keys.length; j++) {
      kernel.expandedProduct(SET.tables(j), streamKey, counter, keys[j], product, 0, DEGREE);
    }
  }

  private void finish() {
    for (int j = 0; j < keys.length; j++) {
      kernel.finishRun(
          SET.primes().get(j), errors, chunks, DEGREE, factors, product, 0, DEGREE, runs[j], 0);
    }
  }

  private void hash() {
    for (byte[] run : runs) {
      digest.write(run, 0, run.length);
    }
  }

  private static Figure step(String name, double seconds, Runnable step) throws Exception {
    double taken = Stopwatch.microseconds(seconds, REPEAT, step::run);
    return Figure.alone("block." + name, "us", taken);
  }
}
