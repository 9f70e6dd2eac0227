package io.concordat.crypto.bulk;

import io.concordat.crypto.InvariantViolation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 and SHA-512 of byte strings. */
public final class Digests {
  private Digests() {}

  /** SHA-256 of the concatenation of the parts. */
  public static Digest sha256(byte[]... parts) {
    MessageDigest hash = newSha256();
    for (byte[] part : parts) {
      hash.update(part);
    }
    return finish(hash);
  }

  /** SHA-256 of the UTF-8 bytes of a text. */
  public static Digest sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-512 of the concatenation of the parts, 64 bytes. */
  public static byte[] sha512(byte[]... parts) {
    MessageDigest hash = algorithm("SHA-512");
    for (byte[] part : parts) {
      hash.update(part);
    }
    return hash.digest();
  }

  /** A fresh SHA-256 computation for streamed input. */
  public static MessageDigest newSha256() {
    return algorithm("SHA-256");
  }

  /** Ends a computation begun with {@link #newSha256()}. */
  public static Digest finish(MessageDigest hash) {
    return Digest.of(hash.digest());
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantViolation("every Java platform has " + name, e);
    }
  }
}
