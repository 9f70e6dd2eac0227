package io.concordat.crypto.ring;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Powers of psi, the least root of order 2N mod p, for the negacyclic transform NTT(f)[i] =
 * f(psi^(2 brv(i) + 1)).
 *
 * <p>Entry i of {@link #roots()} is psi^brv(i), brv reversing log2 N bits: the order in which the
 * butterflies of Longa and Naehrig (eprint 2016/504, algorithms 1 and 2) consume them. Each root W
 * comes with floor(W 2^64 / p), Shoup's quotient. The arrays are shared and must not be written.
 */
public final class NttTables {
  private final Modulus modulus;
  private final int degree;
  private final long root;
  private final long[] roots;
  private final long[] rootQuotients;
  private final long[] inverseRoots;
  private final long[] inverseRootQuotients;
  private final Supplier<long[]> shortRootQuotients;
  private final Supplier<long[]> shortInverseRootQuotients;
  private final long degreeInverse;
  private final long degreeInverseQuotient;

  public NttTables(Modulus modulus, int degree) {
    if (degree < 2 || Integer.bitCount(degree) != 1) {
      throw new IllegalArgumentException("N is a power of two from 2, not " + degree);
    }
    this.modulus = modulus;
    this.degree = degree;
    root = PrimeSearch.leastRoot(modulus, degree);
    roots = powers(root);
    inverseRoots = powers(modulus.inverse(root));
    rootQuotients = quotients(roots);
    inverseRootQuotients = quotients(inverseRoots);
    shortRootQuotients = shortened(rootQuotients);
    shortInverseRootQuotients = shortened(inverseRootQuotients);
    degreeInverse = modulus.inverse(degree);
    degreeInverseQuotient = shoupQuotient(degreeInverse, modulus.value());
  }

  /** floor(w 2^64 / p) for w below p, p below 2^61, by long division bit after bit. */
  public static long shoupQuotient(long w, long p) {
    long quotient = 0;
    long remainder = w;
    for (int bit = 0; bit < 64; bit++) {
      remainder <<= 1;
      quotient <<= 1;
      if (remainder >= p) {
        remainder -= p;
        quotient |= 1;
      }
    }
    return quotient;
  }

  /** The prime. */
  public Modulus modulus() {
    return modulus;
  }

  /** N. */
  public int degree() {
    return degree;
  }

  /** psi. */
  public long root() {
    return root;
  }

  /** psi^brv(i). */
  public long[] roots() {
    return roots;
  }

  /** Shoup's quotients of {@link #roots()}. */
  public long[] rootQuotients() {
    return rootQuotients;
  }

  /** psi^-brv(i). */
  public long[] inverseRoots() {
    return inverseRoots;
  }

  /** Shoup's quotients of {@link #inverseRoots()}. */
  public long[] inverseRootQuotients() {
    return inverseRootQuotients;
  }

  /** floor(W 2^52 / p) for {@link #roots()}, for multipliers of 52 bits. */
  public long[] shortRootQuotients() {
    return shortRootQuotients.get();
  }

  /** floor(W 2^52 / p) for {@link #inverseRoots()}. */
  public long[] shortInverseRootQuotients() {
    return shortInverseRootQuotients.get();
  }

  /** 1/N mod p. */
  public long degreeInverse() {
    return degreeInverse;
  }

  /** Shoup's quotient of {@link #degreeInverse()}. */
  public long degreeInverseQuotient() {
    return degreeInverseQuotient;
  }

  /** Made when first asked for; two threads at once make the same. */
  private static Supplier<long[]> shortened(long[] quotients) {
    AtomicReference<long @Nullable []> made = new AtomicReference<>();
    return () -> {
      long[] out = made.get();
      if (out == null) {
        out = new long[quotients.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = quotients[i] >>> (Long.SIZE - 52);
        }
        made.set(out);
      }
      return out;
    };
  }

  private long[] powers(long base) {
    int bits = Integer.numberOfTrailingZeros(degree);
    long[] out = new long[degree];
    long power = 1;
    for (int i = 0; i < degree; i++) {
      out[Integer.reverse(i) >>> (32 - bits)] = power;
      power = modulus.multiply(power, base);
    }
    return out;
  }

  private long[] quotients(long[] values) {
    long[] out = new long[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = shoupQuotient(values[i], modulus.value());
    }
    return out;
  }
}
