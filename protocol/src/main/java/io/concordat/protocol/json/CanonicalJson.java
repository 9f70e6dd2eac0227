package io.concordat.protocol.json;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Canonical JSON (RFC 8785) over maps, lists, strings, booleans and integers of magnitude at most
 * 2^53 - 1.
 *
 * <p>Values are {@code Map<String, ?>}, {@code List<?>}, {@code String}, {@code Long} (an {@code
 * Integer} is accepted when writing) and {@code Boolean}. Within this set RFC 8785's difficult
 * part, the printing of doubles, does not occur: what remains is the order of members by UTF-16
 * code units, the shortest escapes, and UTF-8.
 */
public final class CanonicalJson {
  /** Largest magnitude that every JSON reader holds exactly (RFC 8785 3.2.2.3). */
  public static final long MAX_INTEGER = (1L << 53) - 1;

  /** Deepest nesting read or written: far above any statement, far below the stack. */
  public static final int MAX_DEPTH = 32;

  /** Longest text read: a manifest of 500 silos is about a tenth of it. */
  public static final int MAX_BYTES = 1 << 20;

  private static final char REPLACEMENT = '\uFFFD';

  private CanonicalJson() {}

  /**
   * Parses bytes that must be canonical.
   *
   * @throws DecodeException if the bytes are not UTF-8, not JSON, outside the value set, longer
   *     than {@link #MAX_BYTES}, or not the canonical form of what they say
   */
  public static Object parse(byte[] bytes) throws DecodeException {
    Object value = read(bytes);
    // INV-17. The comparison, not a list of rules, decides what canonical is: order, spaces,
    // escapes.
    if (!Arrays.equals(write(value), bytes)) {
      throw new DecodeException("JSON is not in canonical form (RFC 8785)");
    }
    return value;
  }

  /** Parses canonical bytes whose outermost value is an object. */
  public static JsonObject parseObject(byte[] bytes) throws DecodeException {
    return asObject(parse(bytes));
  }

  /**
   * Reads JSON of the same value set in any layout: white space, member order and escapes are free.
   * For requests and files, never for what a signature covers.
   */
  public static Object read(byte[] bytes) throws DecodeException {
    return read(bytes, MAX_BYTES);
  }

  private static Object read(byte[] bytes, int most) throws DecodeException {
    if (bytes.length > most) {
      throw new DecodeException("JSON is longer than " + most + " bytes");
    }
    return new JsonScanner(decode(bytes)).document();
  }

  /** {@link #read} for an outermost object. */
  public static JsonObject readObject(byte[] bytes) throws DecodeException {
    return asObject(read(bytes));
  }

  /**
   * {@link #readObject(byte[])} for what holds many statements and is none itself.
   *
   * @param most longest text read, argued where it is given
   */
  public static JsonObject readObject(byte[] bytes, int most) throws DecodeException {
    return asObject(read(bytes, most));
  }

  /**
   * The canonical bytes of a value.
   *
   * @throws InvariantViolation if our own code passes something outside the value set
   */
  public static byte[] write(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value, 0);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject asObject(Object value) throws DecodeException {
    if (value instanceof Map<?, ?>) {
      return JsonObject.ofParsed("", value);
    }
    throw new DecodeException("expected a JSON object");
  }

  private static String decode(byte[] bytes) throws DecodeException {
    String lenient = new String(bytes, StandardCharsets.UTF_8);
    if (lenient.indexOf(REPLACEMENT) < 0) {
      // Whatever is not UTF-8 would have left its mark.
      return lenient;
    }
    try {
      // A byte order mark stays in the text as U+FEFF and is refused there: no value begins so.
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("JSON is not well-formed UTF-8");
    }
  }

  private static void append(StringBuilder out, Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvariantViolation("JSON nested deeper than " + MAX_DEPTH);
    }
    switch (value) {
      case Map<?, ?> map -> appendObject(out, map, depth);
      case List<?> list -> {
        out.append('[');
        String separator = "";
        for (Object element : list) {
          out.append(separator);
          append(out, element, depth + 1);
          separator = ",";
        }
        out.append(']');
      }
      case String string -> appendString(out, string);
      case Boolean bool -> out.append(bool.booleanValue());
      case Long number -> appendInteger(out, number);
      case Integer number -> appendInteger(out, number);
      case JsonObject object -> appendObject(out, object.members(), depth);
      default ->
          throw new InvariantViolation("not a JSON value here: " + value.getClass().getName());
    }
  }

  private static void appendObject(StringBuilder out, Map<?, ?> map, int depth) {
    // What JsonObject and JsonScanner make is in order already.
    boolean inOrder = map instanceof SortedMap<?, ?> sorted && sorted.comparator() == null;
    Map<?, ?> ordered = inOrder ? map : new TreeMap<Object, Object>(map);
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> member : ordered.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw new InvariantViolation("a JSON member name must be a string");
      }
      out.append(separator);
      appendString(out, name);
      out.append(':');
      append(out, member.getValue(), depth + 1);
      separator = ",";
    }
    out.append('}');
  }

  private static void appendInteger(StringBuilder out, long number) {
    if (number > MAX_INTEGER || number < -MAX_INTEGER) {
      throw new InvariantViolation("integer beyond 2^53 - 1 must be written as a string");
    }
    out.append(number);
  }

  private static void appendString(StringBuilder out, String string) {
    out.append('"');
    if (plain(string)) {
      out.append(string).append('"');
      return;
    }
    if (!wellFormed(string)) {
      throw new InvariantViolation("a string with a lone surrogate has no UTF-8 form");
    }
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(c < 0x10 ? '0' : '1')
                .append("0123456789abcdef".charAt(c & 15));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /**
   * Whether all is ASCII that needs no escape: base64 of a ciphertext is half a million characters.
   */
  private static boolean plain(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  static boolean wellFormed(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** At most 64 characters, controls replaced: for naming hostile text in an error. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(64)
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == '"' ? '?' : c));
    return text.length() > 64 ? out.append("...").toString() : out.toString();
  }
}
