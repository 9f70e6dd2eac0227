package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * A public Ed25519 key: 32 bytes, in text {@code ed25519:<base64url without padding>}.
 *
 * <p>Only canonical encodings of points in the prime-order group exist in this type. A key with a
 * small-order part would make verifiers disagree that multiply by the cofactor and those that do
 * not (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", 2020, section 3), and a log's
 * replay must have one outcome everywhere.
 */
public final class VerifyingKey implements Comparable<VerifyingKey> {
  /** Length of the key. */
  public static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;

  /** Length of a signature. */
  public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

  private static final String PREFIX = "ed25519:";
  private static final int TEXT_LENGTH = PREFIX.length() + 43;

  /**
   * Keys met lately, by their bytes. A federation has a few dozen and meets each with every
   * statement, while the check of the group's order costs more than a signature's verification.
   * Only accepted keys enter; a flood of strangers empties it and costs time, nothing else.
   */
  private static final ConcurrentHashMap<Encoded, VerifyingKey> KNOWN = new ConcurrentHashMap<>();

  private static final int MAX_KNOWN = 4096;

  /** 32 bytes that are compared by content. */
  private record Encoded(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Encoded that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  private final byte[] encoded;
  private final Ed25519.PublicPoint point;

  private VerifyingKey(byte[] encoded, Ed25519.PublicPoint point) {
    this.encoded = encoded;
    this.point = point;
  }

  /**
   * Reads 32 bytes as a key.
   *
   * @throws DecodeException if they are not a canonical point of the prime-order group
   */
  public static VerifyingKey of(byte[] encoded) throws DecodeException {
    if (encoded.length != BYTES) {
      throw new DecodeException("an Ed25519 key has " + BYTES + " bytes, not " + encoded.length);
    }
    byte[] copy = encoded.clone();
    VerifyingKey known = KNOWN.get(new Encoded(copy));
    if (known != null) {
      return known;
    }
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(copy, 0);
    if (point == null) {
      throw new DecodeException("these 32 bytes are no point of Ed25519's prime-order group");
    }
    if (KNOWN.size() >= MAX_KNOWN) {
      KNOWN.clear();
    }
    VerifyingKey key = new VerifyingKey(copy, point);
    KNOWN.put(new Encoded(copy), key);
    return key;
  }

  /** Reads the text form; only the one canonical spelling of a key is accepted. */
  public static VerifyingKey parse(String text) throws DecodeException {
    if (text.length() != TEXT_LENGTH || !text.startsWith(PREFIX)) {
      throw new DecodeException(
          "a key is \"ed25519:\" and 43 characters of base64url, not "
              + text.length()
              + " characters");
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw new DecodeException("a key is \"ed25519:\" and 43 characters of base64url", e);
    }
    VerifyingKey key = of(bytes);
    // 43 characters carry 258 bits: the last two could differ for the same key.
    if (!key.toString().equals(text)) {
      throw new DecodeException("this spelling of an Ed25519 key is not the canonical one");
    }
    return key;
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return encoded.clone();
  }

  /** Whether {@code signature} is this key's over {@code domain || bytes}. */
  public boolean verify(String domain, byte[] bytes, byte[] signature) {
    return verifyMessage(Domain.message(domain, bytes), signature);
  }

  /** Whether {@code signature} is this key's over a message of a foreign format. */
  public boolean verifyForeign(byte[] message, byte[] signature) {
    return !Domain.looksSeparated(message) && verifyMessage(message, signature);
  }

  private boolean verifyMessage(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    Digest question = GoodSignatures.question(encoded, signature, message);
    if (GoodSignatures.contain(question)) {
      return true;
    }
    boolean good = Ed25519.verify(signature, 0, point, message, 0, message.length);
    if (good) {
      GoodSignatures.add(question);
    }
    return good;
  }

  /** The short form two people read to each other over the telephone. */
  public ShortFingerprint shortFingerprint() {
    return ShortFingerprint.of(toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int compareTo(VerifyingKey other) {
    return Arrays.compareUnsigned(encoded, other.encoded);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifyingKey key && Arrays.equals(encoded, key.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(encoded);
  }
}
