package io.concordat.aggregator.home;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A person's bearer token: {@code cct_} and 256 random bits.
 *
 * <p>Only its SHA-256 is stored. A plain hash is enough here: there is nothing to guess in 256
 * uniform bits, so a slow password hash would only slow the server down. The prefix lets secret
 * scanners find a leaked one.
 */
public final class TokenText {
  public static final String PREFIX = "cct_";
  private static final int SECRET_BYTES = 32;

  private TokenText() {}

  /** Text of a new token over 32 bytes that the caller drew from its source of randomness. */
  public static String of(byte[] random) {
    if (random.length != SECRET_BYTES) {
      throw new IllegalArgumentException("a token has 32 random bytes, not " + random.length);
    }
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Lower-case hex of SHA-256 over the text, as it is stored. */
  public static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
