package io.concordat.audit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The few text encodings of the log formats, each with exactly one accepted spelling per value.
 *
 * <p>Two spellings of one value would let two parties hold different bytes and both believe them
 * equal, so leading zeros, loose base64 padding and ill-formed UTF-8 are errors, not variants.
 */
public final class StrictText {
  private StrictText() {}

  /** Decimal without sign or leading zeros, at most 2^63 - 1. */
  public static long decimal(String digits, String what) throws LogFormatException {
    boolean form = !digits.isEmpty() && digits.length() <= 19;
    for (int i = 0; form && i < digits.length(); i++) {
      form = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!form || (digits.length() > 1 && digits.charAt(0) == '0')) {
      throw new LogFormatException(what + ": expected a decimal number without leading zeros");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new LogFormatException(what + ": the number exceeds 2^63 - 1");
    }
  }

  /** Standard base64 with padding, whose unused bits are zero. */
  public static byte[] base64(String text, String what) throws LogFormatException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new LogFormatException(what + ": expected standard base64");
    }
    // The JDK's decoder forgives missing padding and stray low bits; encoding again does not.
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new LogFormatException(what + ": base64 is not in its one canonical spelling");
    }
    return bytes;
  }

  /** Well-formed UTF-8 only. */
  public static String utf8(byte[] bytes, String what) throws LogFormatException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new LogFormatException(what + ": expected UTF-8");
    }
  }

  /** UTF-8 of a string without lone surrogates. */
  public static byte[] utf8(String text, String what) throws LogFormatException {
    try {
      ByteBuffer out =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[out.remaining()];
      out.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new LogFormatException(what + ": expected Unicode text");
    }
  }
}
