package io.concordat.crypto.bulk;

import io.concordat.crypto.DecodeException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value. Its text form is {@code sha256:} and 64 lower-case hex digits; its order is that
 * of the 32 bytes as unsigned numbers.
 */
public final class Digest implements Comparable<Digest> {
  /** Length of the raw form. */
  public static final int BYTES = 32;

  private static final String PREFIX = "sha256:";
  private static final HexFormat HEX = HexFormat.of();

  private final byte[] raw;

  private Digest(byte[] raw) {
    this.raw = raw;
  }

  /** Wraps 32 raw bytes (copied). */
  public static Digest of(byte[] raw) {
    if (raw.length != BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + raw.length);
    }
    return new Digest(raw.clone());
  }

  /** Reads {@code sha256:<64 lower-case hex digits>} and nothing else. */
  public static Digest parse(String text) throws DecodeException {
    if (!text.startsWith(PREFIX)) {
      throw new DecodeException("a digest must begin with sha256:");
    }
    return parseHex(text.substring(PREFIX.length()));
  }

  /** Reads 64 lower-case hex digits, as they stand in URLs. */
  public static Digest parseHex(String hex) throws DecodeException {
    if (hex.length() != 2 * BYTES) {
      throw new DecodeException("a digest must have 64 hex digits, not " + hex.length());
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        throw new DecodeException("a digest must be lower-case hex");
      }
    }
    return new Digest(HEX.parseHex(hex));
  }

  /** The 32 raw bytes, a copy. */
  public byte[] bytes() {
    return raw.clone();
  }

  /** The 64 hex digits without prefix. */
  public String hex() {
    return HEX.formatHex(raw);
  }

  @Override
  public int compareTo(Digest other) {
    return Arrays.compareUnsigned(raw, other.raw);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    return PREFIX + hex();
  }
}
