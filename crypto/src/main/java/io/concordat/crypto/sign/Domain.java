package io.concordat.crypto.sign;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The text a signature begins with: {@code concordat/<type>/<version>}, the type of lower-case
 * words and dashes, the version one digit.
 *
 * <p>INV-18. One digit, so that no domain is the beginning of another: the second slash ends the
 * type, and exactly one character follows. With two digits allowed, "concordat/job/1" over a file
 * beginning with "0" would be "concordat/job/10" over the rest of it, and a job's bytes are
 * anybody's choice.
 */
final class Domain {
  static final String PREFIX = "concordat/";
  private static final Pattern FORM = Pattern.compile("concordat/[a-z0-9]+(-[a-z0-9]+)*/[1-9]");
  private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

  private Domain() {}

  /** The bytes that are signed: the domain's ASCII, then the statement's. */
  static byte[] message(String domain, byte[] bytes) {
    if (!FORM.matcher(domain).matches()) {
      throw new IllegalArgumentException(
          "a signature domain is concordat/<type>/<digit>, not \"" + domain + "\"");
    }
    byte[] head = domain.getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(bytes, 0, message, head.length, bytes.length);
    return message;
  }

  /** Whether these bytes could be read as a domain-separated message. */
  static boolean looksSeparated(byte[] message) {
    if (message.length < PREFIX_BYTES.length) {
      return false;
    }
    for (int i = 0; i < PREFIX_BYTES.length; i++) {
      if (message[i] != PREFIX_BYTES[i]) {
        return false;
      }
    }
    return true;
  }
}
