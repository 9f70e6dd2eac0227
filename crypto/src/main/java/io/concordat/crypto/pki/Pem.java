package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Textual encoding of DER (RFC 7468), read strictly: other labels and broken base64 are refused.
 */
final class Pem {
  /** A federation's trust list has a handful of certificates; a mebibyte holds hundreds. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private Pem() {}

  static String write(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** Every block of the text; lines outside blocks are explanatory text and ignored. */
  static List<byte[]> read(String label, String text) throws DecodeException {
    if (text.length() > MAX_CHARACTERS) {
      throw new DecodeException(
          "a PEM text has at most " + MAX_CHARACTERS + " characters, not " + text.length());
    }
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<byte[]> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    boolean inside = false;
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (!inside) {
        if (line.equals(begin)) {
          inside = true;
          block.setLength(0);
        } else if (line.startsWith("-----")) {
          throw new DecodeException("line " + number + ": expected \"" + begin + "\"");
        }
      } else if (line.equals(end)) {
        inside = false;
        blocks.add(decode(block.toString(), number));
      } else {
        block.append(line);
      }
    }
    if (inside) {
      throw new DecodeException("no \"" + end + "\" before the text ends");
    }
    return blocks;
  }

  private static byte[] decode(String base64, int lastLine) throws DecodeException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new DecodeException("the block that ends in line " + lastLine + " is no base64", e);
    }
  }
}
