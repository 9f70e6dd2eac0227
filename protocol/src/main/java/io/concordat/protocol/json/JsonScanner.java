package io.concordat.protocol.json;

import io.concordat.crypto.DecodeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the value subset from text, tolerant of white space, member order and escapes. {@link
 * CanonicalJson} compares the bytes afterwards where the canonical form is required.
 *
 * <p>Work and stack are bounded by the length of the text, which the caller bounds, and by {@link
 * CanonicalJson#MAX_DEPTH}.
 */
final class JsonScanner {
  private final String text;
  private int at;

  JsonScanner(String text) {
    this.text = text;
  }

  Object document() throws DecodeException {
    Object value = value(0);
    skipSpace();
    if (at != text.length()) {
      throw fault("expected the end of the text after the value");
    }
    return value;
  }

  private Object value(int depth) throws DecodeException {
    if (depth > CanonicalJson.MAX_DEPTH) {
      throw fault("nested deeper than " + CanonicalJson.MAX_DEPTH + " levels");
    }
    skipSpace();
    if (at == text.length()) {
      throw fault("expected a value, found the end of the text");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> throw fault("null is not a value here: leave the member out");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> integer();
      default -> throw fault("expected a value");
    };
  }

  private SortedMap<String, Object> object(int depth) throws DecodeException {
    at++;
    // String.compareTo orders by UTF-16 code units, which is RFC 8785 3.2.3's order.
    TreeMap<String, Object> members = new TreeMap<>();
    skipSpace();
    if (peek() == '}') {
      at++;
      return Collections.unmodifiableSortedMap(members);
    }
    while (true) {
      skipSpace();
      if (peek() != '"') {
        throw fault("expected a member name in quotes");
      }
      String name = string();
      skipSpace();
      expect(':');
      Object value = value(depth + 1);
      if (members.putIfAbsent(name, value) != null) {
        throw fault("member \"" + CanonicalJson.printable(name) + "\" stands twice");
      }
      skipSpace();
      if (peek() == ',') {
        at++;
      } else {
        expect('}');
        return Collections.unmodifiableSortedMap(members);
      }
    }
  }

  private List<Object> array(int depth) throws DecodeException {
    at++;
    List<Object> values = new ArrayList<>();
    skipSpace();
    if (peek() == ']') {
      at++;
      return List.of();
    }
    while (true) {
      values.add(value(depth + 1));
      skipSpace();
      if (peek() == ',') {
        at++;
      } else {
        expect(']');
        return Collections.unmodifiableList(values);
      }
    }
  }

  private String string() throws DecodeException {
    at++;
    int end = plainUntil();
    if (end < text.length() && text.charAt(end) == '"') {
      String plain = text.substring(at, end);
      at = end + 1;
      return plain;
    }
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at == text.length()) {
        throw fault("a string has no closing quote");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        break;
      } else if (c == '\\') {
        out.append(escape());
      } else if (c < 0x20) {
        throw fault("a control character stands unescaped in a string");
      } else {
        out.append(c);
      }
    }
    // Escapes can smuggle in what strict UTF-8 cannot: half of a surrogate pair.
    if (!CanonicalJson.wellFormed(out)) {
      throw fault("a string contains a lone surrogate");
    }
    return out.toString();
  }

  /** The end of the ASCII from here on that stands for itself: base64 of a sum is a long run. */
  private int plainUntil() {
    int end = at;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '"' || c == '\\' || c < 0x20 || c > 0x7e) {
        break;
      }
      end++;
    }
    return end;
  }

  private char escape() throws DecodeException {
    if (at == text.length()) {
      throw fault("a string ends within an escape");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < text.length() ? hexDigit(text.charAt(at++)) : -1;
          if (digit < 0) {
            throw fault("expected four hexadecimal digits after \\u");
          }
          unit = unit << 4 | digit;
        }
        yield (char) unit;
      }
      default -> throw fault("unknown escape in a string");
    };
  }

  /** ASCII only: Character.digit would take digits of other scripts for hexadecimal ones. */
  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
      return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  private Long integer() throws DecodeException {
    int start = at;
    boolean negative = peek() == '-';
    if (negative) {
      at++;
    }
    int first = at;
    long magnitude = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      // Checked before multiplying, so that the accumulator stays below 10 * 2^53 + 9 < 2^63.
      magnitude = magnitude * 10 + (text.charAt(at) - '0');
      if (magnitude > CanonicalJson.MAX_INTEGER) {
        throw fault("an integer is beyond 2^53 - 1: write it as a string");
      }
      at++;
    }
    if (at == first) {
      throw fault("expected a digit");
    }
    if (text.charAt(first) == '0' && at - first > 1) {
      throw fault("an integer has a leading zero");
    }
    char next = peek();
    if (next == '.' || next == 'e' || next == 'E') {
      throw fault("a number is not an integer: write decimals as strings");
    }
    if (negative && magnitude == 0) {
      at = start;
      throw fault("-0 is not an integer here");
    }
    return negative ? -magnitude : magnitude;
  }

  private Boolean word(String word, Boolean value) throws DecodeException {
    if (!text.startsWith(word, at)) {
      throw fault("expected " + word);
    }
    at += word.length();
    return value;
  }

  private void expect(char wanted) throws DecodeException {
    if (peek() != wanted) {
      throw fault("expected '" + wanted + "'");
    }
    at++;
  }

  /** The next character, or NUL at the end; NUL itself is refused wherever it could stand. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private DecodeException fault(String what) {
    return new DecodeException("JSON, character " + at + ": " + what);
  }
}
