package io.concordat.vectorkernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import jdk.incubator.vector.DoubleVector;

/**
 * Transforms and products on the Vector API; what a plain loop does as well is the scalar kernel's,
 * whose loops the compiler vectorises itself.
 */
final class VectorKernel implements RingKernel {
  private static final int LANES = Lanes.COUNT;
  private static final int MAX_PRIME_BITS = 50;

  private record Ring(long p, int degree) {}

  private final RingKernel scalar = new ScalarKernel();
  private final ConcurrentMap<Ring, VectorTransform> transforms = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return VectorKernelProvider.NAME;
  }

  private VectorTransform transform(NttTables tables) {
    Ring ring = new Ring(tables.modulus().value(), tables.degree());
    VectorTransform made = transforms.get(ring);
    return made != null ? made : transforms.computeIfAbsent(ring, _ -> new VectorTransform(tables));
  }

  @Override
  public void forward(NttTables tables, long[] values, int at) {
    Objects.checkFromIndexSize(at, tables.degree(), values.length);
    if (narrow(tables.modulus()) && VectorTransform.takes(tables.degree())) {
      transform(tables).forward(values, at);
    } else {
      scalar.forward(tables, values, at);
    }
  }

  @Override
  public void inverse(NttTables tables, long[] values, int at) {
    Objects.checkFromIndexSize(at, tables.degree(), values.length);
    if (narrow(tables.modulus()) && VectorTransform.takes(tables.degree())) {
      transform(tables).inverse(values, at);
    } else {
      scalar.inverse(tables, values, at);
    }
  }

  private static boolean narrow(Modulus p) {
    if (p.bits() > MAX_PRIME_BITS) {
      throw new IllegalArgumentException(
          "this kernel takes primes of at most 50 bits, not " + p.bits());
    }
    return true;
  }

  @Override
  public void multiply(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    check(x, xAt, y, yAt, out, outAt, count);
    narrow(p);
    int done = count & -LANES;
    multiplyWhole(p.value(), x, xAt, y, yAt, out, outAt, done);
    scalar.multiply(p, x, xAt + done, y, yAt + done, out, outAt + done, count - done);
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

  private static void check(
      long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(yAt, count, y.length);
    Objects.checkFromIndexSize(outAt, count, out.length);
  }

  /**
   * For a number of entries that fills registers. fl(h / p) carries three roundings of a number
   * below 2^50, so it is off by less than 3/8, and before p is added to a negative result that is
   * within 7/8 of p.
   */
  private static void multiplyWhole(
      long p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    DoubleVector prime = Lanes.all(p);
    DoubleVector minusPrime = Lanes.all(-p);
    DoubleVector over = Lanes.all(1.0 / p);
    DoubleVector near = Lanes.all(Lanes.NEAREST);
    for (int i = 0; i < count; i += LANES) {
      DoubleVector a = Lanes.loadWords(x, xAt + i);
      DoubleVector b = Lanes.loadWords(y, yAt + i);
      DoubleVector z = Lanes.product(a, b, over, minusPrime, near);
      Lanes.words(z, prime).intoArray(out, outAt + i);
    }
  }
}
