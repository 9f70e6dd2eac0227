package io.concordat.vectorkernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Residues as doubles, as many at once as a register has lanes (two, four or eight), and the steps
 * that transforms and products are made of.
 *
 * <p>y w mod p for integers y and |w| &lt;= p/2: h = fl(y w), l = y w - h (exact by one fused
 * step), q = the integer nearest to fl(y fl(w/p)), r = (h - q p) + l. Both sums are exact, as h, q
 * p and l are integers and |h - q p| &lt;= |r| + |l| &lt; 2^52. The quotient's roundings cost less
 * than |y| 2^-52.9 and the nearest integer 1/2, so with p &lt; 2^50 and |y| &lt;= B p: |r| &lt;=
 * (1/2 + 0.135 B) p. The nearest integer comes from adding and subtracting 1.5 * 2^52, right for
 * |q| &lt;= 2^51, which B &lt;= 4 gives (|q| &lt;= B p / 2).
 *
 * <p>No branch and no index depends on a value.
 */
final class Lanes {
  static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
  static final int COUNT = D.length();

  private static final long TWO_52_BITS = 0x4330000000000000L;

  /** Its bits are an exponent beside which an integer below 2^52 can be set. */
  static final double TWO_52 = 0x1p52;

  /** What {@link #nearest} adds and takes away again. */
  static final double NEAREST = 0x1.8p52;

  private Lanes() {}

  /** The doubles whose bits lie in an array of words. */
  static DoubleVector load(long[] values, int at) {
    return LongVector.fromArray(L, values, at).reinterpretAsDoubles();
  }

  static void store(DoubleVector x, long[] values, int at) {
    x.reinterpretAsLongs().intoArray(values, at);
  }

  static DoubleVector all(double x) {
    return DoubleVector.broadcast(D, x);
  }

  /** Integers below 2^52 to doubles: set beside the exponent of 2^52, then subtract 2^52. */
  static DoubleVector ofWords(LongVector x) {
    return x.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52);
  }

  static DoubleVector loadWords(long[] values, int at) {
    return ofWords(LongVector.fromArray(L, values, at));
  }

  /** From (-p, p) to words of [0, p): the sign, spread over the lane, lets p's bits through. */
  static LongVector words(DoubleVector x, DoubleVector prime) {
    LongVector sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, Long.SIZE - 1);
    DoubleVector y = x.add(sign.and(prime.reinterpretAsLongs()).reinterpretAsDoubles());
    return y.add(TWO_52).reinterpretAsLongs().lanewise(VectorOperators.XOR, TWO_52_BITS);
  }

  /**
   * Callers hold {@link #NEAREST} in a register: a constant at each place is work for the compiler.
   */
  static DoubleVector nearest(DoubleVector x, DoubleVector near) {
    return x.add(near).sub(near);
  }

  /** To [-p/2, p/2], a hair beyond where x/p rounds to a half. */
  static DoubleVector reduced(
      DoubleVector x, DoubleVector inverseOfP, DoubleVector minusPrime, DoubleVector near) {
    return nearest(x.mul(inverseOfP), near).fma(minusPrime, x);
  }

  /**
   * y w mod p. With -h = fl(-y w), which is as exact: l = y w + (-h), and r = l - (q p + (-h)).
   *
   * @param minusW -w, so that nothing is negated here
   * @param overP fl(w / p)
   */
  static DoubleVector times(
      DoubleVector y,
      DoubleVector w,
      DoubleVector minusW,
      DoubleVector overP,
      DoubleVector prime,
      DoubleVector near) {
    DoubleVector minusH = y.mul(minusW);
    DoubleVector q = nearest(y.mul(overP), near);
    return y.fma(w, minusH).sub(q.fma(prime, minusH));
  }

  /** x y mod p, the quotient taken from the product itself; in (-p, p). */
  static DoubleVector product(
      DoubleVector x,
      DoubleVector y,
      DoubleVector inverseOfP,
      DoubleVector minusPrime,
      DoubleVector near) {
    DoubleVector h = x.mul(y);
    DoubleVector q = nearest(h.mul(inverseOfP), near);
    return q.fma(minusPrime, h).add(x.fma(y, h.neg()));
  }
}
