package io.concordat.protocol.request;

import io.concordat.crypto.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One member of a {@code Signature-Input} field: what is covered and under which parameters (RFC
 * 9421 4.1).
 *
 * <p>The reader takes the structured fields of RFC 8941 as far as this member needs them: an inner
 * list of strings without parameters of their own, and parameters that are integers or strings. One
 * signature a request; more members are refused, and so is every spelling that {@link #text} would
 * not give back, so no two texts mean the same signature.
 *
 * @param label the member's key
 * @param components names of covered components, in the order of the signature base
 * @param parameters integers as {@code Long}, others as {@code String}, in order
 */
public record SignatureInput(
    String label, List<String> components, Map<String, Object> parameters) {
  private static final int MAX_CHARS = 1024;
  private static final int MAX_COMPONENTS = 16;

  public SignatureInput {
    components = List.copyOf(components);
    parameters = new LinkedHashMap<>(parameters);
    for (String text : components) {
      requirePlain(text);
    }
    for (Object value : parameters.values()) {
      if (value instanceof String text) {
        requirePlain(text);
      }
    }
  }

  /** Nothing that would need an escape in a structured field, or could end a line of the base. */
  private static void requirePlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        throw new IllegalArgumentException("a signed name or value is plain printable ASCII");
      }
    }
  }

  Optional<String> string(String name) {
    return parameters.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  OptionalLong integer(String name) {
    return parameters.get(name) instanceof Long number
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  /** The value of {@code @signature-params}: the member without its label. */
  public String value() {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < components.size(); i++) {
      out.append(i == 0 ? "\"" : " \"").append(components.get(i)).append('"');
    }
    out.append(')');
    parameters.forEach((name, value) -> {
      out.append(';').append(name).append('=');
      if (value instanceof String text) {
        out.append('"').append(text).append('"');
      } else {
        out.append(value);
      }
    });
    return out.toString();
  }

  /** The whole field. */
  public String text() {
    return label + "=" + value();
  }

  /**
   * The bytes that are signed (RFC 9421 2.5): a line for each component, and what is covered last.
   *
   * @throws DecodeException if a covered component is not in the request, or is covered twice
   */
  public byte[] base(RequestHead request) throws DecodeException {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < components.size(); i++) {
      String name = components.get(i);
      if (components.indexOf(name) != i) {
        throw new DecodeException("the signature covers " + name + " twice");
      }
      String value =
          request
              .component(name)
              .orElseThrow(() -> new DecodeException("the request has no " + name));
      if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
        // A line of its own choosing in the base would let a field stand for another component.
        throw new DecodeException(name + " holds a line break");
      }
      out.append('"').append(name).append("\": ").append(value).append('\n');
    }
    out.append("\"@signature-params\": ").append(value());
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Reads a field with one member. */
  public static SignatureInput parse(String field) throws DecodeException {
    String text = field.strip();
    if (text.length() > MAX_CHARS) {
      throw new DecodeException(
          "Signature-Input has at most " + MAX_CHARS + " characters, not " + text.length());
    }
    Cursor at = new Cursor(text);
    String label = at.key();
    at.expect("=(");
    List<String> components = new ArrayList<>();
    while (!at.take(')')) {
      if (!components.isEmpty()) {
        at.expect(" ");
      }
      components.add(at.string());
      if (components.size() > MAX_COMPONENTS) {
        throw new DecodeException("at most " + MAX_COMPONENTS + " components are covered");
      }
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    while (at.take(';')) {
      String name = at.key();
      at.expect("=");
      Object value = at.next() == '"' ? (Object) at.string() : (Object) at.integer();
      if (parameters.putIfAbsent(name, value) != null) {
        throw new DecodeException("parameter " + name + " stands twice");
      }
    }
    if (!at.ended()) {
      throw new DecodeException(
          "Signature-Input: one signature was expected, found more at " + at.position());
    }
    return new SignatureInput(label, components, parameters);
  }

  /** A position in a structured field. */
  private static final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
      this.text = text;
    }

    int position() {
      return at;
    }

    boolean ended() {
      return at == text.length();
    }

    char next() {
      return ended() ? '\0' : text.charAt(at);
    }

    boolean take(char c) {
      if (next() != c || ended()) {
        return false;
      }
      at++;
      return true;
    }

    void expect(String what) throws DecodeException {
      if (!text.startsWith(what, at)) {
        throw new DecodeException("Signature-Input: expected " + what + " at " + at);
      }
      at += what.length();
    }

    String key() throws DecodeException {
      int from = at;
      while (isKey(next(), at == from)) {
        at++;
      }
      if (at == from) {
        throw new DecodeException("Signature-Input: expected a key at " + at);
      }
      return text.substring(from, at);
    }

    private static boolean isKey(char c, boolean first) {
      return c >= 'a' && c <= 'z'
          || !first && (c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.');
    }

    String string() throws DecodeException {
      expect("\"");
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw new DecodeException("Signature-Input: a string has no end");
      }
      String found = text.substring(at, end);
      for (int i = 0; i < found.length(); i++) {
        char c = found.charAt(i);
        if (c < ' ' || c > '~' || c == '\\') {
          throw new DecodeException("Signature-Input: a string holds other than plain ASCII");
        }
      }
      at = end + 1;
      return found;
    }

    Long integer() throws DecodeException {
      int from = at;
      while (next() >= '0' && next() <= '9') {
        at++;
      }
      int digits = at - from;
      // RFC 8941 3.3.1: at most 15 digits; no second spelling of a number.
      if (digits == 0 || digits > 15 || digits > 1 && text.charAt(from) == '0') {
        throw new DecodeException("Signature-Input: expected an integer at " + from);
      }
      return Long.valueOf(text.substring(from, at));
    }
  }
}
