package io.concordat.crypto.rlwe;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.util.List;

/**
 * The key sum that passed key bound and check block, and whose answers gave it. It is public: for
 * members and auditors, who recompute the opening with it.
 */
public final class OpenedKey {
  private final short[] keySum;
  private final List<Integer> positions;
  private final List<Integer> offPolynomial;

  OpenedKey(short[] keySum, List<Integer> positions, List<Integer> offPolynomial) {
    this.keySum = keySum;
    this.positions = List.copyOf(positions);
    this.offPolynomial = List.copyOf(offPolynomial);
  }

  /** K, N numbers within 63 times the cohort; a copy. */
  public short[] keySum() {
    return keySum.clone();
  }

  /** The positions of the t answers that gave it, ascending. */
  public List<Integer> positions() {
    return positions;
  }

  /**
   * Other answers that do not lie on the same polynomials: their holders, or dealers, lied. Which
   * of them stays open.
   */
  public List<Integer> offPolynomial() {
    return offPolynomial;
  }

  /** SHA-256 over K as little-endian signed 16-bit words. */
  public Digest digest() {
    byte[] words = new byte[2 * keySum.length];
    for (int i = 0; i < keySum.length; i++) {
      words[2 * i] = (byte) keySum[i];
      words[2 * i + 1] = (byte) (keySum[i] >> 8);
    }
    return Digests.sha256(words);
  }
}
