package io.concordat.crypto.random;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * HKDF-SHA-512(32 fresh bytes || 32 bytes of node secret, purpose || context || digest || u64
 * counter), 64 bytes.
 */
final class HedgedSeed {
  static final int BYTES = 64;

  private static final int SECRET_BYTES = 32;

  private HedgedSeed() {}

  static byte[] derive(
      String purpose,
      Randomness random,
      byte[] nodeSecret,
      RoundContext context,
      Digest what,
      long counter) {
    if (nodeSecret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("a node secret has 32 bytes, not " + nodeSecret.length);
    }
    byte[] fresh = random.bytes(SECRET_BYTES);
    byte[] key = Arrays.copyOf(fresh, 2 * SECRET_BYTES);
    System.arraycopy(nodeSecret, 0, key, SECRET_BYTES, SECRET_BYTES);
    byte[] label = purpose.getBytes(StandardCharsets.US_ASCII);
    byte[] info =
        ByteBuffer.allocate(label.length + RoundContext.BYTES + Digest.BYTES + Long.BYTES)
            .put(label)
            .put(context.bytes())
            .put(what.bytes())
            .putLong(counter)
            .array();
    try {
      return Hkdf.sha512(key, info, BYTES);
    } finally {
      Arrays.fill(fresh, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }
}
