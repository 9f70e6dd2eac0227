package io.concordat.nativekernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.PrimeSearch;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import io.concordat.crypto.rlwe.ParameterSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Calls of every operation of the C kernels with the results of the scalar Java kernel, as {@code
 * replay.c} reads them: random residues and their extremes, every length that a loop may treat
 * apart, refused words and fill bits.
 */
final class RecordedCalls {
  private static final int HEAD_BYTES = 2 * Integer.BYTES + 7 * Long.BYTES;
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 39, 40, 41, 1000};
  private static final long SIGNED_LIFT = 1L << 51;

  /** Numbers as {@code enum operation} has them. */
  enum Operation {
    FORWARD,
    INVERSE,
    MULTIPLY,
    MULTIPLY_ADD,
    ADD,
    ADD_SCALED,
    LIFT,
    ADD_SMALL,
    INNER_PRODUCT,
    PACK,
    UNPACK,
    ADD_PACKED
  }

  private final RingKernel scalar = new ScalarKernel();
  private final SplittableRandom random;
  private final List<byte[]> records = new ArrayList<>();

  RecordedCalls(long seed) {
    random = new SplittableRandom(seed);
    for (Modulus p : moduli()) {
      for (int count : COUNTS) {
        pointwise(p, count);
        packed(p, count);
      }
    }
    for (NttTables tables : tables()) {
      transforms(tables, residues(tables.modulus(), tables.degree()));
      transforms(tables, filled(tables.degree(), tables.modulus().value() - 1));
      transforms(tables, new long[tables.degree()]);
    }
  }

  int size() {
    return records.size();
  }

  byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** One call of each operation, the last bit of its expected result turned over. */
  byte[] fileWithOneWrongBitForEachOperation() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Operation operation : Operation.values()) {
      byte[] record =
          records.stream().filter(r -> r[0] == operation.ordinal()).findFirst().orElseThrow();
      byte[] wrong = record.clone();
      wrong[wrong.length - 1] ^= (byte) 0x80;
      out.writeBytes(wrong);
    }
    return out.toByteArray();
  }

  private static List<Modulus> moduli() {
    return List.of(
        ParameterSet.RLWE_16384_300.primes().get(0),
        ParameterSet.RLWE_16384_300.primes().get(5),
        PrimeSearch.largest(1, 47, 256).get(0),
        PrimeSearch.largest(1, 20, 64).get(0));
  }

  private static List<NttTables> tables() {
    List<NttTables> out = new ArrayList<>();
    for (Modulus p : moduli()) {
      for (int degree : new int[] {2, 4, 8, 16, 64}) {
        out.add(new NttTables(p, degree));
      }
    }
    out.add(ParameterSet.RLWE_8192_150.tables(2));
    out.add(ParameterSet.RLWE_16384_300.tables(0));
    return out;
  }

  private void transforms(NttTables t, long[] input) {
    Modulus p = t.modulus();
    int n = t.degree();
    long[] forward = input.clone();
    scalar.forward(t, forward, 0);
    record(
        head(Operation.FORWARD, p, n, 0, 0, 0),
        words(t.roots()),
        words(t.rootQuotients()),
        words(input),
        words(forward));
    long[] inverse = input.clone();
    scalar.inverse(t, inverse, 0);
    record(
        head(Operation.INVERSE, p, n, t.degreeInverse(), t.degreeInverseQuotient(), 0),
        words(t.inverseRoots()),
        words(t.inverseRootQuotients()),
        words(input),
        words(inverse));
  }

  private void pointwise(Modulus p, int n) {
    long[] x = residues(p, n);
    long[] y = residues(p, n);
    long[] sum = residues(p, n);
    long[] out = new long[n];
    scalar.multiply(p, x, 0, y, 0, out, 0, n);
    three(Operation.MULTIPLY, p, n, x, y, new long[n], out);
    out = sum.clone();
    scalar.multiplyAdd(p, x, 0, y, 0, out, 0, n);
    three(Operation.MULTIPLY_ADD, p, n, x, y, sum, out);
    long product = scalar.innerProduct(p, x, 0, y, 0, n);
    three(Operation.INNER_PRODUCT, p, n, x, y, new long[1], new long[] {product});
    out = sum.clone();
    scalar.add(p, x, 0, out, 0, n);
    record(head(Operation.ADD, p, n, 0, 0, 0), words(x), words(sum), words(out));
    scaled(p, n, sum);
    short[] small = new short[n];
    for (int i = 0; i < n; i++) {
      small[i] = (short) (i == 0 ? Short.MIN_VALUE : i == 1 ? Short.MAX_VALUE : random.nextInt());
    }
    out = new long[n];
    scalar.lift(p, small, 0, out, 0, n);
    record(head(Operation.LIFT, p, n, 0, 0, 0), smalls(small), words(new long[n]), words(out));
    out = sum.clone();
    scalar.addSmall(p, small, 0, out, 0, n);
    record(head(Operation.ADD_SMALL, p, n, 0, 0, 0), smalls(small), words(sum), words(out));
  }

  private void scaled(Modulus p, int n, long[] sum) {
    long factor = random.nextLong(p.value());
    long[] x = random.longs(n, -(1L << 50), (1L << 50) + 1).toArray();
    x[0] = -(1L << 50);
    x[n - 1] = 1L << 50;
    long[] out = sum.clone();
    scalar.addScaled(p, x, 0, factor, out, 0, n);
    long excess = p.value() - p.multiply(p.fromSigned(SIGNED_LIFT), factor);
    long quotient = NttTables.shoupQuotient(factor, p.value());
    record(
        head(Operation.ADD_SCALED, p, n, factor, quotient, excess),
        words(x),
        words(sum),
        words(out));
  }

  private void packed(Modulus p, int n) {
    long[] x = residues(p, n);
    byte[] bytes = new byte[(50 * n + 7) / 8];
    scalar.packWords(x, 0, n, bytes, 0);
    record(head(Operation.PACK, p, n, 0, 0, 0), words(x), new byte[bytes.length], bytes);
    unpacked(p, n, bytes);
    added(p, n, bytes);
    byte[] outside = bytes.clone();
    long[] tooLarge = x.clone();
    tooLarge[n / 2] = p.value();
    scalar.packWords(tooLarge, 0, n, outside, 0);
    unpacked(p, n, outside);
    if (50 * n % 8 != 0) {
      byte[] filled = bytes.clone();
      filled[filled.length - 1] |= (byte) 0x80;
      unpacked(p, n, filled);
    }
  }

  private void unpacked(Modulus p, int n, byte[] bytes) {
    long[] out = new long[n];
    boolean good = scalar.unpackWords(p, bytes, 0, out, 0, n);
    record(head(Operation.UNPACK, p, n, good ? 1 : 0, 0, 0), bytes, words(new long[n]), words(out));
  }

  private void added(Modulus p, int n, byte[] bytes) {
    byte[] sum = new byte[bytes.length];
    scalar.packWords(residues(p, n), 0, n, sum, 0);
    byte[] out = sum.clone();
    boolean good = scalar.addPacked(p, bytes, 0, out, 0, n);
    record(head(Operation.ADD_PACKED, p, n, good ? 1 : 0, 0, 0), bytes, sum, out);
  }

  private long[] residues(Modulus p, int n) {
    long[] out = random.longs(n, 0, p.value()).toArray();
    out[0] = p.value() - 1;
    out[n - 1] = n > 2 ? 0 : out[n - 1];
    return out;
  }

  private static long[] filled(int n, long value) {
    long[] out = new long[n];
    Arrays.fill(out, value);
    return out;
  }

  private void three(
      Operation operation, Modulus p, int n, long[] x, long[] y, long[] into, long[] expected) {
    record(head(operation, p, n, 0, 0, 0), words(x), words(y), words(into), words(expected));
  }

  /** The head but for the number of arrays. */
  private static ByteBuffer head(
      Operation operation, Modulus p, int count, long first, long second, long third) {
    return ByteBuffer.allocate(HEAD_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(operation.ordinal())
        .putInt(0)
        .putLong(count)
        .putLong(p.value())
        .putLong(p.ratio())
        .putLong(p.bits())
        .putLong(first)
        .putLong(second)
        .putLong(third);
  }

  private void record(ByteBuffer head, byte[]... arrays) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.putInt(Integer.BYTES, arrays.length).array());
    for (byte[] array : arrays) {
      out.writeBytes(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(array.length)
              .array());
      out.writeBytes(array);
    }
    records.add(out.toByteArray());
  }

  private static byte[] words(long[] values) {
    ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES);
    out.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return out.array();
  }

  private static byte[] smalls(short[] values) {
    ByteBuffer out = ByteBuffer.allocate(values.length * Short.BYTES);
    out.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(values);
    return out.array();
  }
}
