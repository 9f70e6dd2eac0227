package io.concordat.protocol.job;

import io.concordat.crypto.random.Randomness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The field that makes each submission a job of its own. */
public final class JobNonce {
  private static final int BYTES = 16;

  private JobNonce() {}

  /** 16 to 64 characters of base64url. */
  public static boolean isNonce(String text) {
    return text.length() >= 16 && text.length() <= 64 && text.matches("[A-Za-z0-9_-]+");
  }

  /**
   * The file with a fresh nonce, for one that has none: in front, so that neither the end of the
   * file nor its layout matters. A file that begins with a brace gets it as JSON.
   */
  public static byte[] add(byte[] file, Randomness randomness) {
    byte[] random = new byte[BYTES];
    randomness.fill(random);
    String nonce = "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\"";
    String text = new String(file, StandardCharsets.UTF_8);
    int brace = text.length() - text.stripLeading().length();
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 64);
    if (brace < text.length() && text.charAt(brace) == '{') {
      // Only ASCII white space can stand before: offsets in characters are offsets in bytes.
      out.write(file, 0, brace + 1);
      out.writeBytes(ascii("\"nonce\": " + nonce + ", "));
      out.write(file, brace + 1, file.length - brace - 1);
    } else if (text.startsWith("---")) {
      int line = text.indexOf('\n') + 1;
      out.write(file, 0, line);
      out.writeBytes(ascii("nonce: " + nonce + "\n"));
      out.write(file, line, file.length - line);
    } else {
      out.writeBytes(ascii("nonce: " + nonce + "\n"));
      out.writeBytes(file);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
