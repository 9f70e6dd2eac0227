package io.concordat.crypto.share;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.util.Arrays;

/**
 * One share of a round key, or a sum of such shares: N numbers mod 65521. On the wire little-endian
 * 16-bit words; a word from 65521 on is refused. A share is secret and is wiped by whoever holds
 * it; a key sum is public once sent.
 */
public final class ShareVector {
  // char is Java's one unsigned 16-bit type; no text is meant.
  private final char[] words;

  private ShareVector(char[] words) {
    this.words = words;
  }

  /** The neutral element of addition. */
  public static ShareVector zero(int ringDegree) {
    return new ShareVector(new char[ringDegree]);
  }

  /** Reads exactly 2N bytes. */
  public static ShareVector decode(byte[] bytes, int ringDegree) throws DecodeException {
    if (bytes.length != 2 * ringDegree) {
      throw new DecodeException("a share has " + 2 * ringDegree + " bytes, found " + bytes.length);
    }
    char[] words = new char[ringDegree];
    for (int i = 0; i < ringDegree; i++) {
      words[i] = (char) (bytes[2 * i] & 0xff | (bytes[2 * i + 1] & 0xff) << 8);
    }
    for (int i = 0; i < ringDegree; i++) {
      if (words[i] >= ShamirSharing.PRIME) {
        Arrays.fill(words, (char) 0);
        throw new DecodeException("word " + i + " of a share is not below 65521");
      }
    }
    return new ShareVector(words);
  }

  /** The 2N bytes. */
  public byte[] encode() {
    byte[] out = new byte[2 * words.length];
    for (int i = 0; i < words.length; i++) {
      out[2 * i] = (byte) words[i];
      out[2 * i + 1] = (byte) (words[i] >>> 8);
    }
    return out;
  }

  /** N. */
  public int size() {
    return words.length;
  }

  /** One number, 0 to 65520. */
  public int word(int index) {
    return words[index];
  }

  /** Adds another vector to this one, mod 65521. */
  public void add(ShareVector other) {
    if (other.words.length != words.length) {
      throw new InvariantViolation(
          "shares of " + words.length + " and " + other.words.length + " words cannot be added");
    }
    for (int i = 0; i < words.length; i++) {
      int reduced = words[i] + other.words[i] - ShamirSharing.PRIME;
      words[i] = (char) (reduced + (ShamirSharing.PRIME & reduced >> 31));
    }
  }

  /** Overwrites the numbers with zeros. */
  public void wipe() {
    Arrays.fill(words, (char) 0);
  }
}
