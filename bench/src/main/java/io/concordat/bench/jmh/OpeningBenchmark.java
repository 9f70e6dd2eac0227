package io.concordat.bench.jmh;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.BlockReader;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SubsetVerdict;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumStore;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.ShareVector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a summed ciphertext and two answers to the sum, whole and in its parts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
public class OpeningBenchmark {
  /** Values of the sum. */
  @Param({"100000", "1000000"})
  public int values = 100_000;

  private final RingKernel kernel = RingKernels.best();
  private final RoundContext context = RoundContext.of(new byte[] {1});
  private final SortedMap<Integer, ShareVector> answers = new TreeMap<>();
  private Layout layout = new Layout(ParameterSet.RLWE_16384_300, values, 16, 16);
  private BulkSource sum = BulkSource.of(new byte[0]);
  private BulkDigest digest = new BulkDigest(1, Digests.sha256(""));
  private SumOpening opening = new SumOpening(layout, context, 1, 2, VectorKind.EXACT, kernel);
  private BlockReader reader = new BlockReader(layout, 1);
  private long[][] residues = new long[0][];
  private long[] block = new long[0];

  @Setup
  public void sealAndSum() throws IOException, DecodeException {
    layout = new Layout(ParameterSet.RLWE_16384_300, values, 16, 16);
    opening = new SumOpening(layout, context, 1, 2, VectorKind.EXACT, kernel);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BulkDigest sealed =
        new ContributionEncryptor(layout, context, kernel)
            .seal(
                new byte[SealSeed.BYTES],
                IntegerVector.of(new long[values]),
                2,
                new int[] {1, 2},
                (position, share, box) -> answers.put(position, decoded(share)),
                out);
    ByteArrayOutputStream total = new ByteArrayOutputStream();
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      accumulator.add(new ByteArrayInputStream(out.toByteArray()), sealed.root());
      digest = accumulator.writeTo(total);
    }
    sum = BulkSource.of(total.toByteArray());
    reader = new BlockReader(layout, 1);
    // V = scale * 12345 is below every prime and its own residue: the first slot holds 12345.
    residues = new long[layout.set().primeCount()][layout.rows(0)];
    for (long[] run : residues) {
      Arrays.fill(run, layout.scale() * 12_345);
    }
    block = new long[layout.rows(0) * layout.slots()];
  }

  private ShareVector decoded(byte[] share) throws IOException {
    try {
      return ShareVector.decode(share, layout.set().ringDegree());
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }

  /** Interpolation, check block, decryption, digest, residues to slots, all checks. */
  @Benchmark
  public Object open() throws Exception {
    return opening.open(sum, digest.root(), answers);
  }

  /** The same and the fingerprint, in one pass. */
  @Benchmark
  public Object openWithFingerprint() throws Exception {
    return opening.openPrinted(sum, digest.root(), answers, digest.root());
  }

  /** The fingerprint in a pass of its own. */
  @Benchmark
  public Object fingerprintApart() throws Exception {
    return Fingerprint.take(
        sum.open(), BulkHead.Kind.SUMMED_CIPHERTEXT, layout, digest.root(), kernel);
  }

  /** One subset of answers: interpolation, key bound, transform, check block. */
  @Benchmark
  public SubsetVerdict judge() throws Exception {
    return opening.judge(sum, new int[] {1, 2}, answers);
  }

  /** The Chinese remainder theorem, noise, slots and bounds of one block, no decryption. */
  @Benchmark
  public Object residuesToSlots() {
    return reader.read(residues, 0, layout.rows(0), layout.valuesIn(0), block);
  }
}
