package io.concordat.crypto.random;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;

/**
 * The seed of sampling coins and privacy noise of one contribution. Fresh system randomness enters
 * it, and the digest of the records themselves: a machine cloned in between must not add the same
 * noise to other records.
 */
public final class NoiseSeed {
  private NoiseSeed() {}

  /** Length of a seed. */
  public static final int BYTES = HedgedSeed.BYTES;

  /**
   * @param random fresh system randomness, 32 bytes of it are taken
   * @param nodeSecret the node's own 32 bytes
   * @param dataset SHA-256 of the dataset as read
   * @param counter how many seals this node has begun
   */
  public static byte[] derive(
      Randomness random, byte[] nodeSecret, RoundContext context, Digest dataset, long counter) {
    return HedgedSeed.derive("dp", random, nodeSecret, context, dataset, counter);
  }
}
