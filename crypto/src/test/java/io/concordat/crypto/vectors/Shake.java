package io.concordat.crypto.vectors;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/** SHAKE256 of an ASCII label as an endless stream: the inputs of the vectors' rounds. */
public final class Shake {
  private final SHAKEDigest digest = new SHAKEDigest(256);

  public Shake(String label) {
    byte[] ascii = label.getBytes(StandardCharsets.US_ASCII);
    digest.update(ascii, 0, ascii.length);
  }

  public byte[] read(int count) {
    byte[] out = new byte[count];
    digest.doOutput(out, 0, count);
    return out;
  }

  /** Uniform in [-63, 63]; then the first two are set to the bounds. */
  public void small(short[] out, int count) {
    for (int i = 0; i < count; ) {
      int b = read(1)[0] & 0xff;
      if (b < 254) {
        out[i++] = (short) (b % 127 - 63);
      }
    }
    out[0] = 63;
    if (count > 1) {
      out[1] = -63;
    }
  }

  /** Uniform mod 65521. */
  public char[] words(int count) {
    char[] out = new char[count];
    for (int i = 0; i < count; ) {
      byte[] b = read(2);
      int word = b[0] & 0xff | (b[1] & 0xff) << 8;
      if (word < 65521) {
        out[i++] = (char) word;
      }
    }
    return out;
  }
}
