package io.concordat.bench.engine;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SumStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Peak resident memory of a process that does nothing but seal, or add two contributions into a sum
 * on disk: the Java machine itself included.
 */
final class MemoryFigures {
  private static final String HEAP = "-Xmx256m";

  private MemoryFigures() {}

  static List<Figure> measure(long values) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    if (System.getProperty("java.home") == null) {
      // A native executable: what is measured here is a process of Java.
      return figures;
    }
    for (String role : List.of("silo", "aggregator")) {
      Optional<Double> peak = child(role, values);
      peak.ifPresent(mib -> figures.add(Figure.alone("memory." + role + "." + values, "MiB", mib)));
    }
    return figures;
  }

  private static Optional<Double> child(String role, long values)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryFigures.class.getName(),
                role,
                Long.toString(values))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0 || text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(text));
  }

  /** What the child process runs. */
  public static void main(String[] arguments) throws Exception {
    Layout layout = RoundFigures.layout(Long.parseLong(arguments[1]));
    RingKernel kernel = RingKernels.best();
    if (arguments[0].equals("silo")) {
      seal(layout, kernel);
    } else {
      add(layout, kernel);
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        System.out.println(Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024);
      }
    }
  }

  private static void seal(Layout layout, RingKernel kernel) throws IOException {
    Path file = Files.createTempFile("concordat-bench-", ".contribution");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      new ContributionEncryptor(layout, RoundContext.of(new byte[1]), kernel)
          .seal(
              new byte[SealSeed.BYTES],
              new GeneratedVector(layout.values()),
              2,
              new int[] {1, 2, 3},
              (position, share, box) -> {},
              out);
    } finally {
      Files.delete(file);
    }
  }

  /** Contributions of zeros are in range and cost what others cost. */
  private static void add(Layout layout, RingKernel kernel) throws Exception {
    Path file = Files.createTempFile("concordat-bench-", ".sum");
    BulkDigest digest;
    DigestTree tree = new DigestTree();
    zeros(layout).transferTo(tree);
    digest = new BulkDigest(tree.length(), tree.root());
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, kernel, SumStore.inFile(file, layout))) {
      accumulator.add(zeros(layout), digest.root());
      accumulator.add(zeros(layout), digest.root());
    } finally {
      Files.delete(file);
    }
  }

  private static InputStream zeros(Layout layout) {
    byte[] head = new BulkHead(BulkHead.Kind.CIPHERTEXT, layout.ciphertextBytes()).encode();
    long total = head.length + layout.ciphertextBytes();
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        return at == total ? -1 : at < head.length ? head[(int) at++] & 0xff : (int) (0 * at++);
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (at == total) {
          return -1;
        }
        if (at < head.length) {
          into[offset] = (byte) read();
          return 1;
        }
        int some = (int) Math.min(count, total - at);
        java.util.Arrays.fill(into, offset, offset + some, (byte) 0);
        at += some;
        return some;
      }
    };
  }
}
