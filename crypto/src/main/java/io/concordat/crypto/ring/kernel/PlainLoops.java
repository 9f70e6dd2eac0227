package io.concordat.crypto.ring.kernel;

import io.concordat.crypto.bulk.ResiduePacking;
import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.random.DiscreteGaussianTable;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What kernels without loops of their own for it do: the definition in plain Java. */
final class PlainLoops {
  private static final long WORD_MASK = (1L << ResiduePacking.WORD_BITS) - 1;
  private static final long MOST = 1L << 62;
  private static final int BATCH_WORDS = 2048;
  private static final int PIECE_WORDS = 1024;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Public key stream of the last call, so that a run leaves no buffer behind. */
  private static final AtomicReference<byte @Nullable []> KEPT = new AtomicReference<>();

  private PlainLoops() {}

  static void checkTerms(int length, int at, int stride, int terms, int count) {
    if (stride < 0 || terms < 0) {
      throw new IndexOutOfBoundsException("stride " + stride + ", terms " + terms);
    }
    long span = terms == 0 ? 0 : (terms - 1L) * stride + count;
    Objects.checkFromIndexSize(0, count, Integer.MAX_VALUE);
    Objects.checkFromIndexSize((long) at, span, (long) length);
  }

  static void checkRows(NttTables tables, int keyWords, int outWords, int at, int rows) {
    Objects.checkFromIndexSize(0, tables.degree(), keyWords);
    Objects.checkFromIndexSize(at, tables.degree(), outWords);
    if (rows < 1 || rows > tables.degree()) {
      throw new IndexOutOfBoundsException(rows + " coefficients of " + tables.degree());
    }
  }

  static void checkRun(int errors, int values, int at, int rows, int out, int outAt) {
    Objects.checkFromIndexSize(0, rows, errors);
    Objects.checkFromIndexSize(at, rows, values);
    Objects.checkFromIndexSize(outAt, ResiduePacking.bytes(rows), out);
  }

  static void checkSlot(
      int values, int at, int carry, int width, int chunks, int chunkAt, int shift, int count) {
    Objects.checkFromIndexSize(at, count, values);
    Objects.checkFromIndexSize(0, count, carry);
    Objects.checkFromIndexSize(chunkAt, count, chunks);
    if (width < 1 || width > 62 || shift < 0 || shift > 62) {
      throw new IllegalArgumentException("slot width " + width + ", shift " + shift);
    }
  }

  static boolean takeSlot(
      long[] values,
      int at,
      long[] carry,
      int width,
      long[] chunks,
      int chunkAt,
      int shift,
      int count) {
    checkSlot(values.length, at, carry.length, width, chunks.length, chunkAt, shift, count);
    int spare = Long.SIZE - width;
    long outside = 0;
    for (int c = 0; c < count; c++) {
      long x = values[at + c];
      // The magnitude; -2^63 has none and stays negative.
      long m = (x ^ x >> 63) - (x >> 63);
      outside |= m | MOST - m;
      long t = x + carry[c];
      long digit = t << spare >> spare;
      carry[c] = t - digit >> width;
      chunks[chunkAt + c] += digit << shift;
    }
    return outside >= 0;
  }

  /** In pieces of whole bytes that stay in the nearest cache. */
  static boolean addPacked(
      RingKernel kernel, Modulus p, byte[] x, int xAt, byte[] sum, int sumAt, int count) {
    Objects.checkFromIndexSize(xAt, ResiduePacking.bytes(count), x.length);
    Objects.checkFromIndexSize(sumAt, ResiduePacking.bytes(count), sum.length);
    int piece = Math.min(count, PIECE_WORDS);
    long[] added = new long[piece];
    long[] held = new long[piece];
    boolean good = true;
    for (int i = 0; i < count; i += piece) {
      int some = Math.min(piece, count - i);
      int offset = ResiduePacking.bytes(i);
      good &= kernel.unpackWords(p, x, xAt + offset, added, 0, some);
      kernel.unpackWords(p, sum, sumAt + offset, held, 0, some);
      if (good) {
        kernel.add(p, added, 0, held, 0, some);
        kernel.packWords(held, 0, some, sum, sumAt + offset);
      }
    }
    return good;
  }

  static void checkStream(byte[] key, byte[] iv) {
    if (key.length != CounterStream.KEY_BYTES || iv.length != CounterStream.IV_BYTES) {
      throw new IllegalArgumentException("AES-256-CTR takes 32 bytes of key and 16 of counter");
    }
    if ((long) LONG.get(iv, Long.BYTES) != 0) {
      throw new IllegalArgumentException("the last 8 bytes of the first counter are zero");
    }
  }

  static void uniform(byte[] key, byte[] iv, Modulus p, long[] out, int at, int count) {
    checkStream(key, iv);
    Objects.checkFromIndexSize(at, count, out.length);
    CounterStream stream = new CounterStream(key, iv);
    byte[] kept = KEPT.getAndSet(null);
    byte[] buffer = kept != null ? kept : new byte[BATCH_WORDS * Long.BYTES];
    long prime = p.value();
    int taken = 0;
    while (taken < count) {
      int words = Math.min(BATCH_WORDS, Math.max(16, count - taken));
      stream.read(buffer, 0, words * Long.BYTES);
      for (int i = 0; i < words && taken < count; i++) {
        long word = (long) LONG.get(buffer, i * Long.BYTES) & WORD_MASK;
        out[at + taken] = word;
        taken += word < prime ? 1 : 0;
      }
    }
    KEPT.set(buffer);
  }

  static void gaussian(byte[] key, short[] out, int at, int count) {
    byte[] iv = new byte[CounterStream.IV_BYTES];
    checkStream(key, iv);
    Objects.checkFromIndexSize(at, count, out.length);
    DiscreteGaussianTable.draw(key, out, at, count);
  }
}
