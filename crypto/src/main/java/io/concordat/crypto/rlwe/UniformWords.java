package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.random.Hkdf;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Public uniform residues that everybody expands alike: the polynomials a_b of a round, and the
 * words rho of a fingerprint. A stream is read as little-endian u64, the low 50 bits are kept,
 * words from p on are skipped: exact uniformity, and nothing here is secret, so the branch is free.
 */
final class UniformWords {
  private final byte[] key;
  private final RingKernel kernel;

  private UniformWords(byte[] secret, String label, RingKernel kernel) {
    key = Hkdf.sha512(secret, label.getBytes(StandardCharsets.US_ASCII), CounterStream.KEY_BYTES);
    this.kernel = kernel;
  }

  /** The public polynomials of a round, in the transform's domain. */
  static UniformWords ofRound(RoundContext context, RingKernel kernel) {
    return new UniformWords(context.bytes(), "a", kernel);
  }

  /** The same, expanded in plain Java. */
  static UniformWords ofRound(RoundContext context) {
    return ofRound(context, new ScalarKernel());
  }

  /** The words that a manifest's fingerprints are taken with. */
  static UniformWords ofManifest(byte[] manifestDigest, RingKernel kernel) {
    return new UniformWords(manifestDigest, "check", kernel);
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

  private static byte[] counter(int block, int primeIndex, int copy) {
    return ByteBuffer.allocate(CounterStream.IV_BYTES)
        .putInt(block)
        .putShort((short) primeIndex)
        .put((byte) copy)
        .array();
  }
}
