package io.concordat.crypto.random;

import io.concordat.crypto.InvariantViolation;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The stream keys of one label for block after block: HKDF-Expand-SHA-512(seed, label || u32 block,
 * 32), as {@link LabelledStream#ofBlock} uses them. For one thread at a time.
 *
 * <p>Its one step of expansion is HMAC written out (RFC 2104) over arrays that are kept: a key
 * leaves nothing behind in the heap, and the two padded keys can be wiped, which those inside the
 * JDK's HMAC cannot.
 */
public final class BlockKeys {
  private static final int HASH_BYTES = 64;
  private static final int HASH_BLOCK_BYTES = 128;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final MessageDigest sha512;
  private final byte[] inner = new byte[HASH_BLOCK_BYTES];
  private final byte[] outer = new byte[HASH_BLOCK_BYTES];
  private final byte[] hash = new byte[HASH_BYTES];

  // The label, the block, and the counter 1: one step gives 64 bytes, and 32 are taken.
  private final byte[] info;
  private final int blockAt;

  /**
   * Prepares the keys of a label.
   *
   * @param seed uniform bytes, at most 128
   */
  public BlockKeys(byte[] seed, String label) {
    if (seed.length > HASH_BLOCK_BYTES) {
      throw new IllegalArgumentException("a seed has at most 128 bytes, not " + seed.length);
    }
    for (int i = 0; i < HASH_BLOCK_BYTES; i++) {
      byte key = i < seed.length ? seed[i] : 0;
      inner[i] = (byte) (key ^ INNER);
      outer[i] = (byte) (key ^ OUTER);
    }
    byte[] text = label.getBytes(StandardCharsets.US_ASCII);
    info = Arrays.copyOf(text, text.length + Integer.BYTES + 1);
    info[info.length - 1] = 1;
    blockAt = text.length;
    try {
      sha512 = MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantViolation("every Java platform has SHA-512", e);
    }
  }

  /** Writes the 32 bytes of a block's key, which the caller wipes. */
  public void key(int block, byte[] out) {
    if (out.length != CounterStream.KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + out.length);
    }
    for (int i = 0; i < Integer.BYTES; i++) {
      info[blockAt + i] = (byte) (block >>> 8 * (Integer.BYTES - 1 - i));
    }
    digest(inner, info);
    digest(outer, hash);
    System.arraycopy(hash, 0, out, 0, out.length);
    Arrays.fill(hash, (byte) 0);
  }

  /** hash = SHA-512(pad || text); the text may be the hash. */
  private void digest(byte[] pad, byte[] text) {
    sha512.update(pad);
    sha512.update(text);
    try {
      sha512.digest(hash, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new InvariantViolation("SHA-512 gives 64 bytes", e);
    }
  }

  /** Overwrites what the keys come of. */
  public void wipe() {
    Arrays.fill(inner, (byte) 0);
    Arrays.fill(outer, (byte) 0);
  }
}
