package io.concordat.crypto.random;

import io.concordat.crypto.InvariantViolation;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The key stream of AES-256-CTR from a given key and first counter block. Not thread-safe. */
public final class CounterStream {
  /** Length of key. */
  public static final int KEY_BYTES = 32;

  /** Length of the first counter block. */
  public static final int IV_BYTES = 16;

  // The key stream is the encryption of zeros; this array is only ever read.
  private static final byte[] ZEROS = new byte[1 << 14];

  private final Cipher cipher;

  public CounterStream(byte[] key, byte[] iv) {
    if (key.length != KEY_BYTES || iv.length != IV_BYTES) {
      throw new IllegalArgumentException("AES-256-CTR takes 32 bytes of key and 16 of counter");
    }
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("the platform must have AES-256-CTR", e);
    }
  }

  /** The next {@code count} bytes of the stream. */
  public void read(byte[] out, int offset, int count) {
    int done = 0;
    while (done < count) {
      int step = Math.min(count - done, ZEROS.length);
      try {
        int made = cipher.update(ZEROS, 0, step, out, offset + done);
        if (made != step) {
          throw new InvariantViolation("CTR mode held back " + (step - made) + " bytes");
        }
      } catch (ShortBufferException e) {
        throw new InvariantViolation("the output range was checked by its caller", e);
      }
      done += step;
    }
  }

  /** The next {@code count} bytes of the stream in a new array. */
  public byte[] read(int count) {
    byte[] out = new byte[count];
    read(out, 0, count);
    return out;
  }
}
