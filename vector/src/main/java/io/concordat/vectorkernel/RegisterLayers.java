package io.concordat.vectorkernel;

import static io.concordat.vectorkernel.Lanes.all;
import static io.concordat.vectorkernel.Lanes.load;
import static io.concordat.vectorkernel.Lanes.loadWords;
import static io.concordat.vectorkernel.Lanes.reduced;
import static io.concordat.vectorkernel.Lanes.store;
import static io.concordat.vectorkernel.Lanes.times;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The layers of gaps below a register's width: two registers of neighbours are shuffled so that one
 * holds upper operands and the other their partners. With eight lanes all three layers happen
 * between one load and one store, spelled out as {@link VectorTransform} says; with fewer, layer
 * after layer.
 */
final class RegisterLayers {
  private static final VectorSpecies<Double> D = Lanes.D;
  private static final VectorSpecies<Long> L = Lanes.L;
  private static final int LANES = Lanes.COUNT;
  private static final int SIGN = Long.SIZE - 1;

  private final int n;
  private final double p;
  private final double inverseOfP;
  private final Roots forward;
  private final Roots inverse;

  RegisterLayers(int n, double p, Roots forward, Roots inverse) {
    this.n = n;
    this.p = p;
    this.inverseOfP = 1.0 / p;
    this.forward = forward;
    this.inverse = inverse;
  }

  /** Doubles within 2p in, words out. */
  void forward(long[] values, int at) {
    if (LANES == 8) {
      forwardThree(values, at);
      return;
    }
    for (int gap = LANES / 2; gap >= 1; gap >>= 1) {
      forwardOne(values, at, gap);
    }
    toWords(values, at);
  }

  /** Words in, doubles within p out. */
  void inverse(long[] values, int at) {
    if (LANES == 8) {
      inverseThree(values, at);
      return;
    }
    toDoubles(values, at);
    for (int gap = 1; gap < LANES; gap <<= 1) {
      inverseOne(values, at, gap);
    }
  }

  private void forwardThree(long[] values, int at) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    LongVector first4 = Places.toLayer(4, false);
    LongVector second4 = Places.toLayer(4, true);
    LongVector first2 = Places.between(4, 2, false);
    LongVector second2 = Places.between(4, 2, true);
    LongVector first1 = Places.between(2, 1, false);
    LongVector second1 = Places.between(2, 1, true);
    LongVector low = Places.back(1, false);
    LongVector high = Places.back(1, true);
    LongVector bits = prime.reinterpretAsLongs();
    DoubleVector two52 = all(Lanes.TWO_52);
    LongVector exponent = two52.reinterpretAsLongs();
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = first4.selectFrom(x, y).reinterpretAsDoubles();
      u = u.mul(over).add(near).sub(near).fma(minusPrime, u);
      DoubleVector v;
      DoubleVector w;
      DoubleVector q;
      DoubleVector h;
      v = second4.selectFrom(x, y).reinterpretAsDoubles();
      w = DoubleVector.fromArray(D, forward.spread[2], i / 2);
      q = DoubleVector.fromArray(D, forward.spreadOverP[2], i / 2);
      h = v.mul(w.neg());
      v = v.fma(w, h).sub(v.mul(q).add(near).sub(near).fma(prime, h));
      x = u.add(v).reinterpretAsLongs();
      y = u.sub(v).reinterpretAsLongs();
      u = first2.selectFrom(x, y).reinterpretAsDoubles();
      v = second2.selectFrom(x, y).reinterpretAsDoubles();
      w = DoubleVector.fromArray(D, forward.spread[1], i / 2);
      q = DoubleVector.fromArray(D, forward.spreadOverP[1], i / 2);
      h = v.mul(w.neg());
      v = v.fma(w, h).sub(v.mul(q).add(near).sub(near).fma(prime, h));
      x = u.add(v).reinterpretAsLongs();
      y = u.sub(v).reinterpretAsLongs();
      u = first1.selectFrom(x, y).reinterpretAsDoubles();
      v = second1.selectFrom(x, y).reinterpretAsDoubles();
      w = DoubleVector.fromArray(D, forward.spread[0], i / 2);
      q = DoubleVector.fromArray(D, forward.spreadOverP[0], i / 2);
      h = v.mul(w.neg());
      v = v.fma(w, h).sub(v.mul(q).add(near).sub(near).fma(prime, h));
      h = u.add(v);
      h = h.mul(over).add(near).sub(near).fma(minusPrime, h);
      x = h.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN).and(bits);
      x = h.add(x.reinterpretAsDoubles()).add(two52).reinterpretAsLongs();
      h = u.sub(v);
      h = h.mul(over).add(near).sub(near).fma(minusPrime, h);
      y = h.reinterpretAsLongs().lanewise(VectorOperators.ASHR, SIGN).and(bits);
      y = h.add(y.reinterpretAsDoubles()).add(two52).reinterpretAsLongs();
      LongVector z = low.selectFrom(x, y).lanewise(VectorOperators.XOR, exponent);
      z.intoArray(values, at + i);
      z = high.selectFrom(x, y).lanewise(VectorOperators.XOR, exponent);
      z.intoArray(values, at + i + LANES);
    }
  }

  private void inverseThree(long[] values, int at) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    LongVector first1 = Places.toLayer(1, false);
    LongVector second1 = Places.toLayer(1, true);
    LongVector first2 = Places.between(1, 2, false);
    LongVector second2 = Places.between(1, 2, true);
    LongVector first4 = Places.between(2, 4, false);
    LongVector second4 = Places.between(2, 4, true);
    LongVector low = Places.back(4, false);
    LongVector high = Places.back(4, true);
    DoubleVector two52 = all(Lanes.TWO_52);
    LongVector exponent = two52.reinterpretAsLongs();
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = first1.selectFrom(x, y).or(exponent).reinterpretAsDoubles().sub(two52);
      DoubleVector v = second1.selectFrom(x, y).or(exponent).reinterpretAsDoubles().sub(two52);
      DoubleVector w;
      DoubleVector q;
      DoubleVector h;
      h = u.add(v);
      x = h.mul(over).add(near).sub(near).fma(minusPrime, h).reinterpretAsLongs();
      u = u.sub(v);
      w = DoubleVector.fromArray(D, inverse.spread[0], i / 2);
      q = DoubleVector.fromArray(D, inverse.spreadOverP[0], i / 2);
      h = u.mul(w.neg());
      u = u.fma(w, h).sub(u.mul(q).add(near).sub(near).fma(prime, h));
      y = u.reinterpretAsLongs();
      u = first2.selectFrom(x, y).reinterpretAsDoubles();
      v = second2.selectFrom(x, y).reinterpretAsDoubles();
      h = u.add(v);
      x = h.mul(over).add(near).sub(near).fma(minusPrime, h).reinterpretAsLongs();
      u = u.sub(v);
      w = DoubleVector.fromArray(D, inverse.spread[1], i / 2);
      q = DoubleVector.fromArray(D, inverse.spreadOverP[1], i / 2);
      h = u.mul(w.neg());
      u = u.fma(w, h).sub(u.mul(q).add(near).sub(near).fma(prime, h));
      y = u.reinterpretAsLongs();
      u = first4.selectFrom(x, y).reinterpretAsDoubles();
      v = second4.selectFrom(x, y).reinterpretAsDoubles();
      h = u.add(v);
      x = h.mul(over).add(near).sub(near).fma(minusPrime, h).reinterpretAsLongs();
      u = u.sub(v);
      w = DoubleVector.fromArray(D, inverse.spread[2], i / 2);
      q = DoubleVector.fromArray(D, inverse.spreadOverP[2], i / 2);
      h = u.mul(w.neg());
      u = u.fma(w, h).sub(u.mul(q).add(near).sub(near).fma(prime, h));
      y = u.reinterpretAsLongs();
      low.selectFrom(x, y).intoArray(values, at + i);
      high.selectFrom(x, y).intoArray(values, at + i + LANES);
    }
  }

  private static DoubleVector pick(LongVector places, LongVector x, LongVector y) {
    return places.selectFrom(x, y).reinterpretAsDoubles();
  }

  private static DoubleVector timesRoots(
      DoubleVector y, Roots roots, int layer, int at, DoubleVector prime, DoubleVector near) {
    DoubleVector w = DoubleVector.fromArray(D, roots.spread[layer], at);
    DoubleVector q = DoubleVector.fromArray(D, roots.spreadOverP[layer], at);
    return times(y, w, w.neg(), q, prime, near);
  }

  private void forwardOne(long[] values, int at, int gap) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    LongVector first = Places.toLayer(gap, false);
    LongVector second = Places.toLayer(gap, true);
    LongVector low = Places.back(gap, false);
    LongVector high = Places.back(gap, true);
    int layer = Integer.numberOfTrailingZeros(gap);
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = reduced(pick(first, x, y), over, minusPrime, near);
      DoubleVector v = timesRoots(pick(second, x, y), forward, layer, i / 2, prime, near);
      x = u.add(v).reinterpretAsLongs();
      y = u.sub(v).reinterpretAsLongs();
      low.selectFrom(x, y).intoArray(values, at + i);
      high.selectFrom(x, y).intoArray(values, at + i + LANES);
    }
  }

  private void inverseOne(long[] values, int at, int gap) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    LongVector first = Places.toLayer(gap, false);
    LongVector second = Places.toLayer(gap, true);
    LongVector low = Places.back(gap, false);
    LongVector high = Places.back(gap, true);
    int layer = Integer.numberOfTrailingZeros(gap);
    for (int i = 0; i < n; i += 2 * LANES) {
      LongVector x = LongVector.fromArray(L, values, at + i);
      LongVector y = LongVector.fromArray(L, values, at + i + LANES);
      DoubleVector u = pick(first, x, y);
      DoubleVector v = pick(second, x, y);
      x = reduced(u.add(v), over, minusPrime, near).reinterpretAsLongs();
      y = timesRoots(u.sub(v), inverse, layer, i / 2, prime, near).reinterpretAsLongs();
      low.selectFrom(x, y).intoArray(values, at + i);
      high.selectFrom(x, y).intoArray(values, at + i + LANES);
    }
  }

  private void toDoubles(long[] values, int at) {
    for (int i = at; i < at + n; i += LANES) {
      store(loadWords(values, i), values, i);
    }
  }

  private void toWords(long[] values, int at) {
    DoubleVector near = all(Lanes.NEAREST);
    DoubleVector prime = all(p);
    DoubleVector minusPrime = all(-p);
    DoubleVector over = all(inverseOfP);
    for (int i = at; i < at + n; i += LANES) {
      DoubleVector x = reduced(load(values, i), over, minusPrime, near);
      Lanes.words(x, prime).intoArray(values, i);
    }
  }
}
