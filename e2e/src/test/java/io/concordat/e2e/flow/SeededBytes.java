package io.concordat.e2e.flow;

import io.concordat.crypto.random.Randomness;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The same bytes for the same seed, for two federations that shall have the same keys. Only tests
 * have it: no program takes a seed.
 */
final class SeededBytes implements Randomness {
  private final byte[] seed;
  private long blocks;

  SeededBytes(long seed) {
    this.seed = Long.toString(seed).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  @Override
  public void fill(byte[] out) {
    int at = 0;
    while (at < out.length) {
      byte[] block = block(blocks++);
      int length = Math.min(block.length, out.length - at);
      System.arraycopy(block, 0, out, at, length);
      Arrays.fill(block, (byte) 0);
      at += length;
    }
  }

  private byte[] block(long index) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(seed);
      return digest.digest(
          Long.toString(index).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
