package io.concordat.bench.intake;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SumStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The sum of a large round: one contribution is sealed into a file and added as often as there are
 * silos, checks and digest tree included, while the heap is watched.
 *
 * <p>Usage: {@code ManySilos SILOS MEGABYTES}.
 */
public final class ManySilos {
  private final int silos;
  private final Layout layout;
  private final RingKernel kernel = RingKernels.best();

  private ManySilos(int silos, Layout layout) {
    this.silos = silos;
    this.layout = layout;
  }

  /**
   * What was measured.
   *
   * @param seconds processor time of the one thread that adds
   * @param heapBytes live bytes after a collection, before the first contribution and after each
   *     tenth of them
   */
  public record Result(long objectBytes, double seconds, long[] heapBytes) {}

  /** Prints the measures. */
  public static void main(String[] arguments) throws IOException, DecodeException {
    int silos = Integer.parseInt(arguments[0]);
    long bytes = Long.parseLong(arguments[1]) * 1_000_000;
    Result result = run(silos, bytes);
    System.out.printf(
        Locale.ROOT,
        "%d silos, %.1f MB each: %.1f s of one processor, %.0f MB/s, heap in MB after each tenth:",
        silos,
        result.objectBytes / 1e6,
        result.seconds,
        silos * (result.objectBytes / 1e6) / result.seconds);
    for (long heap : result.heapBytes) {
      System.out.printf(Locale.ROOT, " %.1f", heap / 1e6);
    }
    System.out.println();
  }

  /** Adds so many contributions of about so many bytes. */
  public static Result run(int silos, long bytes) throws IOException, DecodeException {
    // At the default set and 16 bits a value takes between two and four bytes.
    long values = Math.max(1, bytes * 10 / 31);
    Layout layout = new Layout(ParameterSet.RLWE_16384_300, values, 16, Math.max(2, silos));
    return new ManySilos(silos, layout).run();
  }

  private Result run() throws IOException, DecodeException {
    Path file = Files.createTempFile("contribution", "");
    try {
      BulkDigest digest = seal(file);
      long[] heap = new long[11];
      try (CiphertextAccumulator sum =
          new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
        add(sum, file, digest);
        heap[0] = live();
        long begun = processor();
        for (int silo = 1; silo < silos; silo++) {
          add(sum, file, digest);
          if ((silo + 1) * 10 / silos > silo * 10 / silos) {
            heap[(silo + 1) * 10 / silos] = live();
          }
        }
        double seconds = (processor() - begun) / 1e9 * silos / Math.max(1, silos - 1);
        return new Result(digest.objectBytes(), seconds, heap);
      }
    } finally {
      Files.delete(file);
    }
  }

  private BulkDigest seal(Path file) throws IOException {
    RoundContext ctx = RoundContext.of("many silos".getBytes(StandardCharsets.UTF_8));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      return new ContributionEncryptor(layout, ctx, kernel)
          .seal(
              new byte[SealSeed.BYTES],
              new Counting(layout.values()),
              2,
              new int[] {1, 2, 3},
              (position, share, stream) -> {
                // The aggregator never sees a share.
              },
              out);
    }
  }

  private static void add(CiphertextAccumulator sum, Path file, BulkDigest digest)
      throws IOException, DecodeException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
      sum.add(in, digest.root());
    }
  }

  private static long processor() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long live() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Small values that need no memory. */
  private record Counting(long size) implements IntegerVector {
    @Override
    public void copy(long from, long[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = (from + i) % 100;
      }
    }
  }
}
