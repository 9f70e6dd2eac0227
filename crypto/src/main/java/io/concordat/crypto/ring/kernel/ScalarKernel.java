package io.concordat.crypto.ring.kernel;

import io.concordat.crypto.bulk.ResiduePacking;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import java.util.Objects;

/**
 * Plain Java, primes up to 61 bits: the definition that every other kernel is compared with.
 *
 * <p>Transforms: Longa and Naehrig (eprint 2016/504) with Harvey's lazy butterflies (arXiv
 * 1205.2926): values stay below 4p between layers, products with a root below 2p, and 4p &lt; 2^63.
 */
public final class ScalarKernel implements RingKernel {
  /** Shifts a signed |x| &lt;= 2^50 to a non-negative number below 2^52. */
  private static final long LIFT = 1L << 51;

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int maxPrimeBits() {
    return Modulus.MAX_BITS;
  }

  @Override
  public void forward(NttTables tables, long[] values, int at) {
    int n = tables.degree();
    Objects.checkFromIndexSize(at, n, values.length);
    long p = tables.modulus().value();
    long[] roots = tables.roots();
    long[] quotients = tables.rootQuotients();
    int gap = n;
    for (int groups = 1; groups < n; groups <<= 1) {
      gap >>= 1;
      for (int g = 0; g < groups; g++) {
        forwardGroup(values, at + 2 * g * gap, gap, roots[groups + g], quotients[groups + g], p);
      }
    }
    for (int i = at; i < at + n; i++) {
      values[i] = below(below(values[i], 2 * p), p);
    }
  }

  /** (u, v) to (u + W v, u - W v): u is brought below 2p first, both results stay below 4p. */
  private static void forwardGroup(
      long[] values, int from, int gap, long root, long quotient, long p) {
    long twice = 2 * p;
    for (int i = from; i < from + gap; i++) {
      long u = below(values[i], twice);
      long v = lazyProduct(values[i + gap], root, quotient, p);
      values[i] = u + v;
      values[i + gap] = u - v + twice;
    }
  }

  @Override
  public void inverse(NttTables tables, long[] values, int at) {
    int n = tables.degree();
    Objects.checkFromIndexSize(at, n, values.length);
    long p = tables.modulus().value();
    long[] roots = tables.inverseRoots();
    long[] quotients = tables.inverseRootQuotients();
    int gap = 1;
    for (int groups = n >> 1; groups >= 1; groups >>= 1) {
      for (int g = 0; g < groups; g++) {
        inverseGroup(values, at + 2 * g * gap, gap, roots[groups + g], quotients[groups + g], p);
      }
      gap <<= 1;
    }
    long scale = tables.degreeInverse();
    long scaleQuotient = NttTables.shoupQuotient(scale, p);
    for (int i = at; i < at + n; i++) {
      values[i] = below(lazyProduct(values[i], scale, scaleQuotient, p), p);
    }
  }

  /** (u, v) to (u + v, (u - v) W), inputs and results below 2p. */
  private static void inverseGroup(
      long[] values, int from, int gap, long root, long quotient, long p) {
    long twice = 2 * p;
    for (int i = from; i < from + gap; i++) {
      long u = values[i];
      long v = values[i + gap];
      values[i] = below(u + v, twice);
      values[i + gap] = lazyProduct(u - v + twice, root, quotient, p);
    }
  }

  @Override
  public void multiply(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    check(x, xAt, y, yAt, out, outAt, count);
    for (int i = 0; i < count; i++) {
      out[outAt + i] = p.multiply(x[xAt + i], y[yAt + i]);
    }
  }

  @Override
  public void multiplyAdd(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] sum, int sumAt, int count) {
    check(x, xAt, y, yAt, sum, sumAt, count);
    for (int i = 0; i < count; i++) {
      sum[sumAt + i] = p.add(sum[sumAt + i], p.multiply(x[xAt + i], y[yAt + i]));
    }
  }

  @Override
  public void add(Modulus p, long[] x, int xAt, long[] sum, int sumAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(sumAt, count, sum.length);
    long prime = p.value();
    for (int i = 0; i < count; i++) {
      sum[sumAt + i] = below(sum[sumAt + i] + x[xAt + i], prime);
    }
  }

  @Override
  public void addScaled(
      Modulus p, long[] x, int xAt, long factor, long[] sum, int sumAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(sumAt, count, sum.length);
    long prime = p.value();
    long quotient = NttTables.shoupQuotient(factor, prime);
    // (x + LIFT) * factor is too much by LIFT * factor, which is the same for every entry.
    long excess = prime - p.multiply(p.fromSigned(LIFT), factor);
    for (int i = 0; i < count; i++) {
      long product = lazyProduct(x[xAt + i] + LIFT, factor, quotient, prime);
      long wide = sum[sumAt + i] + excess + product;
      sum[sumAt + i] = below(below(wide, 2 * prime), prime);
    }
  }

  @Override
  public void lift(Modulus p, short[] x, int xAt, long[] out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(outAt, count, out.length);
    long prime = requireWide(p);
    for (int i = 0; i < count; i++) {
      long small = x[xAt + i];
      out[outAt + i] = small + (prime & small >> 63);
    }
  }

  @Override
  public void addSmall(Modulus p, short[] x, int xAt, long[] sum, int sumAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(sumAt, count, sum.length);
    long prime = requireWide(p);
    for (int i = 0; i < count; i++) {
      long small = x[xAt + i];
      sum[sumAt + i] = below(sum[sumAt + i] + small + (prime & small >> 63), prime);
    }
  }

  /** The 128-bit sum of 2^26 products of 50 bits, or of 2^4 of 61 bits, cannot overflow. */
  @Override
  public long innerProduct(Modulus p, long[] x, int xAt, long[] y, int yAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(yAt, count, y.length);
    long total = 0;
    int step = p.bits() <= 50 ? 1 << 26 : 1 << 4;
    for (int from = 0; from < count; from += step) {
      int to = Math.min(count, from + step);
      long high = 0;
      long low = 0;
      for (int i = from; i < to; i++) {
        long a = x[xAt + i];
        long b = y[yAt + i];
        long product = a * b;
        low += product;
        high += Math.multiplyHigh(a, b) + (Long.compareUnsigned(low, product) < 0 ? 1 : 0);
      }
      total = p.add(total, wide(p, high, low));
    }
    return total;
  }

  @Override
  public void packWords(long[] words, int at, int count, byte[] out, int outAt) {
    ResiduePacking.pack(words, at, count, out, outAt);
  }

  @Override
  public boolean unpackWords(Modulus p, byte[] in, int inAt, long[] words, int at, int count) {
    ResiduePacking.unpack(in, inAt, words, at, count);
    long prime = p.value();
    long below = -1;
    for (int i = at; i < at + count; i++) {
      below &= words[i] - prime;
    }
    return below < 0 && ResiduePacking.fillIsZero(in, inAt, count);
  }

  /** high * 2^64 + low mod p, for any 128-bit number; once per inner product. */
  private static long wide(Modulus p, long high, long low) {
    long radix = p.power(2, 64);
    long top = Long.remainderUnsigned(high, p.value());
    return p.add(p.multiply(top, radix), Long.remainderUnsigned(low, p.value()));
  }

  /** x * w mod p, below 2p, for any unsigned x (Shoup): w below p with its quotient. */
  private static long lazyProduct(long x, long w, long quotient, long p) {
    return x * w - Math.unsignedMultiplyHigh(x, quotient) * p;
  }

  /** x below 2m to x mod m. */
  private static long below(long x, long m) {
    long reduced = x - m;
    return reduced + (m & reduced >> 63);
  }

  private static long requireWide(Modulus p) {
    if (p.bits() <= Short.SIZE) {
      throw new IllegalArgumentException("small numbers lift into primes of more than 16 bits");
    }
    return p.value();
  }

  private static void check(
      long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x.length);
    Objects.checkFromIndexSize(yAt, count, y.length);
    Objects.checkFromIndexSize(outAt, count, out.length);
  }
}
