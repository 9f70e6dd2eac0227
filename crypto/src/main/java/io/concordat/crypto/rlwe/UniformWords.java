package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.random.Hkdf;
import io.concordat.crypto.ring.Modulus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Public uniform residues that everybody expands alike: the polynomials a_b of a round, and the
 * words rho of a fingerprint. A stream is read as little-endian u64, the low 50 bits are kept,
 * words from p on are skipped: exact uniformity, and nothing here is secret, so the branch is free.
 */
final class UniformWords {
  private static final long MASK = (1L << Layout.WORD_BITS) - 1;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BATCH_WORDS = 2048;

  private final byte[] key;
  private final byte[] buffer = new byte[BATCH_WORDS * Long.BYTES];

  private UniformWords(byte[] secret, String label) {
    key = Hkdf.sha512(secret, label.getBytes(StandardCharsets.US_ASCII), CounterStream.KEY_BYTES);
  }

  /** The public polynomials of a round, in the transform's domain. */
  static UniformWords ofRound(RoundContext context) {
    return new UniformWords(context.bytes(), "a");
  }

  /** The words that a manifest's fingerprints are taken with. */
  static UniformWords ofManifest(byte[] manifestDigest) {
    return new UniformWords(manifestDigest, "check");
  }

  /** Word 0 on of a_block for one prime. */
  void polynomial(int block, int primeIndex, Modulus p, long[] out, int at, int count) {
    fill(block, primeIndex, 0, p, out, at, count);
  }

  /** Word 0 on of rho for one block, prime and copy. */
  void check(int block, int primeIndex, int copy, Modulus p, long[] out, int at, int count) {
    fill(block, primeIndex, copy, p, out, at, count);
  }

  private void fill(int block, int primeIndex, int copy, Modulus p, long[] out, int at, int count) {
    byte[] iv =
        ByteBuffer.allocate(CounterStream.IV_BYTES)
            .putInt(block)
            .putShort((short) primeIndex)
            .put((byte) copy)
            .array();
    CounterStream stream = new CounterStream(key, iv);
    long prime = p.value();
    int kept = 0;
    while (kept < count) {
      int words = Math.min(BATCH_WORDS, Math.max(16, count - kept));
      stream.read(buffer, 0, words * Long.BYTES);
      for (int i = 0; i < words && kept < count; i++) {
        long word = (long) LONG.get(buffer, i * Long.BYTES) & MASK;
        out[at + kept] = word;
        kept += word < prime ? 1 : 0;
      }
    }
  }
}
