package io.concordat.crypto.share;

import io.concordat.crypto.random.LabelledStream;
import java.util.Arrays;

/**
 * The sharing of one round key: for each coefficient k[i] a polynomial of degree t-1 over the
 * integers mod 65521 with constant term k[i], evaluated at holders' positions (Shamir, CACM 22(11),
 * 1979). Positions are 1 to 32; the constant term is at 0, which no holder has.
 *
 * <p>INV-11. The field is small enough for 16-bit words and large enough for sums: at most 500 keys
 * within [-63, 63] add up to at most 31,500 &lt; 65521/2, so the centred residue of an interpolated
 * sum is the sum itself.
 */
public final class ShamirSharing {
  /** The field's size, the largest prime below 2^16. */
  public static final int PRIME = 65521;

  /** No policy names more holders. */
  public static final int MAX_POSITION = 32;

  // higher[g][i]: coefficient of degree g + 1 of key coefficient i.
  private final char[][] higher;
  private final char[] constant;

  private ShamirSharing(char[] constant, char[][] higher) {
    this.constant = constant;
    this.higher = higher;
  }

  /** Draws the polynomials from a stream: N coefficients of degree 1, then of degree 2, ... */
  public static ShamirSharing draw(short[] key, int threshold, LabelledStream stream) {
    requireThreshold(threshold);
    char[][] higher = new char[threshold - 1][key.length];
    WordReader words = new WordReader(stream);
    for (char[] degree : higher) {
      words.fill(degree);
    }
    words.wipe();
    return new ShamirSharing(residues(key), higher);
  }

  /** A sharing with given polynomials, {@code higher[g]} the coefficients of degree g + 1. */
  public static ShamirSharing of(short[] key, char[][] higher) {
    requireThreshold(higher.length + 1);
    char[][] copy = new char[higher.length][];
    for (int g = 0; g < higher.length; g++) {
      copy[g] = higher[g].clone();
    }
    return new ShamirSharing(residues(key), copy);
  }

  /** The share of one holder, as it goes into its box. The caller wipes it. */
  public byte[] share(int position) {
    Positions.require(position);
    byte[] out = new byte[2 * constant.length];
    for (int i = 0; i < constant.length; i++) {
      int value = 0;
      for (int g = higher.length - 1; g >= 0; g--) {
        // Below 65521 * 32 + 65521 < 2^22; the remainder by a constant is a multiplication.
        value = (value * position + higher[g][i]) % PRIME;
      }
      value = (value * position + constant[i]) % PRIME;
      out[2 * i] = (byte) value;
      out[2 * i + 1] = (byte) (value >>> 8);
    }
    return out;
  }

  /** Overwrites key and polynomials. */
  public void wipe() {
    Arrays.fill(constant, (char) 0);
    for (char[] degree : higher) {
      Arrays.fill(degree, (char) 0);
    }
  }

  private static void requireThreshold(int threshold) {
    if (threshold < 1 || threshold > MAX_POSITION) {
      throw new IllegalArgumentException("a threshold is 1 to 32, not " + threshold);
    }
  }

  private static char[] residues(short[] key) {
    char[] out = new char[key.length];
    for (int i = 0; i < key.length; i++) {
      out[i] = (char) (key[i] + (PRIME & key[i] >> 31));
    }
    return out;
  }

  /**
   * Uniform numbers mod 65521: 16-bit words, those from 65521 on skipped. Which words are skipped
   * shows in the time and says nothing of those that are kept.
   */
  private static final class WordReader {
    private final LabelledStream stream;
    private final byte[] buffer = new byte[4096];
    private int at = buffer.length;

    WordReader(LabelledStream stream) {
      this.stream = stream;
    }

    void fill(char[] out) {
      for (int i = 0; i < out.length; ) {
        if (at == buffer.length) {
          stream.read(buffer, 0, buffer.length);
          at = 0;
        }
        int word = buffer[at] & 0xff | (buffer[at + 1] & 0xff) << 8;
        at += 2;
        if (word < PRIME) {
          out[i++] = (char) word;
        }
      }
    }

    void wipe() {
      Arrays.fill(buffer, (byte) 0);
    }
  }
}
