package io.concordat.vectorkernel;

import io.concordat.crypto.ring.NttTables;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Both transforms for one prime and degree, residues as doubles, as many at once as a register has
 * lanes (two, four or eight).
 *
 * <p>y w mod p for integers y and |w| &lt;= p/2: h = fl(y w), l = y w - h (exact by one fused
 * step), q = the integer nearest to fl(y fl(w/p)), r = (h - q p) + l. Both sums are exact, as h, q
 * p and l are integers and |h - q p| &lt;= |r| + |l| &lt; 2^52. The quotient's roundings cost less
 * than |y| 2^-52.9 and the nearest integer 1/2, so with p &lt; 2^50 and |y| &lt;= B p: |r| &lt;=
 * (1/2 + B/8) p. The nearest integer comes from adding and subtracting 1.5 * 2^52, right for |q|
 * &lt;= 2^51, which B &lt;= 4 gives (|q| &lt;= B p / 2).
 *
 * <p>Forward, values are within 2p at the start of each layer: u is brought to p/2, v w is within
 * 3/4 p, the layer ends within 5/4 p. Inverse, values are within p: sums up to 2p are brought to
 * p/2 before they are stored, differences up to 2p give products within 3/4 p.
 *
 * <p>Each loop is a method of its own: the compiler gives up inlining in a method that has grown
 * too many nodes, and a vector that is not inlined away lands in the heap.
 *
 * <p>Between layers the array holds the doubles' bits. No branch and no index depends on a value.
 */
final class VectorTransform {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
  private static final int LANES = D.length();
  private static final long TWO_52_BITS = 0x4330000000000000L;
  private static final double TWO_52 = 0x1p52;
  private static final double NEAREST = 0x1.8p52;

  private final int n;
  private final double p;
  private final double inverseOfP;
  private final Roots forward;
  private final Roots inverse;
  private final double degreeInverse;
  private final double degreeInverseOverP;

  VectorTransform(NttTables tables) {
    n = tables.degree();
    p = tables.modulus().value();
    inverseOfP = 1.0 / p;
    forward = new Roots(tables.roots(), tables.modulus().value());
    inverse = new Roots(tables.inverseRoots(), tables.modulus().value());
    degreeInverse = centred(tables.degreeInverse(), tables.modulus().value());
    degreeInverseOverP = degreeInverse / p;
  }

  /** Whether transforms of this degree fill two registers. */
  static boolean takes(int degree) {
    return LANES >= 2 && degree >= 2 * LANES;
  }

  /** Bits of a register. */
  static int bits() {
    return D.vectorBitSize();
  }

  /** Residues in a register, a power of two. */
  static int lanes() {
    return LANES;
  }

  /**
   * out = x y mod p for a number of entries that fills registers. fl(h / p) carries three roundings
   * of a number below 2^50, so it is off by less than 3/8, and before p is added to a negative
   * result that is within 7/8 of p.
   */
  static void multiply(
      long p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    double inverseOfP = 1.0 / p;
    for (int i = 0; i < count; i += LANES) {
      DoubleVector a = ofWords(LongVector.fromArray(L, x, xAt + i));
      DoubleVector b = ofWords(LongVector.fromArray(L, y, yAt + i));
      DoubleVector h = a.mul(b);
      store(remainder(a, b, h, nearest(h.mul(inverseOfP)), minusPrime), out, outAt + i);
    }
    DoubleVector prime = DoubleVector.broadcast(D, p);
    for (int i = 0; i < count; i += LANES) {
      words(nonNegative(load(out, outAt + i), prime)).intoArray(out, outAt + i);
    }
  }

  private static double centred(long w, long p) {
    return w > p / 2 ? w - p : w;
  }

  /**
   * Roots in [-p/2, p/2] with their quotients by p, and for gaps below a register's width again.
   */
  private static final class Roots {
    final double[] w;
    final double[] overP;

    /** Entry k: the layer of gap 2^k, each root as often as its group has lanes. */
    final double[][] spread;

    final double[][] spreadOverP;

    Roots(long[] roots, long p) {
      int n = roots.length;
      w = new double[n];
      overP = new double[n];
      for (int i = 0; i < n; i++) {
        w[i] = centred(roots[i], p);
        overP[i] = w[i] / p;
      }
      int layers = Integer.numberOfTrailingZeros(LANES);
      spread = new double[layers][n / 2];
      spreadOverP = new double[layers][n / 2];
      for (int k = 0; k < layers; k++) {
        int groups = n >> (k + 1);
        for (int i = 0; i < n / 2; i++) {
          spread[k][i] = w[groups + (i >> k)];
          spreadOverP[k][i] = overP[groups + (i >> k)];
        }
      }
    }
  }

  /**
   * Where the lanes of two registers x, y go when butterflies of a gap below the register's width
   * take place: first(i) is the place of the i-th upper operand among 2 * LANES, second(i) that of
   * its partner; back is the way home.
   */
  private static long[] places(int gap, boolean second) {
    long[] out = new long[LANES];
    for (int i = 0; i < LANES; i++) {
      out[i] = i / gap * 2L * gap + i % gap + (second ? gap : 0);
    }
    return out;
  }

  private static long[] wayBack(int gap, int from) {
    long[] out = new long[LANES];
    for (int i = 0; i < LANES; i++) {
      int place = from + i;
      int group = place / (2 * gap);
      int within = place % (2 * gap);
      out[i] = group * gap + within % gap + (within >= gap ? LANES : 0);
    }
    return out;
  }

  void forward(long[] values, int at) {
    toDoubles(values, at);
    int gap = n / 2;
    int groups = 1;
    for (; gap >= LANES; gap >>= 1, groups <<= 1) {
      for (int g = 0; g < groups; g++) {
        forwardLayer(values, at + 2 * g * gap, gap, groups + g);
      }
    }
    for (; gap >= 1; gap >>= 1) {
      forwardInRegisters(values, at, gap);
    }
    reduceAll(values, at);
    toWords(values, at);
  }

  private void toDoubles(long[] values, int at) {
    for (int i = at; i < at + n; i += LANES) {
      store(ofWords(LongVector.fromArray(L, values, i)), values, i);
    }
  }

  private void reduceAll(long[] values, int at) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    for (int i = at; i < at + n; i += LANES) {
      store(reduced(load(values, i), minusPrime), values, i);
    }
  }

  private void toWords(long[] values, int at) {
    DoubleVector prime = DoubleVector.broadcast(D, p);
    for (int i = at; i < at + n; i += LANES) {
      words(nonNegative(load(values, i), prime)).intoArray(values, i);
    }
  }

  private void forwardLayer(long[] values, int from, int gap, int root) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    DoubleVector w = DoubleVector.broadcast(D, forward.w[root]);
    DoubleVector q = DoubleVector.broadcast(D, forward.overP[root]);
    for (int i = from; i < from + gap; i += LANES) {
      DoubleVector u = reduced(load(values, i), minusPrime);
      DoubleVector v = times(load(values, i + gap), w, q, minusPrime);
      store(u.add(v), values, i);
      store(u.sub(v), values, i + gap);
    }
  }

  private void forwardInRegisters(long[] values, int at, int gap) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    LongVector first = LongVector.fromArray(L, places(gap, false), 0);
    LongVector second = LongVector.fromArray(L, places(gap, true), 0);
    LongVector backLow = LongVector.fromArray(L, wayBack(gap, 0), 0);
    LongVector backHigh = LongVector.fromArray(L, wayBack(gap, LANES), 0);
    int layer = Integer.numberOfTrailingZeros(gap);
    double[] w = forward.spread[layer];
    double[] q = forward.spreadOverP[layer];
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = reduced(first.selectFrom(x, y).reinterpretAsDoubles(), minusPrime);
      DoubleVector v =
          times(
              second.selectFrom(x, y).reinterpretAsDoubles(),
              DoubleVector.fromArray(D, w, i / 2),
              DoubleVector.fromArray(D, q, i / 2),
              minusPrime);
      LongVector a = u.add(v).reinterpretAsLongs();
      LongVector b = u.sub(v).reinterpretAsLongs();
      backLow.selectFrom(a, b).intoArray(values, at + i);
      backHigh.selectFrom(a, b).intoArray(values, at + i + LANES);
    }
  }

  void inverse(long[] values, int at) {
    toDoubles(values, at);
    int gap = 1;
    for (; gap < LANES; gap <<= 1) {
      inverseInRegisters(values, at, gap);
    }
    for (int groups = n / (2 * gap); groups >= 1; gap <<= 1, groups >>= 1) {
      for (int g = 0; g < groups; g++) {
        inverseLayer(values, at + 2 * g * gap, gap, groups + g);
      }
    }
    scale(values, at);
    toWords(values, at);
  }

  private void scale(long[] values, int at) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    DoubleVector w = DoubleVector.broadcast(D, degreeInverse);
    DoubleVector q = DoubleVector.broadcast(D, degreeInverseOverP);
    for (int i = at; i < at + n; i += LANES) {
      store(times(load(values, i), w, q, minusPrime), values, i);
    }
  }

  private void inverseLayer(long[] values, int from, int gap, int root) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    DoubleVector w = DoubleVector.broadcast(D, inverse.w[root]);
    DoubleVector q = DoubleVector.broadcast(D, inverse.overP[root]);
    for (int i = from; i < from + gap; i += LANES) {
      DoubleVector u = load(values, i);
      DoubleVector v = load(values, i + gap);
      store(reduced(u.add(v), minusPrime), values, i);
      store(times(u.sub(v), w, q, minusPrime), values, i + gap);
    }
  }

  private void inverseInRegisters(long[] values, int at, int gap) {
    DoubleVector minusPrime = DoubleVector.broadcast(D, -p);
    LongVector first = LongVector.fromArray(L, places(gap, false), 0);
    LongVector second = LongVector.fromArray(L, places(gap, true), 0);
    LongVector backLow = LongVector.fromArray(L, wayBack(gap, 0), 0);
    LongVector backHigh = LongVector.fromArray(L, wayBack(gap, LANES), 0);
    int layer = Integer.numberOfTrailingZeros(gap);
    double[] w = inverse.spread[layer];
    double[] q = inverse.spreadOverP[layer];
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = first.selectFrom(x, y).reinterpretAsDoubles();
      DoubleVector v = second.selectFrom(x, y).reinterpretAsDoubles();
      DoubleVector difference =
          times(
              u.sub(v),
              DoubleVector.fromArray(D, w, i / 2),
              DoubleVector.fromArray(D, q, i / 2),
              minusPrime);
      LongVector a = reduced(u.add(v), minusPrime).reinterpretAsLongs();
      LongVector b = difference.reinterpretAsLongs();
      backLow.selectFrom(a, b).intoArray(values, at + i);
      backHigh.selectFrom(a, b).intoArray(values, at + i + LANES);
    }
  }

  private static DoubleVector load(long[] values, int at) {
    return LongVector.fromArray(L, values, at).reinterpretAsDoubles();
  }

  private static void store(DoubleVector x, long[] values, int at) {
    x.reinterpretAsLongs().intoArray(values, at);
  }

  /** Integers below 2^52 to doubles: set beside the exponent of 2^52, then subtract 2^52. */
  static DoubleVector ofWords(LongVector x) {
    return x.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52);
  }

  /** Integers of [0, 2^52) in doubles back to words. */
  static LongVector words(DoubleVector x) {
    return x.add(TWO_52).reinterpretAsLongs().lanewise(VectorOperators.XOR, TWO_52_BITS);
  }

  static DoubleVector nearest(DoubleVector x) {
    return x.add(NEAREST).sub(NEAREST);
  }

  /** From (-p, p) to [0, p): the sign, spread over the lane, lets p's bits through or none. */
  static DoubleVector nonNegative(DoubleVector x, DoubleVector prime) {
    LongVector sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, Long.SIZE - 1);
    return x.add(sign.and(prime.reinterpretAsLongs()).reinterpretAsDoubles());
  }

  /** To [-p/2, p/2], a hair beyond where x/p rounds to a half. */
  private DoubleVector reduced(DoubleVector x, DoubleVector minusPrime) {
    return nearest(x.mul(inverseOfP)).fma(minusPrime, x);
  }

  private static DoubleVector times(
      DoubleVector y, DoubleVector w, DoubleVector overP, DoubleVector minusPrime) {
    return remainder(y, w, y.mul(w), nearest(y.mul(overP)), minusPrime);
  }

  /** y w - q p, with h = fl(y w). */
  static DoubleVector remainder(
      DoubleVector y, DoubleVector w, DoubleVector h, DoubleVector q, DoubleVector minusPrime) {
    return q.fma(minusPrime, h).add(y.fma(w, h.neg()));
  }
}
