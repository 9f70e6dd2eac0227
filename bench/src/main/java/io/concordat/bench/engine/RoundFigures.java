package io.concordat.bench.engine;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.SumStore;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.ShareVector;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole round of one size: what a silo does to seal and to take fingerprints, what the aggregator
 * does to add, what everybody does to open. Vectors and ciphertexts lie in memory, as the peers'
 * do; digests and residue checks are part of the time, which the peers' figures do not have.
 */
final class RoundFigures {
  private static final int BITS = 16;
  private static final int SILOS = 16;

  private final long values;
  private final double seconds;
  private final Layout layout;
  private final RingKernel kernel = RingKernels.best();
  private final RoundContext context = RoundContext.of(new byte[] {1});
  private final SortedMap<Integer, byte[]> shares = new TreeMap<>();
  private final Map<String, Double> allocated = new TreeMap<>();
  private double sealSeconds;

  RoundFigures(long values, double seconds) {
    this.values = values;
    this.seconds = seconds;
    layout = layout(values);
  }

  /** Data blocks of a contribution. */
  int blocks() {
    return layout.blocks();
  }

  /** Whether two sizes differ in their number of blocks alone. */
  boolean comparesWith(RoundFigures other) {
    return layout.set() == other.layout.set() && blocks() != other.blocks();
  }

  /** Seconds of the median seal, once measured. */
  double sealSeconds() {
    return sealSeconds;
  }

  /** Bytes that each step takes from the heap when it is warm, once measured. */
  Map<String, Double> allocated() {
    return allocated;
  }

  static Layout layout(long values) {
    Layout small = new Layout(ParameterSet.RLWE_8192_150, values, BITS, SILOS);
    return small.blocks() == 1
        ? small
        : new Layout(ParameterSet.RLWE_16384_300, values, BITS, SILOS);
  }

  List<Figure> measure(Peers peers) throws Exception {
    List<Figure> figures = new ArrayList<>();
    String size = "." + values;
    MemoryStream contribution = new MemoryStream(layout.ciphertextBytes() + BulkHead.BYTES);
    BulkDigest[] digest = new BulkDigest[1];
    IntegerVector vector = vector();
    long wall = System.nanoTime();
    long before = Stopwatch.now();
    digest[0] = seal(vector, contribution);
    double first = (System.nanoTime() - wall) / 1e9;
    double firstProcessor = (Stopwatch.now() - before) / 1e9;
    double seal = Stopwatch.median(seconds, () -> digest[0] = seal(vector, contribution));
    sealSeconds = seal;
    double rate = values / seal;
    figures.addAll(peers.rates("seal.ckks", size, rate, "ckks", "encrypt"));
    figures.addAll(peers.rates("seal.bfv", size, rate, "bfv", "encrypt"));
    figures.add(Figure.alone("seal" + size, "values/s", rate));
    figures.add(Figure.alone("seal.seconds" + size, "s", seal));
    figures.add(Figure.alone("seal.first.wall" + size, "s", first));
    figures.add(Figure.alone("seal.first.processor" + size, "s", firstProcessor));
    double garbage = allocated("seal", () -> digest[0] = seal(vector, contribution));
    figures.add(Figure.alone("seal.allocated" + size, "bytes", garbage));
    double hash = Stopwatch.median(seconds, vector::digest);
    figures.add(Figure.alone("vector-digest" + size, "values/s", values / hash));
    figures.addAll(
        peers.rates("digest-and-seal.ckks", size, values / (seal + hash), "ckks", "encrypt"));
    double bytes = contribution.size() / (double) values;
    figures.add(
        peers
            .seal()
            .map(peer ->
                Figure.cost(
                    "bytes" + size, "bytes/value", bytes, "SEAL CKKS", peer.figure("ckks-bytes")))
            .orElse(Figure.alone("bytes" + size, "bytes/value", bytes)));
    figures.add(Figure.alone("megabytes" + size, "MB", contribution.size() / 1e6));
    Stopwatch.Step take =
        () ->
            Fingerprint.take(
                contribution.open(), BulkHead.Kind.CIPHERTEXT, layout, digest[0].root(), kernel);
    double fingerprint = Stopwatch.median(seconds, take);
    allocated("fingerprint", take);
    figures.add(Figure.alone("fingerprint" + size, "values/s", values / fingerprint));
    addAndOpen(figures, size, contribution, digest[0], vector, peers);
    return figures;
  }

  private BulkDigest seal(IntegerVector vector, MemoryStream out) throws Exception {
    out.clear();
    byte[] seed = new byte[SealSeed.BYTES];
    return new ContributionEncryptor(layout, context, kernel)
        .seal(
            seed,
            vector,
            2,
            new int[] {1, 2, 3},
            (position, share, box) -> shares.computeIfAbsent(position, _ -> share.clone()),
            out);
  }

  private static ShareVector decoded(byte[] share, int degree) {
    try {
      return ShareVector.decode(share, degree);
    } catch (io.concordat.crypto.DecodeException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addAndOpen(
      List<Figure> figures,
      String size,
      MemoryStream contribution,
      BulkDigest digest,
      IntegerVector vector,
      Peers peers)
      throws Exception {
    MemoryStream sum = new MemoryStream(layout.ciphertextBytes() + BulkHead.BYTES);
    BulkDigest total;
    try (CiphertextAccumulator single =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      single.add(contribution.open(), digest.root());
      total = single.writeTo(sum);
    }
    double add = addition(contribution, digest);
    figures.add(Figure.alone("add" + size, "values/s", values / add));
    figures.addAll(peers.rates("add.ckks", size, values / add, "ckks", "add"));
    SumOpening opening = new SumOpening(layout, context, 1, 2, VectorKind.EXACT, kernel);
    BulkSource source = sum::open;
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    for (int position = 1; position <= 2; position++) {
      byte[] share = java.util.Objects.requireNonNull(shares.get(position));
      answers.put(position, decoded(share, layout.set().ringDegree()));
    }
    Stopwatch.Step once =
        () -> {
          SumResult result =
              opening.open(
                  source, total.root(), answers, (from, part, n) -> check(vector, from, part));
          if (!(result instanceof SumResult.Delivered)) {
            throw new IllegalStateException("the benchmark's own sum did not open: " + result);
          }
        };
    double open = Stopwatch.median(seconds, once);
    allocated("open", once);
    figures.add(Figure.alone("open" + size, "values/s", values / open));
    figures.addAll(peers.rates("open.ckks", size, values / open, "ckks", "decrypt"));
  }

  /** The least of three: now and then the compiler undoes a method and objects come back. */
  private double allocated(String what, Stopwatch.Step step) throws Exception {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      double before = takenFromHeap();
      step.run();
      least = Math.min(least, takenFromHeap() - before);
    }
    allocated.put(what, least);
    return least;
  }

  /** Bytes that this thread has taken from the heap so far. */
  private static double takenFromHeap() {
    return java.lang.management.ManagementFactory.getThreadMXBean()
            instanceof com.sun.management.ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : 0;
  }

  private double addition(MemoryStream contribution, BulkDigest digest) throws Exception {
    @org.jspecify.annotations.Nullable CiphertextAccumulator[] held = {null};
    try {
      Stopwatch.Step one =
          () -> {
            if (held[0] == null || held[0].added() == SILOS) {
              close(held[0]);
              held[0] = new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout));
              held[0].add(contribution.open(), digest.root());
            }
            held[0].add(contribution.open(), digest.root());
          };
      double median = Stopwatch.median(seconds, one);
      allocated("add", one);
      return median;
    } finally {
      close(held[0]);
    }
  }

  private static void close(@org.jspecify.annotations.Nullable CiphertextAccumulator accumulator)
      throws Exception {
    if (accumulator != null) {
      accumulator.close();
    }
  }

  private static void check(IntegerVector vector, long from, long[] part) {
    long[] expected = new long[1];
    vector.copy(from, expected, 0, 1);
    if (expected[0] != part[0]) {
      throw new IllegalStateException("value " + from + " opened to another number");
    }
  }

  /** In an array where one can hold it, else made up while it is read. */
  private IntegerVector vector() {
    GeneratedVector generated = new GeneratedVector(values);
    if (values > 1 << 27) {
      return generated;
    }
    long[] array = new long[(int) values];
    generated.copy(0, array, 0, array.length);
    return IntegerVector.of(array);
  }

  /** A stream of known length in one array. */
  private static final class MemoryStream extends java.io.OutputStream {
    private final byte[] bytes;
    private int size;

    MemoryStream(long capacity) {
      bytes = new byte[Math.toIntExact(capacity)];
    }

    void clear() {
      size = 0;
    }

    int size() {
      return size;
    }

    ByteArrayInputStream open() {
      return new ByteArrayInputStream(bytes, 0, size);
    }

    @Override
    public void write(int b) {
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      System.arraycopy(from, offset, bytes, size, count);
      size += count;
    }
  }
}
