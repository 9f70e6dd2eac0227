package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.random.Hkdf;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Public uniform residues that everybody expands alike: the polynomials a_b of a round, and the
 * words rho of a fingerprint. A stream is read as little-endian u64, the low 50 bits are kept,
 * words from p on are skipped: exact uniformity, and nothing here is secret, so the branch is free.
 *
 * <p>For one thread at a time: the first counter block of a stream is written over the last one's.
 */
final class UniformWords {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] key;
  private final RingKernel kernel;
  private final byte[] counter = new byte[CounterStream.IV_BYTES];

  private UniformWords(byte[] key, RingKernel kernel) {
    this.key = key;
    this.kernel = kernel;
  }

  private static UniformWords of(byte[] secret, String label, RingKernel kernel) {
    byte[] info = label.getBytes(StandardCharsets.US_ASCII);
    return new UniformWords(Hkdf.sha512(secret, info, CounterStream.KEY_BYTES), kernel);
  }

  /** The same words for another thread. */
  UniformWords another() {
    return new UniformWords(key, kernel);
  }

  /** The public polynomials of a round, in the transform's domain. */
  static UniformWords ofRound(RoundContext context, RingKernel kernel) {
    return of(context.bytes(), "a", kernel);
  }

  /** The same, expanded in plain Java. */
  static UniformWords ofRound(RoundContext context) {
    return ofRound(context, new ScalarKernel());
  }

  /** The words that a manifest's fingerprints are taken with. */
  static UniformWords ofManifest(byte[] manifestDigest, RingKernel kernel) {
    return of(manifestDigest, "check", kernel);
  }

  /** The same, expanded in plain Java. */
  static UniformWords ofManifest(byte[] manifestDigest) {
    return ofManifest(manifestDigest, new ScalarKernel());
  }

  /** Word 0 on of a_block for one prime. */
  void polynomial(int block, int primeIndex, Modulus p, long[] out, int at, int count) {
    fill(block, primeIndex, 0, p, out, at, count);
  }

  /** Word 0 on of rho for one block, prime and copy. */
  void check(int block, int primeIndex, int copy, Modulus p, long[] out, int at, int count) {
    fill(block, primeIndex, copy, p, out, at, count);
  }

  /** The first coefficients of a_block times a transformed key, for one prime. */
  void polynomialTimes(
      int block, int primeIndex, NttTables tables, long[] transformed, long[] out, int rows) {
    kernel.expandedProduct(tables, key, counter(block, primeIndex, 0), transformed, out, 0, rows);
  }

  private void fill(int block, int primeIndex, int copy, Modulus p, long[] out, int at, int count) {
    kernel.uniform(key, counter(block, primeIndex, copy), p, out, at, count);
  }

  /** u32 block, u16 prime, u8 copy; the rest stays zero. */
  private byte[] counter(int block, int primeIndex, int copy) {
    INT.set(counter, 0, block);
    SHORT.set(counter, Integer.BYTES, (short) primeIndex);
    counter[Integer.BYTES + Short.BYTES] = (byte) copy;
    return counter;
  }
}
