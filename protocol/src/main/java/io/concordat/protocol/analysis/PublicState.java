package io.concordat.protocol.analysis;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What everyone knows between two rounds: named arrays of finite doubles. Immutable.
 *
 * <p>Encoding, little-endian throughout: {@code "CNS1"}, u32 number of arrays, then each array in
 * the order of its name's ASCII bytes: u16 length of the name, the name, u8 rank, u64 for each
 * extent, then the values as IEEE 754 binary64. The digest is SHA-256 of exactly these bytes, so a
 * renamed, reshaped or reordered array is another state.
 */
public final class PublicState {
  /** Names are short and printable so that they can stand in error messages and file listings. */
  private static final String NAME_FORM = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}";

  private static final byte[] MAGIC = {'C', 'N', 'S', '1'};
  private static final int MAX_ARRAYS = 4096;
  private static final int MAX_RANK = 4;

  private final TreeMap<String, NamedArray> arrays;

  private PublicState(TreeMap<String, NamedArray> arrays) {
    this.arrays = arrays;
  }

  private static final class NamedArray {
    private final long[] shape;
    private final double[] values;

    private NamedArray(long[] shape, double[] values) {
      this.shape = shape;
      this.values = values;
    }
  }

  public static Builder builder() {
    return new Builder(new TreeMap<>());
  }

  /** A builder that starts with everything that is in this state. */
  public Builder toBuilder() {
    return new Builder(new TreeMap<>(arrays));
  }

  /** Names of the arrays, in the order of the encoding. */
  public List<String> names() {
    return List.copyOf(arrays.keySet());
  }

  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  /** A copy of the values, in row-major order. */
  public double[] values(String name) {
    return require(name).values.clone();
  }

  /** The extents; an empty array for a scalar. */
  public long[] extents(String name) {
    return require(name).shape.clone();
  }

  /** The single value of an array of one value. */
  public double scalar(String name) {
    NamedArray array = require(name);
    if (array.values.length != 1) {
      throw new IllegalArgumentException("array " + name + " is not a scalar");
    }
    return array.values[0];
  }

  private NamedArray require(String name) {
    NamedArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "state has no array " + name + ", only " + arrays.keySet());
    }
    return array;
  }

  /** The encoding described above. */
  public byte[] toBytes() {
    long size = MAGIC.length + 4L;
    for (var entry : arrays.entrySet()) {
      NamedArray array = entry.getValue();
      size += 2L + entry.getKey().length() + 1 + 8L * array.shape.length + 8L * array.values.length;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(arrays.size());
    for (var entry : arrays.entrySet()) {
      byte[] name = entry.getKey().getBytes(StandardCharsets.US_ASCII);
      NamedArray array = entry.getValue();
      out.putShort((short) name.length).put(name).put((byte) array.shape.length);
      for (long extent : array.shape) {
        out.putLong(extent);
      }
      for (double value : array.values) {
        out.putLong(Double.doubleToRawLongBits(value));
      }
    }
    return out.array();
  }

  /**
   * Reads {@link #toBytes()}, refusing whatever would not encode back to the same bytes.
   *
   * @throws DecodeException naming what was expected
   */
  public static PublicState fromBytes(byte[] bytes) throws DecodeException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    need(in, magic.length + 4L, "head");
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DecodeException("state: expected the magic CNS1");
    }
    int count = in.getInt();
    if (count < 0 || count > MAX_ARRAYS) {
      throw new DecodeException("state: expected at most " + MAX_ARRAYS + " arrays");
    }
    TreeMap<String, NamedArray> arrays = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = readName(in);
      if (!arrays.isEmpty() && arrays.lastKey().compareTo(name) >= 0) {
        throw new DecodeException("state: names must ascend, " + name + " does not");
      }
      arrays.put(name, readArray(in, name));
    }
    if (in.hasRemaining()) {
      throw new DecodeException("state: " + in.remaining() + " bytes after the last array");
    }
    return new PublicState(arrays);
  }

  private static String readName(ByteBuffer in) throws DecodeException {
    need(in, 2, "length of a name");
    byte[] name = new byte[in.getShort() & 0xffff];
    need(in, name.length, "name");
    in.get(name);
    String text = new String(name, StandardCharsets.US_ASCII);
    if (!text.matches(NAME_FORM)) {
      throw new DecodeException("state: a name has not the form " + NAME_FORM);
    }
    return text;
  }

  private static NamedArray readArray(ByteBuffer in, String name) throws DecodeException {
    need(in, 1, "rank of " + name);
    int rank = in.get() & 0xff;
    if (rank > MAX_RANK) {
      throw new DecodeException("state: rank of " + name + " is above " + MAX_RANK);
    }
    need(in, 8L * rank, "extents of " + name);
    long[] shape = new long[rank];
    long count = 1;
    for (int i = 0; i < rank; i++) {
      shape[i] = in.getLong();
      // Bounded before multiplying: a product of two such extents cannot wrap around.
      if (shape[i] < 0 || shape[i] > in.remaining()) {
        throw new DecodeException("state: extents of " + name + " exceed what follows");
      }
      count = Math.multiplyExact(count, shape[i]);
      if (count > in.remaining()) {
        throw new DecodeException("state: extents of " + name + " exceed what follows");
      }
    }
    need(in, 8 * count, "values of " + name);
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(in.getLong());
      if (!Double.isFinite(values[i])) {
        throw new DecodeException("state: value " + i + " of " + name + " is not finite");
      }
    }
    return new NamedArray(shape, values);
  }

  private static void need(ByteBuffer in, long bytes, String what) throws DecodeException {
    if (in.remaining() < bytes) {
      throw new DecodeException("state: ends inside the " + what);
    }
  }

  /** SHA-256 of {@link #toBytes()}, 32 bytes. */
  public byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(toBytes());
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantViolation("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicState that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sha256());
  }

  @Override
  public String toString() {
    return "PublicState" + arrays.keySet();
  }

  /** Collects arrays; a name that is put twice keeps the later value. */
  public static final class Builder {
    private final SortedMap<String, NamedArray> arrays;

    private Builder(SortedMap<String, NamedArray> arrays) {
      this.arrays = arrays;
    }

    public Builder scalar(String name, double value) {
      return put(name, new long[0], new double[] {value});
    }

    public Builder vector(String name, double[] values) {
      return put(name, new long[] {values.length}, values);
    }

    /** Row-major values under explicit extents, whose product is the number of values. */
    public Builder put(String name, long[] extents, double[] values) {
      if (!name.matches(NAME_FORM)) {
        throw new IllegalArgumentException("array name " + name + " has not the form " + NAME_FORM);
      }
      if (extents.length > MAX_RANK) {
        throw new IllegalArgumentException(name + ": rank above " + MAX_RANK);
      }
      long count = 1;
      for (long extent : extents) {
        if (extent < 0) {
          throw new IllegalArgumentException(name + ": negative extent");
        }
        count = Math.multiplyExact(count, extent);
      }
      if (count != values.length) {
        throw new IllegalArgumentException(
            name + ": extents give " + count + " values, not " + values.length);
      }
      for (double value : values) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(name + ": values must be finite");
        }
      }
      arrays.put(name, new NamedArray(extents.clone(), values.clone()));
      return this;
    }

    public Builder remove(String name) {
      arrays.remove(name);
      return this;
    }

    public PublicState build() {
      return new PublicState(new TreeMap<>(arrays));
    }
  }
}
