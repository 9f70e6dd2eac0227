package io.concordat.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The vectors made from the C2SP texts, with just enough of a JSON reader to get at them. */
public final class TlogVectors {
  private final Map<?, ?> root;

  private TlogVectors(Map<?, ?> root) {
    this.root = root;
  }

  public static TlogVectors load() {
    try (InputStream in = TlogVectors.class.getResourceAsStream("/vectors/tlog_vectors.json")) {
      if (in == null) {
        throw new IllegalStateException("the vectors are not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new TlogVectors((Map<?, ?>) new Reader(text).value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String text(Object... path) {
    return at(path).toString();
  }

  public List<String> texts(Object... path) {
    return ((List<?>) at(path)).stream().map(Object::toString).toList();
  }

  public List<byte[]> entries() {
    return texts("entries").stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private Object at(Object... path) {
    Object here = root;
    for (Object step : path) {
      Object next =
          step instanceof Integer i ? ((List<?>) here).get(i) : ((Map<?, ?>) here).get(step);
      if (next == null) {
        throw new IllegalArgumentException("no " + step + " in the vectors");
      }
      here = next;
    }
    return here;
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    Object value() {
      return switch (peek()) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        default -> number();
      };
    }

    private Map<String, Object> object() {
      Map<String, Object> map = new LinkedHashMap<>();
      expect('{');
      while (peek() != '}') {
        String name = string();
        expect(':');
        map.put(name, value());
        if (peek() == ',') {
          expect(',');
        }
      }
      expect('}');
      return map;
    }

    private List<Object> array() {
      List<Object> list = new ArrayList<>();
      expect('[');
      while (peek() != ']') {
        list.add(value());
        if (peek() == ',') {
          expect(',');
        }
      }
      expect(']');
      return list;
    }

    private String string() {
      expect('"');
      StringBuilder out = new StringBuilder();
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c == '\\') {
          char escaped = text.charAt(at++);
          switch (escaped) {
            case 'n' -> out.append('\n');
            case 'u' -> {
              out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
              at += 4;
            }
            default -> out.append(escaped);
          }
        } else {
          out.append(c);
        }
      }
      at++;
      return out.toString();
    }

    private Long number() {
      int from = at;
      while (Character.isDigit(text.charAt(at))) {
        at++;
      }
      return Long.parseLong(text.substring(from, at));
    }

    private char peek() {
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return text.charAt(at);
    }

    private void expect(char c) {
      if (peek() != c) {
        throw new IllegalStateException("expected " + c + " at " + at);
      }
      at++;
    }
  }
}
