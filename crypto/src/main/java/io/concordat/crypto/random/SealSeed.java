package io.concordat.crypto.random;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;

/**
 * The seed of everything random in one contribution. INV-15: it is hedged: system randomness and
 * the node's secret are the key, context, vector and a counter of seals begun stand in the label. A
 * repeated generator (cloned machine, restored snapshot) gives another seed as soon as any of the
 * others differs; with all equal it gives the very same contribution, which tells nobody anything
 * new.
 */
public final class SealSeed {
  private SealSeed() {}

  /** Length of a seed. */
  public static final int BYTES = HedgedSeed.BYTES;

  /**
   * @param random fresh system randomness, 32 bytes of it are taken
   * @param nodeSecret the node's own 32 bytes
   * @param vector SHA-256 of the vector as little-endian signed 64-bit words
   * @param counter how many seals this node has begun
   */
  public static byte[] derive(
      Randomness random, byte[] nodeSecret, RoundContext context, Digest vector, long counter) {
    return HedgedSeed.derive("seal", random, nodeSecret, context, vector, counter);
  }
}
