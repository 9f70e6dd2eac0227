package io.concordat.crypto.box;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * A key holder's public box key: ML-KEM-768's 1,184 bytes, then X25519's 32. In statements it is
 * base64url without padding; announcements name it by SHA-256.
 */
public final class BoxPublicKey {
  /** Length of the key. */
  public static final int BYTES = 1216;

  private static final int VECTOR_BYTES = 1152;
  private static final int CURVE_OFFSET = 1184;
  private static final int MODULUS = 3329;

  private final byte[] encoded;

  private BoxPublicKey(byte[] encoded) {
    this.encoded = encoded;
  }

  /**
   * Reads 1,216 bytes as a key.
   *
   * @throws DecodeException if a coefficient of the ML-KEM part is not reduced (FIPS 203 7.2), or
   *     if the X25519 part is a point of small order, with which every agreement is zero
   */
  public static BoxPublicKey of(byte[] encoded) throws DecodeException {
    if (encoded.length != BYTES) {
      throw new DecodeException("a box key has " + BYTES + " bytes, not " + encoded.length);
    }
    for (int i = 0; i < VECTOR_BYTES; i += 3) {
      int low = encoded[i] & 0xff | (encoded[i + 1] & 0x0f) << 8;
      int high = (encoded[i + 1] & 0xf0) >> 4 | (encoded[i + 2] & 0xff) << 4;
      if (low >= MODULUS || high >= MODULUS) {
        throw new DecodeException("a box key's lattice part has an unreduced coefficient");
      }
    }
    // Any clamped scalar is a multiple of the cofactor: the result is zero exactly for small order.
    byte[] scalar = new byte[X25519.SCALAR_SIZE];
    scalar[0] = 8;
    if (!X25519.calculateAgreement(
        scalar, 0, encoded, CURVE_OFFSET, new byte[X25519.POINT_SIZE], 0)) {
      throw new DecodeException("a box key's curve part is a point of small order");
    }
    return new BoxPublicKey(encoded.clone());
  }

  /** A key that was computed here from its secret, which needs no check. */
  static BoxPublicKey computed(byte[] encoded) {
    return new BoxPublicKey(encoded);
  }

  /** Reads the base64url form; only the one canonical spelling is accepted. */
  public static BoxPublicKey parse(String text) throws DecodeException {
    if (text.length() > 2 * BYTES) {
      throw new DecodeException("a box key's text is too long: " + text.length());
    }
    BoxPublicKey key;
    try {
      key = of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new DecodeException("a box key is base64url", e);
    }
    if (!key.toString().equals(text)) {
      throw new DecodeException("this spelling of a box key is not the canonical one");
    }
    return key;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return encoded.clone();
  }

  /** What an announcement names the key by. */
  public Digest digest() {
    return Digests.sha256(encoded);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BoxPublicKey key && Arrays.equals(encoded, key.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(encoded);
  }
}
