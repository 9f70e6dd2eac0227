package io.concordat.nativekernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Microsoft SEAL's transforms and pointwise products; what SEAL has no counterpart for is the
 * scalar kernel's. SEAL keeps tables of its own, made once for each prime and degree and held for
 * the life of the process.
 */
final class SealKernel implements RingKernel {
  private record Ring(long p, int degree) {}

  private final RingKernel scalar = new ScalarKernel();
  private final ConcurrentMap<Long, Long> moduli = new ConcurrentHashMap<>();
  private final ConcurrentMap<Ring, Long> tables = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return SealKernelProvider.NAME;
  }

  @Override
  public int maxPrimeBits() {
    return Modulus.MAX_BITS;
  }

  private long modulus(long p) {
    return moduli.computeIfAbsent(p, SealCalls::modulus);
  }

  private long tables(NttTables of) {
    return tables.computeIfAbsent(
        new Ring(of.modulus().value(), of.degree()),
        ring -> SealCalls.tables(modulus(ring.p), Integer.numberOfTrailingZeros(ring.degree)));
  }

  @Override
  public void forward(NttTables of, long[] values, int at) {
    Objects.checkFromIndexSize(at, of.degree(), values.length);
    SealCalls.forward(tables(of), values, at);
  }

  @Override
  public void inverse(NttTables of, long[] values, int at) {
    Objects.checkFromIndexSize(at, of.degree(), values.length);
    SealCalls.inverse(tables(of), values, at);
  }

  @Override
  public void multiply(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(yAt, count, y.length);
    Objects.checkFromIndexSize(outAt, count, out.length);
    if (count > 0) {
      SealCalls.multiply(modulus(p.value()), x, xAt, y, yAt, out, outAt, count);
    }
  }

  @Override
  public void multiplyAdd(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] sum, int sumAt, int count) {
    scalar.multiplyAdd(p, x, xAt, y, yAt, sum, sumAt, count);
  }

  @Override
  public void add(Modulus p, long[] x, int xAt, long[] sum, int sumAt, int count) {
    scalar.add(p, x, xAt, sum, sumAt, count);
  }

  @Override
  public void addScaled(
      Modulus p, long[] x, int xAt, long factor, long[] sum, int sumAt, int count) {
    scalar.addScaled(p, x, xAt, factor, sum, sumAt, count);
  }

  @Override
  public void lift(Modulus p, short[] x, int xAt, long[] out, int outAt, int count) {
    scalar.lift(p, x, xAt, out, outAt, count);
  }

  @Override
  public void addSmall(Modulus p, short[] x, int xAt, long[] sum, int sumAt, int count) {
    scalar.addSmall(p, x, xAt, sum, sumAt, count);
  }

  @Override
  public long innerProduct(Modulus p, long[] x, int xAt, long[] y, int yAt, int count) {
    return scalar.innerProduct(p, x, xAt, y, yAt, count);
  }

  @Override
  public void packWords(long[] words, int at, int count, byte[] out, int outAt) {
    scalar.packWords(words, at, count, out, outAt);
  }

  @Override
  public boolean unpackWords(Modulus p, byte[] in, int inAt, long[] words, int at, int count) {
    return scalar.unpackWords(p, in, inAt, words, at, count);
  }
}
