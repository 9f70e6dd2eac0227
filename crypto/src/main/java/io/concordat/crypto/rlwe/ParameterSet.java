package io.concordat.crypto.rlwe;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.PrimeSearch;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A ring degree N and the primes whose product is the ciphertext modulus q.
 *
 * <p>Security of the production sets, secrets and errors of deviation 3.2 (what two honest
 * contributors leave after their sums are public, Hint-RLWE, eprint 2023/623): at least 2^191
 * classical and 2^143 quantum by the lattice estimator; the table of Bossuat et al., CiC 1(4):26,
 * Table 5.2 allows 430 bits of q for N = 16384 and 214 for N = 8192 at 128 bits classical, 322 and
 * 161 quantum, where 300 and 150 are used. The test sets are openly insecure.
 */
public final class ParameterSet {
  /** The default: q of 300 bits, 2^14 coefficients. */
  public static final ParameterSet RLWE_16384_300 =
      new ParameterSet("rlwe-16384-300", 16384, 6, 50, true);

  /** For vectors that fit one block of it: q of 150 bits, 2^13 coefficients. */
  public static final ParameterSet RLWE_8192_150 =
      new ParameterSet("rlwe-8192-150", 8192, 3, 50, true);

  /** Insecure, for tests and simulations. */
  public static final ParameterSet TEST_256_150 =
      new ParameterSet("test-256-150", 256, 3, 50, false);

  /** Insecure, with primes so small that seven of eight random words are rejected. */
  public static final ParameterSet TEST_256_94 = new ParameterSet("test-256-94", 256, 2, 47, false);

  private static final List<ParameterSet> ALL =
      List.of(RLWE_16384_300, RLWE_8192_150, TEST_256_150, TEST_256_94);

  private final String id;
  private final int ringDegree;
  private final boolean production;
  private final List<Modulus> primes;
  private final BigInteger modulus;
  private final NttTables[] tables;

  private ParameterSet(
      String id, int ringDegree, int primeCount, int primeBits, boolean production) {
    this.id = id;
    this.ringDegree = ringDegree;
    this.production = production;
    primes = PrimeSearch.largest(primeCount, primeBits, ringDegree);
    modulus =
        primes.stream()
            .map(p -> BigInteger.valueOf(p.value()))
            .reduce(BigInteger.ONE, BigInteger::multiply);
    tables = new NttTables[primeCount];
  }

  /** All sets, production sets first. */
  public static List<ParameterSet> all() {
    return ALL;
  }

  /** The set with this id, if there is one. */
  public static Optional<ParameterSet> byId(String id) {
    return ALL.stream().filter(set -> set.id.equals(id)).findFirst();
  }

  /** The ids of all sets, for messages. */
  public static String ids() {
    return ALL.stream().map(ParameterSet::id).collect(Collectors.joining(", "));
  }

  /** The name under which announcements and policies know the set. */
  public String id() {
    return id;
  }

  /** Whether real data may be summed under it; policies refuse the others. */
  public boolean production() {
    return production;
  }

  /** N, the number of coefficients of a polynomial. */
  public int ringDegree() {
    return ringDegree;
  }

  /** The primes, index 0 the largest. */
  public List<Modulus> primes() {
    return primes;
  }

  /** How many primes there are. */
  public int primeCount() {
    return primes.size();
  }

  /** q, the product of the primes. */
  public BigInteger modulus() {
    return modulus;
  }

  /** The length of q in bits. */
  public int modulusBits() {
    return modulus.bitLength();
  }

  /** The transform tables of one prime, made when first asked for. */
  public NttTables tables(int primeIndex) {
    synchronized (tables) {
      NttTables made = tables[primeIndex];
      if (made == null) {
        made = new NttTables(primes.get(primeIndex), ringDegree);
        tables[primeIndex] = made;
      }
      return made;
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
