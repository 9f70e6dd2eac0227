package io.concordat.nativekernel;

import io.concordat.crypto.random.DiscreteGaussianTable;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import java.util.Objects;

/**
 * The kernel in C for one instruction set. Every method checks all its ranges first: a negative
 * count, an index before or behind an array, a missing array end here, in Java.
 *
 * <p>A call pins its arrays for its length, some microseconds for a transform; a collector that
 * must move them waits that long.
 */
final class NativeKernel implements RingKernel {
  /** Longer operands are worked off in steps, so that arrays are not pinned for long. */
  private static final int STEP = 1 << 16;

  private static final long SIGNED_LIFT = 1L << 51;
  private static final int MAX_TERMS = 8;

  private final NativeVariant variant;
  private final int index;
  private final boolean shortQuotients;
  private final boolean streams;
  private final boolean slots;
  private final boolean runs;
  private final long[] highThresholds = DiscreteGaussianTable.highThresholds();
  private final long[] lowThresholds = DiscreteGaussianTable.lowThresholds();

  NativeKernel(NativeVariant variant) {
    this.variant = variant;
    this.index = variant.ordinal();
    shortQuotients = NativeCalls.quotientBits(index) == 52;
    int extras = NativeCalls.extras(index);
    streams = (extras & 1) != 0;
    slots = (extras & 2) != 0;
    runs = (extras & 4) != 0;
  }

  @Override
  public String name() {
    return variant.kernelName();
  }

  @Override
  public void forward(NttTables tables, long[] values, int at) {
    int degree = tables.degree();
    Objects.checkFromIndexSize(at, degree, values.length);
    NativeCalls.forward(
        index,
        Operands.prime(tables.modulus()),
        degree,
        tables.roots(),
        shortQuotients ? tables.shortRootQuotients() : tables.rootQuotients(),
        values,
        at);
  }

  @Override
  public void inverse(NttTables tables, long[] values, int at) {
    int degree = tables.degree();
    Objects.checkFromIndexSize(at, degree, values.length);
    Modulus p = tables.modulus();
    NativeCalls.inverse(
        index,
        Operands.prime(p),
        p.ratio(),
        p.bits(),
        degree,
        tables.inverseRoots(),
        inverseQuotients(tables),
        tables.degreeInverse(),
        tables.degreeInverseQuotient(),
        values,
        at);
  }

  private long[] inverseQuotients(NttTables tables) {
    return shortQuotients ? tables.shortInverseRootQuotients() : tables.inverseRootQuotients();
  }

  @Override
  public void multiply(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    Operands.check(x.length, xAt, y.length, yAt, out.length, outAt, count);
    long prime = Operands.prime(p);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.multiply(
          index, prime, p.ratio(), p.bits(), x, xAt + i, y, yAt + i, out, outAt + i, some);
    }
  }

  @Override
  public void multiplyAdd(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] sum, int sumAt, int count) {
    Operands.check(x.length, xAt, y.length, yAt, sum.length, sumAt, count);
    long prime = Operands.prime(p);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.multiplyAdd(
          index, prime, p.ratio(), p.bits(), x, xAt + i, y, yAt + i, sum, sumAt + i, some);
    }
  }

  @Override
  public void add(Modulus p, long[] x, int xAt, long[] sum, int sumAt, int count) {
    Operands.check(x.length, xAt, sum.length, sumAt, count);
    long prime = Operands.prime(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.add(index, prime, x, xAt + i, sum, sumAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public void addScaled(
      Modulus p, long[] x, int xAt, long factor, long[] sum, int sumAt, int count) {
    Operands.check(x.length, xAt, sum.length, sumAt, count);
    long prime = Operands.prime(p);
    Operands.checkResidue(p, factor);
    long quotient = NttTables.shoupQuotient(factor, prime);
    long excess = prime - p.multiply(p.fromSigned(SIGNED_LIFT), factor);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.addScaled(
          index, prime, x, xAt + i, factor, quotient, excess, sum, sumAt + i, some);
    }
  }

  @Override
  public void lift(Modulus p, short[] x, int xAt, long[] out, int outAt, int count) {
    Operands.check(x.length, xAt, out.length, outAt, count);
    long prime = Operands.primeForSmall(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.lift(index, prime, x, xAt + i, out, outAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public void addSmall(Modulus p, short[] x, int xAt, long[] sum, int sumAt, int count) {
    Operands.check(x.length, xAt, sum.length, sumAt, count);
    long prime = Operands.primeForSmall(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.addSmall(index, prime, x, xAt + i, sum, sumAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public long innerProduct(Modulus p, long[] x, int xAt, long[] y, int yAt, int count) {
    Operands.check(x.length, xAt, y.length, yAt, count);
    long prime = Operands.prime(p);
    long total = 0;
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      total = p.add(total, NativeCalls.innerProduct(index, prime, x, xAt + i, y, yAt + i, some));
    }
    return total;
  }

  /** Steps of a multiple of four words begin at whole bytes. */
  @Override
  public void packWords(long[] words, int at, int count, byte[] out, int outAt) {
    Operands.checkPacked(words.length, at, out.length, outAt, count);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.packWords(index, words, at + i, some, out, outAt + Operands.bytes(i));
    }
  }

  @Override
  public boolean unpackWords(Modulus p, byte[] in, int inAt, long[] words, int at, int count) {
    Operands.checkPacked(words.length, at, in.length, inAt, count);
    long prime = Operands.prime(p);
    boolean good = true;
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      good &=
          NativeCalls.unpackWords(index, prime, in, inAt + Operands.bytes(i), words, at + i, some);
    }
    return good;
  }

  @Override
  public boolean addPacked(Modulus p, byte[] x, int xAt, byte[] sum, int sumAt, int count) {
    Operands.checkPacked(count, 0, x.length, xAt, count);
    Operands.checkPacked(count, 0, sum.length, sumAt, count);
    long prime = Operands.prime(p);
    boolean good = true;
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      good &=
          NativeCalls.addPacked(
              index, prime, x, xAt + Operands.bytes(i), sum, sumAt + Operands.bytes(i), some);
    }
    return good;
  }

  @Override
  public void uniform(byte[] key, byte[] iv, Modulus p, long[] out, int at, int count) {
    if (!streams || count == 0) {
      RingKernel.super.uniform(key, iv, p, out, at, count);
      return;
    }
    Objects.checkFromIndexSize(at, count, out.length);
    Operands.checkStream(key, iv);
    // The stream cannot be entered in its middle, so this one call takes it all: it is fast enough.
    NativeCalls.uniform(index, key, iv, Operands.prime(p), out, at, count);
  }

  @Override
  public void gaussian(byte[] key, short[] out, int at, int count) {
    if (!streams || count == 0) {
      RingKernel.super.gaussian(key, out, at, count);
      return;
    }
    Objects.checkFromIndexSize(at, count, out.length);
    Operands.checkKey(key);
    NativeCalls.gaussian(index, key, highThresholds, lowThresholds, out, at, count);
  }

  @Override
  public void addScaledTerms(
      Modulus p, long[] x, int xAt, int stride, long[] factors, long[] sum, int sumAt, int count) {
    if (!slots || count > STEP) {
      RingKernel.super.addScaledTerms(p, x, xAt, stride, factors, sum, sumAt, count);
      return;
    }
    int terms = factors.length;
    Objects.checkFromIndexSize(sumAt, count, sum.length);
    Operands.checkTerms(p, factors, x.length, xAt, stride, count);
    long prime = Operands.prime(p);
    for (int from = 0; from < terms; from += MAX_TERMS) {
      int some = Math.min(MAX_TERMS, terms - from);
      int start = xAt + from * stride;
      NativeCalls.addScaledTerms(
          index, prime, x, start, stride, some, factors, from, sum, sumAt, count);
    }
  }

  @Override
  public void expandedProduct(
      NttTables tables, byte[] streamKey, byte[] iv, long[] key, long[] out, int at, int rows) {
    if (!runs) {
      RingKernel.super.expandedProduct(tables, streamKey, iv, key, out, at, rows);
      return;
    }
    int degree = tables.degree();
    Modulus p = tables.modulus();
    Objects.checkFromIndexSize(at, degree, out.length);
    Objects.checkFromIndexSize(0, degree, key.length);
    Objects.checkIndex(rows - 1, degree);
    Operands.checkStream(streamKey, iv);
    NativeCalls.expandedProduct(
        index,
        Operands.prime(p),
        p.ratio(),
        p.bits(),
        degree,
        tables.inverseRoots(),
        inverseQuotients(tables),
        tables.degreeInverse(),
        tables.degreeInverseQuotient(),
        streamKey,
        iv,
        key,
        out,
        at,
        rows);
  }

  @Override
  public void finishRun(
      Modulus p,
      short[] errors,
      long[] chunks,
      int stride,
      long[] factors,
      long[] values,
      int at,
      int rows,
      byte[] out,
      int outAt) {
    int terms = factors.length;
    if (!runs || terms > MAX_TERMS || rows > STEP) {
      RingKernel.super.finishRun(p, errors, chunks, stride, factors, values, at, rows, out, outAt);
      return;
    }
    Operands.check(errors.length, 0, values.length, at, rows);
    Operands.checkPacked(values.length, at, out.length, outAt, rows);
    Operands.checkTerms(p, factors, chunks.length, 0, stride, rows);
    NativeCalls.finishRun(
        index,
        Operands.primeForSmall(p),
        errors,
        chunks,
        stride,
        terms,
        factors,
        values,
        at,
        rows,
        out,
        outAt);
  }

  @Override
  public boolean takeSlot(
      long[] values,
      int at,
      long[] carry,
      int width,
      long[] chunks,
      int chunkAt,
      int shift,
      int count) {
    if (!slots || count > STEP) {
      return RingKernel.super.takeSlot(values, at, carry, width, chunks, chunkAt, shift, count);
    }
    Operands.check(values.length, at, carry.length, 0, chunks.length, chunkAt, count);
    Operands.checkSlot(width, shift);
    return NativeCalls.takeSlot(index, values, at, carry, width, chunks, chunkAt, shift, count);
  }
}
