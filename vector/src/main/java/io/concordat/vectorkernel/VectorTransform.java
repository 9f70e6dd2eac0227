package io.concordat.vectorkernel;

import static io.concordat.vectorkernel.Lanes.all;
import static io.concordat.vectorkernel.Lanes.load;
import static io.concordat.vectorkernel.Lanes.loadWords;
import static io.concordat.vectorkernel.Lanes.reduced;
import static io.concordat.vectorkernel.Lanes.store;
import static io.concordat.vectorkernel.Lanes.times;

import io.concordat.crypto.ring.NttTables;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Both transforms for one prime and degree: two layers in each pass over memory (radix 4), the
 * layers of the least gaps in registers, and words become doubles, and doubles words, where the
 * first and the last pass have them in hand. Bounds are multiples of p; {@link Lanes} gives those
 * of a product.
 *
 * <p>Forward, a pass takes values within 2. The upper half is brought to 1/2 and the products are
 * within 0.77, so the first layer ends within 1.27; of these products are within 0.68 and the
 * second layer ends within 1.95. In registers three layers follow: 1.27, 1.95 and, with a product
 * within 0.77, 2.72, which is reduced before it becomes a word.
 *
 * <p>Inverse, a pass takes values within 1. Sums up to 2 are brought to 1/2, differences up to 2
 * give products within 0.77. In the second layer the reduced sums add up to 1 and differ by 1,
 * which gives products within 0.64; the products add up to 1.54, which is reduced, and differ by
 * 1.54, which gives 0.71. The last pass multiplies sums by 1/N and differences by a root times 1/N:
 * all within 0.71, and so within (-1, 1) as words ask for. In registers every sum is reduced.
 *
 * <p>Each loop is a method of its own, and the longer ones spell their steps out: in a method that
 * has grown many nodes the compiler goes on inlining the vector library's methods but none of ours,
 * and a vector that is not inlined away lands in the heap. What a step spells out is {@link
 * Lanes#reduced} (x.mul(over) ..) or {@link Lanes#times} (h = x.mul(minusW) ..).
 *
 * <p>Between passes the array holds the doubles' bits. No branch and no index depends on a value.
 */
final class VectorTransform {
  private static final VectorSpecies<Long> L = Lanes.L;
  private static final int LANES = Lanes.COUNT;
  private static final int SIGN = Long.SIZE - 1;
  private static final int INNER = Integer.numberOfTrailingZeros(LANES);

  private final int n;
  private final double p;
  private final double inverseOfP;
  private final Roots forward;
  private final Roots inverse;
  private final RegisterLayers registers;
  private final double scale;
  private final double scaledRoot;
  private final double scaledRootOverP;
  private final double scaleOverP;

  VectorTransform(NttTables tables) {
    n = tables.degree();
    long prime = tables.modulus().value();
    p = prime;
    inverseOfP = 1.0 / p;
    forward = new Roots(tables.roots(), prime);
    inverse = new Roots(tables.inverseRoots(), prime);
    registers = new RegisterLayers(n, p, forward, inverse);
    long one = tables.degreeInverse();
    scale = Roots.centred(one, prime);
    long last = tables.modulus().multiply(one, tables.inverseRoots()[1]);
    scaledRoot = Roots.centred(last, prime);
    scaledRootOverP = scaledRoot / p;
    scaleOverP = scale / p;
  }

  /** Whether transforms of this degree fill two registers, and leave a layer to memory. */
  static boolean takes(int degree) {
    return LANES >= 2 && degree >= 4 * LANES;
  }

  void forward(long[] values, int at) {
    int gap = n / 2;
    int groups = 1;
    if (outerLayers() % 2 == 1) {
      forwardLayer(values, at, gap);
      gap >>= 1;
      groups <<= 1;
    } else {
      toDoubles(values, at);
    }
    for (; gap >= 2 * LANES; gap >>= 2, groups <<= 2) {
      for (int g = 0; g < groups; g++) {
        forwardPass(values, at + 2 * g * gap, gap / 2, groups + g);
      }
    }
    registers.forward(values, at);
  }

  /** How many layers have gaps that fill registers. */
  private int outerLayers() {
    return Integer.numberOfTrailingZeros(n) - INNER;
  }

  private void toDoubles(long[] values, int at) {
    for (int i = at; i < at + n; i += LANES) {
      store(loadWords(values, i), values, i);
    }
  }

  /** The first layer, words going in. */
  private void forwardLayer(long[] values, int at, int gap) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    DoubleVector w = all(forward.w[1]);
    DoubleVector minusW = all(-forward.w[1]);
    DoubleVector q = all(forward.overP[1]);
    for (int i = at; i < at + gap; i += LANES) {
      DoubleVector u = reduced(loadWords(values, i), over, minusPrime, near);
      DoubleVector v = times(loadWords(values, i + gap), w, minusW, q, prime, near);
      store(u.add(v), values, i);
      store(u.sub(v), values, i + gap);
    }
  }

  /** Gaps 2 * quarter and quarter of one group, whose roots are root, 2 root and 2 root + 1. */
  private void forwardPass(long[] values, int from, int quarter, int root) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    DoubleVector w = all(forward.w[root]);
    DoubleVector minusW = all(-forward.w[root]);
    DoubleVector q = all(forward.overP[root]);
    DoubleVector w0 = all(forward.w[2 * root]);
    DoubleVector minusW0 = all(-forward.w[2 * root]);
    DoubleVector q0 = all(forward.overP[2 * root]);
    DoubleVector w1 = all(forward.w[2 * root + 1]);
    DoubleVector minusW1 = all(-forward.w[2 * root + 1]);
    DoubleVector q1 = all(forward.overP[2 * root + 1]);
    for (int i = from; i < from + quarter; i += LANES) {
      DoubleVector x = LongVector.fromArray(L, values, i).reinterpretAsDoubles();
      DoubleVector a = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = LongVector.fromArray(L, values, i + quarter).reinterpretAsDoubles();
      DoubleVector b = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = LongVector.fromArray(L, values, i + 2 * quarter).reinterpretAsDoubles();
      DoubleVector h = x.mul(minusW);
      DoubleVector c = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      x = LongVector.fromArray(L, values, i + 3 * quarter).reinterpretAsDoubles();
      h = x.mul(minusW);
      DoubleVector d = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      x = b.add(d);
      h = x.mul(minusW0);
      DoubleVector e = x.fma(w0, h).sub(x.mul(q0).add(near).sub(near).fma(prime, h));
      x = b.sub(d);
      h = x.mul(minusW1);
      DoubleVector f = x.fma(w1, h).sub(x.mul(q1).add(near).sub(near).fma(prime, h));
      x = a.add(c);
      x.add(e).reinterpretAsLongs().intoArray(values, i);
      x.sub(e).reinterpretAsLongs().intoArray(values, i + quarter);
      x = a.sub(c);
      x.add(f).reinterpretAsLongs().intoArray(values, i + 2 * quarter);
      x.sub(f).reinterpretAsLongs().intoArray(values, i + 3 * quarter);
    }
  }

  void inverse(long[] values, int at) {
    registers.inverse(values, at);
    int gap = LANES;
    int groups = n / (4 * gap);
    for (; groups > 1; gap <<= 2, groups >>= 2) {
      for (int g = 0; g < groups; g++) {
        inversePass(values, at + 4 * g * gap, gap, groups + g);
      }
    }
    if (groups == 1) {
      lastPass(values, at, gap);
    } else {
      lastLayer(values, at, gap);
    }
  }

  /** Gaps quarter and 2 * quarter of one group, whose roots are 2 root, 2 root + 1 and root. */
  private void inversePass(long[] values, int from, int quarter, int root) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    DoubleVector w = all(inverse.w[root]);
    DoubleVector minusW = all(-inverse.w[root]);
    DoubleVector q = all(inverse.overP[root]);
    DoubleVector w0 = all(inverse.w[2 * root]);
    DoubleVector minusW0 = all(-inverse.w[2 * root]);
    DoubleVector q0 = all(inverse.overP[2 * root]);
    DoubleVector w1 = all(inverse.w[2 * root + 1]);
    DoubleVector minusW1 = all(-inverse.w[2 * root + 1]);
    DoubleVector q1 = all(inverse.overP[2 * root + 1]);
    for (int i = from; i < from + quarter; i += LANES) {
      DoubleVector a = LongVector.fromArray(L, values, i).reinterpretAsDoubles();
      DoubleVector b = LongVector.fromArray(L, values, i + quarter).reinterpretAsDoubles();
      DoubleVector x = a.add(b);
      DoubleVector low = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = a.sub(b);
      DoubleVector h = x.mul(minusW0);
      DoubleVector e = x.fma(w0, h).sub(x.mul(q0).add(near).sub(near).fma(prime, h));
      a = LongVector.fromArray(L, values, i + 2 * quarter).reinterpretAsDoubles();
      b = LongVector.fromArray(L, values, i + 3 * quarter).reinterpretAsDoubles();
      x = a.add(b);
      DoubleVector high = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = a.sub(b);
      h = x.mul(minusW1);
      DoubleVector f = x.fma(w1, h).sub(x.mul(q1).add(near).sub(near).fma(prime, h));
      low.add(high).reinterpretAsLongs().intoArray(values, i);
      x = e.add(f);
      x = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x.reinterpretAsLongs().intoArray(values, i + quarter);
      x = low.sub(high);
      h = x.mul(minusW);
      x = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      x.reinterpretAsLongs().intoArray(values, i + 2 * quarter);
      x = e.sub(f);
      h = x.mul(minusW);
      x = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      x.reinterpretAsLongs().intoArray(values, i + 3 * quarter);
    }
  }

  /** The last two layers and 1/N; words come out. */
  private void lastPass(long[] values, int from, int quarter) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    DoubleVector one = all(scale);
    DoubleVector minusOne = all(-scale);
    DoubleVector oneOverP = all(scaleOverP);
    DoubleVector w = all(scaledRoot);
    DoubleVector minusW = all(-scaledRoot);
    DoubleVector q = all(scaledRootOverP);
    DoubleVector w0 = all(inverse.w[2]);
    DoubleVector q0 = all(inverse.overP[2]);
    DoubleVector w1 = all(inverse.w[3]);
    DoubleVector q1 = all(inverse.overP[3]);
    LongVector bits = prime.reinterpretAsLongs();
    DoubleVector two52 = all(Lanes.TWO_52);
    LongVector exponent = two52.reinterpretAsLongs();
    for (int i = from; i < from + quarter; i += LANES) {
      DoubleVector a = LongVector.fromArray(L, values, i).reinterpretAsDoubles();
      DoubleVector b = LongVector.fromArray(L, values, i + quarter).reinterpretAsDoubles();
      DoubleVector x = a.add(b);
      DoubleVector low = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = a.sub(b);
      DoubleVector h = x.mul(w0.neg());
      DoubleVector e = x.fma(w0, h).sub(x.mul(q0).add(near).sub(near).fma(prime, h));
      a = LongVector.fromArray(L, values, i + 2 * quarter).reinterpretAsDoubles();
      b = LongVector.fromArray(L, values, i + 3 * quarter).reinterpretAsDoubles();
      x = a.add(b);
      DoubleVector high = x.mul(over).add(near).sub(near).fma(minusPrime, x);
      x = a.sub(b);
      h = x.mul(w1.neg());
      DoubleVector f = x.fma(w1, h).sub(x.mul(q1).add(near).sub(near).fma(prime, h));
      LongVector sign;
      x = low.add(high);
      h = x.mul(minusOne);
      x = x.fma(one, h).sub(x.mul(oneOverP).add(near).sub(near).fma(prime, h));
      sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN);
      x = x.add(sign.and(bits).reinterpretAsDoubles()).add(two52);
      x.reinterpretAsLongs().lanewise(VectorOperators.XOR, exponent).intoArray(values, i);
      x = e.add(f);
      h = x.mul(minusOne);
      x = x.fma(one, h).sub(x.mul(oneOverP).add(near).sub(near).fma(prime, h));
      sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN);
      x = x.add(sign.and(bits).reinterpretAsDoubles()).add(two52);
      x.reinterpretAsLongs().lanewise(VectorOperators.XOR, exponent).intoArray(values, i + quarter);
      x = low.sub(high);
      h = x.mul(minusW);
      x = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN);
      x = x.add(sign.and(bits).reinterpretAsDoubles()).add(two52);
      x.reinterpretAsLongs()
          .lanewise(VectorOperators.XOR, exponent)
          .intoArray(values, i + 2 * quarter);
      x = e.sub(f);
      h = x.mul(minusW);
      x = x.fma(w, h).sub(x.mul(q).add(near).sub(near).fma(prime, h));
      sign = x.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN);
      x = x.add(sign.and(bits).reinterpretAsDoubles()).add(two52);
      x.reinterpretAsLongs()
          .lanewise(VectorOperators.XOR, exponent)
          .intoArray(values, i + 3 * quarter);
    }
  }

  /** The last layer alone and 1/N; words come out. */
  private void lastLayer(long[] values, int from, int gap) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector one = all(scale);
    DoubleVector minusOne = all(-scale);
    DoubleVector oneOverP = all(scaleOverP);
    DoubleVector w = all(scaledRoot);
    DoubleVector minusW = all(-scaledRoot);
    DoubleVector q = all(scaledRootOverP);
    for (int i = from; i < from + gap; i += LANES) {
      DoubleVector u = load(values, i);
      DoubleVector v = load(values, i + gap);
      LongVector sum = Lanes.words(times(u.add(v), one, minusOne, oneOverP, prime, near), prime);
      LongVector rest = Lanes.words(times(u.sub(v), w, minusW, q, prime, near), prime);
      sum.intoArray(values, i);
      rest.intoArray(values, i + gap);
    }
  }
}
