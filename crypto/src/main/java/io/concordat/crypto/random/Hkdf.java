package io.concordat.crypto.random;

import io.concordat.crypto.InvariantViolation;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-512 (RFC 5869), without salt: that is, with a salt of 64 zero bytes. */
public final class Hkdf {
  private static final String HMAC = "HmacSHA512";
  private static final int HASH_BYTES = 64;

  private Hkdf() {}

  /** Extract and expand: {@code length} bytes from input key material under a label. */
  public static byte[] sha512(byte[] inputKey, byte[] info, int length) {
    byte[] pseudoRandomKey = extract(new byte[HASH_BYTES], inputKey);
    try {
      return expand(pseudoRandomKey, info, length);
    } finally {
      Arrays.fill(pseudoRandomKey, (byte) 0);
    }
  }

  /** Extract alone: 64 uniform bytes. */
  public static byte[] extract(byte[] salt, byte[] inputKey) {
    return mac(salt).doFinal(inputKey);
  }

  /** Expand alone, from a key that is already uniform. */
  public static byte[] expand(byte[] key, byte[] info, int length) {
    if (length < 1 || length > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("HKDF gives 1 to 16320 bytes, not " + length);
    }
    Mac mac = mac(key);
    byte[] out = new byte[length];
    byte[] previous = new byte[0];
    int done = 0;
    for (int counter = 1; done < length; counter++) {
      mac.update(previous);
      mac.update(info);
      mac.update((byte) counter);
      Arrays.fill(previous, (byte) 0);
      previous = mac.doFinal();
      int step = Math.min(previous.length, length - done);
      System.arraycopy(previous, 0, out, done, step);
      done += step;
    }
    Arrays.fill(previous, (byte) 0);
    return out;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("the platform must have " + HMAC, e);
    }
  }
}
