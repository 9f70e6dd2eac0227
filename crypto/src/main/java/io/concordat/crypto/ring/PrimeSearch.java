package io.concordat.crypto.ring;

import io.concordat.crypto.InvariantViolation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the primes and roots of unity that a parameter set names by rule only. Nothing is typed in
 * that can be computed: whoever doubts a constant reruns the search.
 */
public final class PrimeSearch {
  // Enough rounds that a composite below 2^61 would pass with probability under 2^-128.
  private static final int CERTAINTY = 128;

  private PrimeSearch() {}

  /** The largest primes below 2^bits that are 1 modulo 2N, largest first. */
  public static List<Modulus> largest(int count, int bits, int ringDegree) {
    if (bits > Modulus.MAX_BITS || Integer.bitCount(ringDegree) != 1) {
      throw new IllegalArgumentException("primes have at most 61 bits, N is a power of two");
    }
    long step = 2L * ringDegree;
    List<Modulus> found = new ArrayList<>();
    for (long p = (1L << bits) - step + 1; found.size() < count; p -= step) {
      if (p < 3) {
        throw new IllegalArgumentException("not so many primes of this form below 2^" + bits);
      }
      if (BigInteger.valueOf(p).isProbablePrime(CERTAINTY)) {
        found.add(new Modulus(p));
      }
    }
    return List.copyOf(found);
  }

  /**
   * The least integer of multiplicative order 2N mod p. The elements of that order are exactly the
   * odd powers of any one of them, so trying all N finds the least.
   */
  public static long leastRoot(Modulus p, int ringDegree) {
    long root = anyRoot(p, ringDegree);
    long square = p.multiply(root, root);
    long least = root;
    long candidate = root;
    for (int i = 1; i < ringDegree; i++) {
      candidate = p.multiply(candidate, square);
      least = Math.min(least, candidate);
    }
    return least;
  }

  private static long anyRoot(Modulus p, int ringDegree) {
    long order = 2L * ringDegree;
    if ((p.value() - 1) % order != 0) {
      throw new IllegalArgumentException(p + " is not 1 mod " + order);
    }
    long cofactor = (p.value() - 1) / order;
    for (long x = 2; x < p.value(); x++) {
      long candidate = p.power(x, cofactor);
      // Order divides 2N, a power of two; it is 2N exactly if the N-th power is -1.
      if (p.power(candidate, ringDegree) == p.value() - 1) {
        return candidate;
      }
    }
    throw new InvariantViolation("a prime that is 1 mod 2N has roots of order 2N");
  }
}
