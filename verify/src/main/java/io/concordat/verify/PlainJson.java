package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON with fractions, for released documents. Statements never have them and are read by the
 * canonical reader of module protocol.
 *
 * <p>Objects become maps, arrays lists, numbers doubles; {@code null} and duplicate members are
 * refused.
 */
final class PlainJson {
  private static final int MAX_DEPTH = 32;
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";

  private final String text;
  private int at;

  private PlainJson(String text) {
    this.text = text;
  }

  static Map<?, ?> readObject(byte[] bytes) throws DecodeException {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("not UTF-8", e);
    }
    PlainJson reader = new PlainJson(text);
    Object value = reader.value(0);
    reader.space();
    if (reader.at != text.length() || !(value instanceof Map<?, ?> object)) {
      throw reader.fault("expected one object");
    }
    return object;
  }

  private Object value(int depth) throws DecodeException {
    space();
    if (depth > MAX_DEPTH || at == text.length()) {
      throw fault("expected a value nested at most " + MAX_DEPTH + " deep");
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) throws DecodeException {
    Map<String, Object> out = new LinkedHashMap<>();
    at++;
    space();
    if (take('}')) {
      return out;
    }
    do {
      space();
      String name = string();
      space();
      expect(':');
      if (out.put(name, value(depth + 1)) != null) {
        throw fault("member " + name + " stands twice");
      }
      space();
    } while (take(','));
    expect('}');
    return out;
  }

  private List<Object> array(int depth) throws DecodeException {
    List<Object> out = new ArrayList<>();
    at++;
    space();
    if (take(']')) {
      return out;
    }
    do {
      out.add(value(depth + 1));
      space();
    } while (take(','));
    expect(']');
    return out;
  }

  private String string() throws DecodeException {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) {
        throw fault("a control character in a string");
      }
      out.append(c == '\\' ? escaped() : c);
    }
    expect('"');
    return out.toString();
  }

  private char escaped() throws DecodeException {
    if (at == text.length()) {
      throw fault("the text ends in a string");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw fault("expected four hex digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw fault("unknown escape");
    };
  }

  private Object word(String word, boolean value) throws DecodeException {
    if (!text.startsWith(word, at)) {
      throw fault("expected " + word);
    }
    at += word.length();
    return value;
  }

  private Double number() throws DecodeException {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, at);
    if (digits.length() > 40 || !digits.matches(NUMBER)) {
      throw fault("expected a value");
    }
    return Double.valueOf(digits);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) throws DecodeException {
    if (!take(c)) {
      throw fault("expected " + c);
    }
  }

  private DecodeException fault(String what) {
    return new DecodeException("character " + at + ": " + what);
  }
}
