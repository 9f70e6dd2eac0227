package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a contribution is bound to: SHA-512("concordat/round/1" || announcement). Whoever holds
 * another announcement has other public polynomials, and sums across them are unreadable.
 */
public final class RoundContext {
  /** Length of the raw form. */
  public static final int BYTES = 64;

  /** The signature domain of announcements, which also separates this hash from every other. */
  public static final String DOMAIN = "concordat/round/1";

  private static final String PREFIX = "sha512:";

  private final byte[] raw;
  private final String text;

  private RoundContext(byte[] raw) {
    this.raw = raw;
    this.text = PREFIX + HexFormat.of().formatHex(raw);
  }

  /** The context of an announcement, given the very bytes that were signed. */
  public static RoundContext of(byte[] announcement) {
    return new RoundContext(
        Digests.sha512(DOMAIN.getBytes(StandardCharsets.US_ASCII), announcement));
  }

  /** Reads {@code sha512:<128 lower-case hex digits>} and nothing else. */
  public static RoundContext parse(String text) throws DecodeException {
    if (!text.matches("sha512:[0-9a-f]{128}")) {
      throw new DecodeException("a context is sha512: and 128 lower-case hex digits");
    }
    return new RoundContext(HexFormat.of().parseHex(text.substring(PREFIX.length())));
  }

  /** The 64 raw bytes, a copy. */
  public byte[] bytes() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoundContext that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    // The bytes are a hash already.
    return raw[0] << 24 | (raw[1] & 0xff) << 16 | (raw[2] & 0xff) << 8 | raw[3] & 0xff;
  }

  @Override
  public String toString() {
    return text;
  }
}
