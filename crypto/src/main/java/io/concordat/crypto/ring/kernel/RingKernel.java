package io.concordat.crypto.ring.kernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;

/**
 * The arithmetic that takes the time. Arrays are given with the index where the operands begin;
 * residues are in [0, p) going in and coming out; primes have at most 50 bits unless {@link
 * #maxPrimeBits()} says more.
 *
 * <p>Guarantees of every kernel: the same bits as the scalar one; no branch and no index that
 * depends on residues, so that keys and errors do not show in the time; thread-safe, without state
 * of its own beyond tables; ranges outside the arrays are refused with {@link
 * IndexOutOfBoundsException} before anything is written. Sources may be the destination at the same
 * index, and may not overlap it otherwise.
 */
public interface RingKernel {
  /** The name by which configuration and logs know it. */
  String name();

  /** The longest prime it takes. */
  default int maxPrimeBits() {
    return 50;
  }

  /** In place: coefficients to values, NTT(f)[i] = f(psi^(2 brv(i) + 1)). */
  void forward(NttTables tables, long[] values, int at);

  /** In place: values to coefficients, the inverse of {@link #forward}, 1/N included. */
  void inverse(NttTables tables, long[] values, int at);

  /** out = x * y, entry by entry. */
  void multiply(Modulus p, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count);

  /** sum += x * y, entry by entry. */
  void multiplyAdd(
      Modulus p, long[] x, int xAt, long[] y, int yAt, long[] sum, int sumAt, int count);

  /** sum += x, entry by entry. */
  void add(Modulus p, long[] x, int xAt, long[] sum, int sumAt, int count);

  /**
   * sum += x * factor for signed x with |x| &lt;= 2^50 and a residue as factor: packed plaintext on
   * its way into a ciphertext.
   */
  void addScaled(Modulus p, long[] x, int xAt, long factor, long[] sum, int sumAt, int count);

  /** out = the residues of small signed numbers: keys and errors. */
  void lift(Modulus p, short[] x, int xAt, long[] out, int outAt, int count);

  /** sum += small signed numbers. */
  void addSmall(Modulus p, short[] x, int xAt, long[] sum, int sumAt, int count);

  /** The inner product of x and y mod p; at most 2^26 entries. */
  long innerProduct(Modulus p, long[] x, int xAt, long[] y, int yAt, int count);

  /** Words below 2^50 to a little-endian bit string, filled with zero bits to a whole byte. */
  void packWords(long[] words, int at, int count, byte[] out, int outAt);

  /**
   * The inverse of {@link #packWords}.
   *
   * @return whether every word is below p and every fill bit zero; the words are written either way
   */
  boolean unpackWords(Modulus p, byte[] in, int inAt, long[] words, int at, int count);
}
