package io.concordat.crypto.ring.kernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;

/**
 * The arithmetic that takes the time. Arrays are given with the index where the operands begin;
 * residues are in [0, p) going in and coming out; primes have at most 50 bits unless {@link
 * #maxPrimeBits()} says more.
 *
 * <p>INV-19. Guarantees of every kernel: the same bits as the scalar one; no branch and no index
 * that depends on residues, so that keys and errors do not show in the time; thread-safe, without
 * state of its own beyond tables; ranges outside the arrays are refused with {@link
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

  /**
   * sum += x_0 f_0 + x_1 f_1 + .., x_j being the {@code count} numbers from xAt + j * stride, as
   * many as there are factors; bounds as in {@link #addScaled}.
   */
  default void addScaledTerms(
      Modulus p, long[] x, int xAt, int stride, long[] factors, long[] sum, int sumAt, int count) {
    PlainLoops.checkTerms(x.length, xAt, stride, factors.length, count);
    for (int j = 0; j < factors.length; j++) {
      addScaled(p, x, xAt + j * stride, factors[j], sum, sumAt, count);
    }
  }

  /**
   * One slot of {@code count} coefficients: t = value + carry; its balanced digit of {@code width}
   * bits is added to the chunk, shifted, and the rest becomes the carry.
   *
   * @param carry the first {@code count} entries
   * @return whether every value is within [-2^62, 2^62]; beyond it carries could be lost
   */
  default boolean takeSlot(
      long[] values,
      int at,
      long[] carry,
      int width,
      long[] chunks,
      int chunkAt,
      int shift,
      int count) {
    return PlainLoops.takeSlot(values, at, carry, width, chunks, chunkAt, shift, count);
  }

  /**
   * sum += x, both packed as by {@link #packWords}; the sum is one that was checked before.
   *
   * @return whether x is in range as {@link #unpackWords} says; if not, the sum is worthless
   */
  default boolean addPacked(Modulus p, byte[] x, int xAt, byte[] sum, int sumAt, int count) {
    return PlainLoops.addPacked(this, p, x, xAt, sum, sumAt, count);
  }

  /**
   * Public uniform residues: AES-256-CTR read as little-endian u64, 50 bits of each kept, words
   * from p on skipped. Nothing here is secret.
   *
   * @param iv 16 bytes, the last 8 of them zero
   */
  default void uniform(byte[] key, byte[] iv, Modulus p, long[] out, int at, int count) {
    PlainLoops.uniform(key, iv, p, out, at, count);
  }

  /**
   * Draws of D ({@link io.concordat.crypto.random.DiscreteGaussianTable}) from AES-256-CTR with a
   * zero counter, in time that does not depend on key or draws.
   */
  default void gaussian(byte[] key, short[] out, int at, int count) {
    PlainLoops.gaussian(key, out, at, count);
  }

  /**
   * The first {@code rows} coefficients of a k: a is the public polynomial that {@link #uniform}
   * gives, k a key in the transform's domain. All N places from {@code at} on are written; what
   * comes after the rows is of no use.
   *
   * @param rows 1 to N
   */
  default void expandedProduct(
      NttTables tables, byte[] streamKey, byte[] iv, long[] key, long[] out, int at, int rows) {
    PlainLoops.checkRows(tables, key.length, out.length, at, rows);
    Modulus p = tables.modulus();
    int n = tables.degree();
    uniform(streamKey, iv, p, out, at, n);
    multiply(p, out, at, key, 0, out, at, n);
    inverse(tables, out, at);
  }

  /**
   * A run as it travels: values + errors + x_0 f_0 + x_1 f_1 + .. for the first {@code rows} of
   * each, x_j from index j * stride of the chunks on, packed as by {@link #packWords}. The values
   * may be overwritten. Without factors nothing is added to values and errors.
   */
  default void finishRun(
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
    PlainLoops.checkTerms(chunks.length, 0, stride, factors.length, rows);
    PlainLoops.checkRun(errors.length, values.length, at, rows, out.length, outAt);
    addSmall(p, errors, 0, values, at, rows);
    addScaledTerms(p, chunks, 0, stride, factors, values, at, rows);
    packWords(values, at, rows, out, outAt);
  }
}
