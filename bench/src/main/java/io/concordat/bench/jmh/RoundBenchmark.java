package io.concordat.bench.jmh;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.DigestTree;
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
import io.concordat.crypto.rlwe.SumStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

/** Steps of a round on the best kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
public class RoundBenchmark {
  /** Values of a contribution. */
  @Param({"100000", "1000000"})
  public int values = 100_000;

  private final RingKernel kernel = RingKernels.best();
  private final RoundContext context = RoundContext.of(new byte[] {1});
  private Layout layout = new Layout(ParameterSet.RLWE_16384_300, values, 16, 16);
  private long[] vector = new long[0];
  private byte[] contribution = new byte[0];
  private BulkDigest digest = new BulkDigest(1, DigestTree.of(new byte[1]));

  @Setup
  public void sealOnce() throws IOException {
    layout = new Layout(ParameterSet.RLWE_16384_300, values, 16, 16);
    vector = new long[values];
    for (int i = 0; i < values; i++) {
      vector[i] = i % 65535 - 32767;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    digest = seal(out);
    contribution = out.toByteArray();
  }

  private BulkDigest seal(ByteArrayOutputStream out) throws IOException {
    return new ContributionEncryptor(layout, context, kernel)
        .seal(
            new byte[SealSeed.BYTES],
            IntegerVector.of(vector),
            2,
            new int[] {1, 2, 3},
            (position, share, box) -> {},
            out);
  }

  @Benchmark
  public BulkDigest seal() throws IOException {
    return seal(new ByteArrayOutputStream(contribution.length));
  }

  @Benchmark
  public Object fingerprint() throws Exception {
    return Fingerprint.take(
        new ByteArrayInputStream(contribution),
        BulkHead.Kind.CIPHERTEXT,
        layout,
        digest.root(),
        kernel);
  }

  @Benchmark
  public Object digest() {
    return DigestTree.of(contribution);
  }

  /** The first contribution into an empty sum, then another on top of it. */
  @Benchmark
  public int addTwo() throws Exception {
    try (CiphertextAccumulator sum =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      sum.add(new ByteArrayInputStream(contribution), digest.root());
      sum.add(new ByteArrayInputStream(contribution), digest.root());
      return sum.added();
    }
  }
}
