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

  private static final int MAX_PRIME_BITS = 50;
  private static final long SIGNED_LIFT = 1L << 51;
  private static final long TERM_LIFT = 1L << 50;
  private static final int MAX_TERMS = 8;
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 16;

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
        checked(tables.modulus()),
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
        checked(p),
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
    check(x.length, xAt, y.length, yAt, out.length, outAt, count);
    long prime = checked(p);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.multiply(
          index, prime, p.ratio(), p.bits(), x, xAt + i, y, yAt + i, out, outAt + i, some);
    }
  }

  @Override
  public void multiplyAdd(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] sum, int sumAt, int count) {
    check(x.length, xAt, y.length, yAt, sum.length, sumAt, count);
    long prime = checked(p);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.multiplyAdd(
          index, prime, p.ratio(), p.bits(), x, xAt + i, y, yAt + i, sum, sumAt + i, some);
    }
  }

  @Override
  public void add(Modulus p, long[] x, int xAt, long[] sum, int sumAt, int count) {
    check(x.length, xAt, sum.length, sumAt, count);
    long prime = checked(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.add(index, prime, x, xAt + i, sum, sumAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public void addScaled(
      Modulus p, long[] x, int xAt, long factor, long[] sum, int sumAt, int count) {
    check(x.length, xAt, sum.length, sumAt, count);
    long prime = checked(p);
    if (factor < 0 || factor >= prime) {
      throw new IllegalArgumentException("the factor is no residue");
    }
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
    check(x.length, xAt, out.length, outAt, count);
    long prime = checkedForSmall(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.lift(index, prime, x, xAt + i, out, outAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public void addSmall(Modulus p, short[] x, int xAt, long[] sum, int sumAt, int count) {
    check(x.length, xAt, sum.length, sumAt, count);
    long prime = checkedForSmall(p);
    for (int i = 0; i < count; i += STEP) {
      NativeCalls.addSmall(index, prime, x, xAt + i, sum, sumAt + i, Math.min(STEP, count - i));
    }
  }

  @Override
  public long innerProduct(Modulus p, long[] x, int xAt, long[] y, int yAt, int count) {
    check(x.length, xAt, y.length, yAt, count);
    long prime = checked(p);
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
    checkPacked(words.length, at, out.length, outAt, count);
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      NativeCalls.packWords(index, words, at + i, some, out, outAt + bytes(i));
    }
  }

  @Override
  public boolean unpackWords(Modulus p, byte[] in, int inAt, long[] words, int at, int count) {
    checkPacked(words.length, at, in.length, inAt, count);
    long prime = checked(p);
    boolean good = true;
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      good &= NativeCalls.unpackWords(index, prime, in, inAt + bytes(i), words, at + i, some);
    }
    return good;
  }

  @Override
  public boolean addPacked(Modulus p, byte[] x, int xAt, byte[] sum, int sumAt, int count) {
    checkPacked(count, 0, x.length, xAt, count);
    checkPacked(count, 0, sum.length, sumAt, count);
    long prime = checked(p);
    boolean good = true;
    for (int i = 0; i < count; i += STEP) {
      int some = Math.min(STEP, count - i);
      good &= NativeCalls.addPacked(index, prime, x, xAt + bytes(i), sum, sumAt + bytes(i), some);
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
    checkStream(key, iv);
    // The stream cannot be entered in its middle, so this one call takes it all: it is fast enough.
    NativeCalls.uniform(index, key, iv, checked(p), out, at, count);
  }

  @Override
  public void gaussian(byte[] key, short[] out, int at, int count) {
    if (!streams || count == 0) {
      RingKernel.super.gaussian(key, out, at, count);
      return;
    }
    Objects.checkFromIndexSize(at, count, out.length);
    checkStream(key, new byte[IV_BYTES]);
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
    checkTerms(x.length, xAt, stride, terms, count);
    long prime = checked(p);
    for (int from = 0; from < terms; from += MAX_TERMS) {
      int some = Math.min(MAX_TERMS, terms - from);
      long[] constants = constants(p, factors, from, some);
      int start = xAt + from * stride;
      NativeCalls.addScaledTerms(
          index, prime, x, start, stride, some, factors, from, constants, sum, sumAt, count);
    }
  }

  private static void checkTerms(int length, int at, int stride, int terms, int count) {
    if (terms > 0) {
      Objects.checkIndex(stride, Integer.MAX_VALUE);
      Objects.checkFromIndexSize((long) at, (terms - 1L) * stride + count, (long) length);
    }
  }

  /** What lifting to non-negative numbers costs, and 2^52 mod p, with the quotients of it and 1. */
  private static long[] constants(Modulus p, long[] factors, int from, int count) {
    long total = 0;
    for (int j = from; j < from + count; j++) {
      if (factors[j] < 0 || factors[j] >= p.value()) {
        throw new IllegalArgumentException("the factor is no residue");
      }
      total = p.add(total, factors[j]);
    }
    long radix = p.power(2, 52);
    return new long[] {
      p.value() - p.multiply(p.fromSigned(TERM_LIFT), total),
      radix,
      NttTables.shoupQuotient(radix, p.value()),
      NttTables.shoupQuotient(1, p.value())
    };
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
    checkStream(streamKey, iv);
    NativeCalls.expandedProduct(
        index,
        checked(p),
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
    check(errors.length, 0, values.length, at, rows);
    checkPacked(values.length, at, out.length, outAt, rows);
    checkTerms(chunks.length, 0, stride, terms, rows);
    NativeCalls.finishRun(
        index,
        checkedForSmall(p),
        errors,
        chunks,
        stride,
        terms,
        factors,
        constants(p, factors, 0, terms),
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
    check(values.length, at, carry.length, 0, chunks.length, chunkAt, count);
    if (width < 1 || width > 62 || shift < 0 || shift > 62) {
      throw new IllegalArgumentException("slot width " + width + ", shift " + shift);
    }
    return NativeCalls.takeSlot(index, values, at, carry, width, chunks, chunkAt, shift, count);
  }

  private static void checkStream(byte[] key, byte[] iv) {
    if (key.length != KEY_BYTES || iv.length != IV_BYTES) {
      throw new IllegalArgumentException("AES-256-CTR takes 32 bytes of key and 16 of counter");
    }
    for (int i = Long.BYTES; i < iv.length; i++) {
      if (iv[i] != 0) {
        throw new IllegalArgumentException("the last 8 bytes of the first counter are zero");
      }
    }
  }

  private static int bytes(int words) {
    return Math.toIntExact((50L * words + 7) / 8);
  }

  private static void checkPacked(int words, int at, int bytes, int bytesAt, int count) {
    Objects.checkFromIndexSize(at, count, words);
    Objects.checkFromIndexSize(bytesAt, (50L * count + 7) / 8, (long) bytes);
  }

  private static void check(int x, int xAt, int out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x);
    Objects.checkFromIndexSize(outAt, count, out);
  }

  private static void check(int x, int xAt, int y, int yAt, int out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x);
    Objects.checkFromIndexSize(yAt, count, y);
    Objects.checkFromIndexSize(outAt, count, out);
  }

  private static long checked(Modulus p) {
    if (p.bits() > MAX_PRIME_BITS) {
      throw new IllegalArgumentException(
          "this kernel takes primes of at most 50 bits, not " + p.bits());
    }
    return p.value();
  }

  private static long checkedForSmall(Modulus p) {
    if (p.bits() <= Short.SIZE) {
      throw new IllegalArgumentException("small numbers lift into primes of more than 16 bits");
    }
    return checked(p);
  }
}
