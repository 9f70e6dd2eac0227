package io.concordat.crypto.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One object of the vectors' JSON, read by field and type. Numbers may stand as strings. */
public final class VectorCase {
  private final Map<?, ?> members;

  public VectorCase(Object object) {
    members = (Map<?, ?>) object;
  }

  public boolean has(String field) {
    return members.containsKey(field);
  }

  public Set<String> fields() {
    Set<String> names = new TreeSet<>();
    members.keySet().forEach(key -> names.add(String.valueOf(key)));
    return names;
  }

  public String string(String field) {
    return String.valueOf(get(field));
  }

  public boolean flag(String field) {
    return Boolean.parseBoolean(string(field));
  }

  public int integer(String field) {
    return Integer.parseInt(string(field));
  }

  public long number(String field) {
    return Long.parseLong(string(field));
  }

  public BigInteger big(String field) {
    return new BigInteger(string(field));
  }

  public byte[] hex(String field) {
    return HexFormat.of().parseHex(string(field));
  }

  public byte[] base64(String field) {
    return Base64.getDecoder().decode(string(field));
  }

  public List<?> list(String field) {
    return (List<?>) get(field);
  }

  public long[] longs(String field) {
    return longs(get(field));
  }

  public long[][] longRows(String field) {
    return list(field).stream().map(VectorCase::longs).toArray(long[][]::new);
  }

  public int[] integers(String field) {
    return list(field).stream().mapToInt(x -> Integer.parseInt(String.valueOf(x))).toArray();
  }

  public List<BigInteger> bigs(String field) {
    return list(field).stream().map(x -> new BigInteger(String.valueOf(x))).toList();
  }

  public List<String> strings(String field) {
    return list(field).stream().map(String::valueOf).toList();
  }

  public VectorCase object(String field) {
    return new VectorCase(get(field));
  }

  public List<VectorCase> cases(String field) {
    List<VectorCase> out = new ArrayList<>();
    for (Object element : list(field)) {
      out.add(new VectorCase(element));
    }
    return out;
  }

  public static long[] longs(Object list) {
    return ((List<?>) list).stream().mapToLong(x -> Long.parseLong(String.valueOf(x))).toArray();
  }

  private Object get(String field) {
    Object value = members.get(field);
    if (value == null) {
      throw new IllegalArgumentException("no field " + field + " in " + members.keySet());
    }
    return value;
  }

  @Override
  public String toString() {
    return has("name") ? string("name") : members.keySet().toString();
  }
}
