package io.concordat.crypto.share;

import io.concordat.crypto.random.LabelledStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FOUR_WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Ints, since loops over them become vector instructions.
  // higher[g][i]: coefficient of degree g + 1 of key coefficient i.
  private final int[][] higher;
  private final int[] constant;
  private final int[] values;

  private ShamirSharing(int[] constant, int[][] higher) {
    this.constant = constant;
    this.higher = higher;
    values = new int[constant.length];
  }

  /** Draws the polynomials from a stream: N coefficients of degree 1, then of degree 2, ... */
  public static ShamirSharing draw(short[] key, int threshold, LabelledStream stream) {
    requireThreshold(threshold);
    int[][] higher = new int[threshold - 1][key.length];
    WordReader words = new WordReader(stream);
    for (int[] degree : higher) {
      words.fill(degree);
    }
    words.wipe();
    return new ShamirSharing(residues(key), higher);
  }

  /** A sharing with given polynomials, {@code higher[g]} the coefficients of degree g + 1. */
  public static ShamirSharing of(short[] key, char[][] higher) {
    requireThreshold(higher.length + 1);
    int[][] copy = new int[higher.length][key.length];
    for (int g = 0; g < higher.length; g++) {
      for (int i = 0; i < key.length; i++) {
        copy[g][i] = higher[g][i];
      }
    }
    return new ShamirSharing(residues(key), copy);
  }

  /** The share of one holder, as it goes into its box. The caller wipes it. Not thread-safe. */
  public byte[] share(int position) {
    Positions.require(position);
    Arrays.fill(values, 0);
    for (int g = higher.length - 1; g >= 0; g--) {
      step(values, position, higher[g]);
    }
    step(values, position, constant);
    return encoded(values);
  }

  /**
   * values * position + more mod 65521 (Horner). The sum is below 65521 * 32 + 65521 &lt; 2^22, and
   * 2^16 = 15 mod 65521: what stands above 16 bits, below 2^6, comes down 15 times, which leaves
   * less than twice 65521.
   */
  private static void step(int[] values, int position, int[] more) {
    for (int i = 0; i < values.length; i++) {
      int wide = values[i] * position + more[i];
      int folded = (wide >>> 16) * 15 + (wide & 0xffff);
      int reduced = folded - PRIME;
      values[i] = reduced + (PRIME & reduced >> 31);
    }
  }

  private static byte[] encoded(int[] values) {
    byte[] out = new byte[2 * values.length];
    int i = 0;
    for (; i + 4 <= values.length; i += 4) {
      long low = values[i] | (long) values[i + 1] << 16;
      long high = values[i + 2] | (long) values[i + 3] << 16;
      FOUR_WORDS.set(out, 2 * i, low | high << 32);
    }
    for (; i < values.length; i++) {
      WORD.set(out, 2 * i, (short) values[i]);
    }
    return out;
  }

  /** Overwrites key and polynomials. */
  public void wipe() {
    Arrays.fill(constant, 0);
    Arrays.fill(values, 0);
    for (int[] degree : higher) {
      Arrays.fill(degree, 0);
    }
  }

  private static void requireThreshold(int threshold) {
    if (threshold < 1 || threshold > MAX_POSITION) {
      throw new IllegalArgumentException("a threshold is 1 to 32, not " + threshold);
    }
  }

  private static int[] residues(short[] key) {
    int[] out = new int[key.length];
    for (int i = 0; i < key.length; i++) {
      out[i] = key[i] + (PRIME & key[i] >> 31);
    }
    return out;
  }

  /**
   * Uniform numbers mod 65521: 16-bit words, those from 65521 on skipped. How many were skipped
   * shows in the time and says nothing of those that are kept.
   */
  private static final class WordReader {
    private final LabelledStream stream;
    private final byte[] buffer = new byte[4096];
    private int at = buffer.length;

    WordReader(LabelledStream stream) {
      this.stream = stream;
    }

    void fill(int[] out) {
      int filled = 0;
      while (filled < out.length) {
        if (at == buffer.length) {
          stream.read(buffer, 0, buffer.length);
          at = 0;
        }
        for (; at < buffer.length && filled < out.length; at += 2) {
          int word = (short) WORD.get(buffer, at) & 0xffff;
          out[filled] = word;
          filled += word - PRIME >>> 31;
        }
      }
    }

    void wipe() {
      Arrays.fill(buffer, (byte) 0);
    }
  }
}
