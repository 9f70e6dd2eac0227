package io.concordat.bench.jmh;

import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.ParameterSet;
import java.util.SplittableRandom;
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

/** Each operation of each kernel on one polynomial of the default set. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class KernelBenchmark {
  /** Names as in {@code concordat doctor}. */
  @Param({"scalar", "vector", "native", "native-avx2", "native-ifma", "seal"})
  public String name = "scalar";

  private final NttTables tables = ParameterSet.RLWE_16384_300.tables(0);
  private final int n = tables.degree();
  private final long[] x = residues(1);
  private final long[] y = residues(2);
  private final long[] out = new long[n];
  private final short[] small = new short[n];
  private final byte[] wire = new byte[(50 * n + 7) / 8];
  private final byte[] sum = new byte[wire.length];
  private final byte[] key = new byte[32];
  private final byte[] iv = new byte[16];
  private final long[] chunks = new long[8 * n];
  private final long[] factors = new long[] {1, 2, 3, 4, 5, 6, 7, 8};
  private final long[] carry = new long[n];
  private RingKernel kernel = RingKernels.best();

  private long[] residues(int seed) {
    return new SplittableRandom(seed).longs(n, 0, tables.modulus().value()).toArray();
  }

  @Setup
  public void open() {
    kernel = RingKernels.named(name);
    kernel.packWords(x, 0, n, wire, 0);
  }

  @Benchmark
  public long[] forward() {
    kernel.forward(tables, x, 0);
    return x;
  }

  @Benchmark
  public long[] inverse() {
    kernel.inverse(tables, x, 0);
    return x;
  }

  @Benchmark
  public long[] multiply() {
    kernel.multiply(tables.modulus(), x, 0, y, 0, out, 0, n);
    return out;
  }

  @Benchmark
  public long innerProduct() {
    return kernel.innerProduct(tables.modulus(), x, 0, y, 0, n);
  }

  @Benchmark
  public long[] uniform() {
    kernel.uniform(key, iv, tables.modulus(), out, 0, n);
    return out;
  }

  @Benchmark
  public short[] gaussian() {
    kernel.gaussian(key, small, 0, n);
    return small;
  }

  @Benchmark
  public byte[] packWords() {
    kernel.packWords(x, 0, n, sum, 0);
    return sum;
  }

  @Benchmark
  public boolean unpackWords() {
    return kernel.unpackWords(tables.modulus(), wire, 0, out, 0, n);
  }

  @Benchmark
  public boolean addPacked() {
    return kernel.addPacked(tables.modulus(), wire, 0, sum, 0, n);
  }

  @Benchmark
  public long[] multiplyAdd() {
    kernel.multiplyAdd(tables.modulus(), x, 0, y, 0, out, 0, n);
    return out;
  }

  @Benchmark
  public long[] add() {
    kernel.add(tables.modulus(), x, 0, out, 0, n);
    return out;
  }

  @Benchmark
  public long[] lift() {
    kernel.lift(tables.modulus(), small, 0, out, 0, n);
    return out;
  }

  @Benchmark
  public long[] addSmall() {
    kernel.addSmall(tables.modulus(), small, 0, out, 0, n);
    return out;
  }

  @Benchmark
  public long[] addScaled() {
    kernel.addScaled(tables.modulus(), chunks, 0, 12_345, out, 0, n);
    return out;
  }

  @Benchmark
  public long[] addScaledTerms() {
    kernel.addScaledTerms(tables.modulus(), chunks, 0, n, factors, out, 0, n);
    return out;
  }

  @Benchmark
  public boolean takeSlot() {
    return kernel.takeSlot(carry, 0, carry, 20, chunks, 0, 0, n);
  }

  @Benchmark
  public long[] expandedProduct() {
    kernel.expandedProduct(tables, key, iv, y, out, 0, n);
    return out;
  }

  @Benchmark
  public byte[] finishRun() {
    kernel.finishRun(tables.modulus(), small, chunks, n, factors, out, 0, n, sum, 0);
    return sum;
  }
}
