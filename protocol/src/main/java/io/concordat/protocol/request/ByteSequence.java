package io.concordat.protocol.request;

import io.concordat.crypto.DecodeException;
import java.util.Base64;

/** A dictionary with one byte sequence (RFC 8941 3.3.5): {@code label=:base64:}. */
final class ByteSequence {
  private ByteSequence() {}

  static String write(String label, byte[] bytes) {
    return label + "=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  static byte[] read(String label, String field, int length) throws DecodeException {
    String text = field.strip();
    int from = label.length() + 2;
    if (!text.startsWith(label + "=:") || !text.endsWith(":") || text.length() <= from) {
      throw new DecodeException("expected " + label + "=:base64: and nothing else");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.substring(from, text.length() - 1));
    } catch (IllegalArgumentException e) {
      throw new DecodeException(label + ": not base64", e);
    }
    if (bytes.length != length || !write(label, bytes).equals(text)) {
      throw new DecodeException(
          label + ": expected " + length + " bytes in canonical base64, found " + bytes.length);
    }
    return bytes;
  }
}
