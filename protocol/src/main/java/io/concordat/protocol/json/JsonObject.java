package io.concordat.protocol.json;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One JSON object with typed getters. Each getter either returns what it names or throws a {@link
 * DecodeException} that names the field by its path from the outermost object and says what was
 * expected. Call {@link #only} first: a statement with a member that nobody reads is refused.
 */
public final class JsonObject {
  private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();
  private static final Base64.Encoder BASE64_OUT = Base64.getUrlEncoder().withoutPadding();

  private final String path;
  private final SortedMap<String, Object> members;

  private JsonObject(String path, SortedMap<String, Object> members) {
    this.path = path;
    this.members = members;
  }

  static JsonObject ofParsed(String path, Object parsed) {
    TreeMap<String, Object> members = new TreeMap<>();
    ((Map<?, ?>) parsed).forEach((name, value) -> members.put((String) name, value));
    return new JsonObject(path, Collections.unmodifiableSortedMap(members));
  }

  /** A builder for an object to be written; members may come in any order. */
  public static Builder builder() {
    return new Builder();
  }

  /** The members in canonical order; values as in {@link CanonicalJson}. */
  public Map<String, Object> members() {
    return members;
  }

  /** The canonical bytes. */
  public byte[] bytes() {
    return CanonicalJson.write(members);
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** Refuses any member not named here; returns this. */
  public JsonObject only(String... names) throws DecodeException {
    Set<String> known = Set.of(names);
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        throw fault(CanonicalJson.printable(name), "is not a known field");
      }
    }
    return this;
  }

  public String string(String name) throws DecodeException {
    if (require(name) instanceof String value) {
      return value;
    }
    throw fault(name, "expected a string");
  }

  public Optional<String> optionalString(String name) throws DecodeException {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  /** A string that must be exactly {@code wanted}, such as a type or a version. */
  public void constant(String name, String wanted) throws DecodeException {
    if (!string(name).equals(wanted)) {
      throw fault(name, "expected \"" + wanted + "\"");
    }
  }

  /** An institution's id: [a-z0-9-], 1 to 64 characters. */
  public String id(String name) throws DecodeException {
    return checkId(name, string(name));
  }

  /** Ids, in the order they stand. */
  public List<String> ids(String name) throws DecodeException {
    List<String> values = strings(name);
    for (int i = 0; i < values.size(); i++) {
      checkId(name + "[" + i + "]", values.get(i));
    }
    return values;
  }

  /** An integer from {@code min} to {@code max}, both included. */
  public long integer(String name, long min, long max) throws DecodeException {
    if (require(name) instanceof Long value && value >= min && value <= max) {
      return value;
    }
    throw fault(name, "expected an integer from " + min + " to " + max);
  }

  /** {@link #integer} for bounds that fit an int. */
  public int smallInteger(String name, int min, int max) throws DecodeException {
    return Math.toIntExact(integer(name, min, max));
  }

  public boolean bool(String name) throws DecodeException {
    if (require(name) instanceof Boolean value) {
      return value;
    }
    throw fault(name, "expected true or false");
  }

  public JsonObject object(String name) throws DecodeException {
    if (require(name) instanceof Map<?, ?> value) {
      return ofParsed(pathOf(name), value);
    }
    throw fault(name, "expected an object");
  }

  public Optional<JsonObject> optionalObject(String name) throws DecodeException {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  public List<JsonObject> objects(String name) throws DecodeException {
    List<?> values = list(name);
    List<JsonObject> out = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      String element = name + "[" + i + "]";
      if (!(values.get(i) instanceof Map<?, ?> value)) {
        throw fault(element, "expected an object");
      }
      out.add(ofParsed(pathOf(element), value));
    }
    return Collections.unmodifiableList(out);
  }

  public List<String> strings(String name) throws DecodeException {
    List<?> values = list(name);
    List<String> out = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      if (!(values.get(i) instanceof String value)) {
        throw fault(name + "[" + i + "]", "expected a string");
      }
      out.add(value);
    }
    return Collections.unmodifiableList(out);
  }

  /** Integers from {@code min} to {@code max}, in the order they stand. */
  public List<Long> integers(String name, long min, long max) throws DecodeException {
    List<?> values = list(name);
    List<Long> out = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      if (!(values.get(i) instanceof Long value) || value < min || value > max) {
        throw fault(name + "[" + i + "]", "expected an integer from " + min + " to " + max);
      }
      out.add(value);
    }
    return Collections.unmodifiableList(out);
  }

  /** Bytes written as base64url without padding, in their one spelling. */
  public byte[] bytes(String name) throws DecodeException {
    String text = string(name);
    try {
      byte[] bytes = BASE64.decode(text);
      // The decoder takes padding and stray low bits of the last character; one spelling only.
      int last = bytes.length / 3;
      byte[] rest = Arrays.copyOfRange(bytes, 3 * last, bytes.length);
      if (text.startsWith(BASE64_OUT.encodeToString(rest), 4 * last)
          && text.length() == (4 * bytes.length + 2) / 3) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one refusal below: peers get no decoding diagnostics.
    }
    throw fault(name, "expected base64url without padding");
  }

  /** {@link #bytes(String)} of exactly {@code length} bytes. */
  public byte[] bytes(String name, int length) throws DecodeException {
    byte[] bytes = bytes(name);
    if (bytes.length != length) {
      throw fault(name, "expected " + length + " bytes");
    }
    return bytes;
  }

  /** {@code prefix} followed by {@code length} bytes in lower-case hexadecimal. */
  public byte[] hex(String name, String prefix, int length) throws DecodeException {
    String text = string(name);
    if (text.startsWith(prefix) && text.length() == prefix.length() + 2 * length) {
      String digits = text.substring(prefix.length());
      if (digits.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return java.util.HexFormat.of().parseHex(digits);
      }
    }
    throw fault(name, "expected " + prefix + " and " + 2 * length + " hexadecimal digits");
  }

  /** RFC 3339 in UTC, in the one spelling that {@link Instant#toString} gives. */
  public Instant instant(String name) throws DecodeException {
    String text = string(name);
    try {
      Instant instant = Instant.parse(text);
      if (instant.toString().equals(text)) {
        return instant;
      }
    } catch (DateTimeException e) {
      // Falls through: every other spelling is refused in the same words.
    }
    throw fault(name, "expected a UTC time such as 2026-10-01T00:00:00Z");
  }

  /** An error about one field of this object, for rules that the caller checks itself. */
  public DecodeException fault(String name, String expected) {
    return new DecodeException("field " + pathOf(name) + ": " + expected);
  }

  private String checkId(String name, String value) throws DecodeException {
    if (!isId(value)) {
      throw fault(name, "expected an id of 1 to 64 characters a-z, 0-9, -");
    }
    return value;
  }

  static boolean isId(String value) {
    return !value.isEmpty()
        && value.length() <= 64
        && value.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
  }

  private List<?> list(String name) throws DecodeException {
    if (require(name) instanceof List<?> value) {
      return value;
    }
    throw fault(name, "expected a list");
  }

  private Object require(String name) throws DecodeException {
    Object value = members.get(name);
    if (value == null) {
      throw fault(name, "is missing");
    }
    return value;
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return new String(bytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Collects members; a name may be put once. */
  public static final class Builder {
    private final TreeMap<String, Object> members = new TreeMap<>();

    private Builder() {}

    public Builder put(String name, String value) {
      return member(name, value);
    }

    public Builder put(String name, long value) {
      return member(name, value);
    }

    public Builder put(String name, boolean value) {
      return member(name, value);
    }

    public Builder put(String name, Instant value) {
      return member(name, value.toString());
    }

    /** As base64url without padding. */
    public Builder put(String name, byte[] value) {
      return member(name, BASE64_OUT.encodeToString(value));
    }

    public Builder put(String name, JsonObject value) {
      return member(name, value.members);
    }

    /** A list of strings, integers, booleans, lists or {@link JsonObject}s. */
    public Builder put(String name, List<?> values) {
      return member(
          name,
          values.stream()
              .map(v -> v instanceof JsonObject object ? object.members : v)
              .map(v -> v instanceof Integer i ? (Object) i.longValue() : v)
              .toList());
    }

    /** A value as {@link JsonObject#members} gave it. */
    public Builder putParsed(String name, Object value) {
      return member(name, value);
    }

    /** Nothing is written for an empty value: there is no null. */
    public Builder putIfPresent(String name, Optional<String> value) {
      value.ifPresent(v -> put(name, v));
      return this;
    }

    public JsonObject build() {
      return new JsonObject("", Collections.unmodifiableSortedMap(new TreeMap<>(members)));
    }

    /** The canonical bytes of the object. */
    public byte[] bytes() {
      return build().bytes();
    }

    private Builder member(String name, Object value) {
      if (members.putIfAbsent(name, value) != null) {
        throw new InvariantViolation("member " + name + " put twice");
      }
      return this;
    }
  }
}
