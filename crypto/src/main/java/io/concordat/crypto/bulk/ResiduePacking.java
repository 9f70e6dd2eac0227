package io.concordat.crypto.bulk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Runs of 50-bit words as a little-endian bit string: word i is bits 50i..50i+49, and zero bits
 * fill the last byte. Four words take 25 bytes exactly.
 */
public final class ResiduePacking {
  /** Bits of a word. */
  public static final int WORD_BITS = 50;

  private static final long MASK = (1L << WORD_BITS) - 1;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ResiduePacking() {}

  /** Bytes of a run of this many words. */
  public static int bytes(int words) {
    return Math.toIntExact(((long) words * WORD_BITS + 7) / 8);
  }

  /** Packs {@code count} words, each below 2^50. */
  public static void pack(long[] words, int at, int count, byte[] out, int outAt) {
    Objects.checkFromIndexSize(at, count, words.length);
    Objects.checkFromIndexSize(outAt, bytes(count), out.length);
    int o = outAt;
    int whole = count & -4;
    for (int i = 0; i < whole; i += 4) {
      long a = words[at + i];
      long b = words[at + i + 1];
      long c = words[at + i + 2];
      long d = words[at + i + 3];
      LONG.set(out, o, a | b << 50);
      LONG.set(out, o + 8, b >>> 14 | c << 36);
      LONG.set(out, o + 16, c >>> 28 | d << 22);
      out[o + 24] = (byte) (d >>> 42);
      o += 25;
    }
    packRest(words, at + whole, count - whole, out, o);
  }

  private static void packRest(long[] words, int at, int count, byte[] out, int outAt) {
    int o = outAt;
    long held = 0;
    int bits = 0;
    for (int i = 0; i < count; i++) {
      // At most 6 bits are held here, so the word fits beside them.
      held |= words[at + i] << bits;
      bits += WORD_BITS;
      for (; bits >= 8; bits -= 8) {
        out[o++] = (byte) held;
        held >>>= 8;
      }
    }
    if (bits > 0) {
      out[o] = (byte) held;
    }
  }

  /** Unpacks {@code count} words, whatever the fill bits are. */
  public static void unpack(byte[] in, int inAt, long[] words, int at, int count) {
    Objects.checkFromIndexSize(inAt, bytes(count), in.length);
    Objects.checkFromIndexSize(at, count, words.length);
    int b = inAt;
    int i = 0;
    // Four words end 25 bytes on, their last wide read 26: so many words must be left.
    for (; i + 5 <= count; i += 4) {
      words[at + i] = (long) LONG.get(in, b) & MASK;
      words[at + i + 1] = (long) LONG.get(in, b + 6) >>> 2 & MASK;
      words[at + i + 2] = (long) LONG.get(in, b + 12) >>> 4 & MASK;
      words[at + i + 3] = (long) LONG.get(in, b + 18) >>> 6 & MASK;
      b += 25;
    }
    unpackRest(in, b, words, at + i, count - i);
  }

  private static void unpackRest(byte[] in, int inAt, long[] words, int at, int count) {
    int b = inAt;
    long held = 0;
    int bits = 0;
    for (int i = 0; i < count; i++) {
      for (; bits < WORD_BITS; bits += 8) {
        held |= (in[b++] & 0xffL) << bits;
      }
      words[at + i] = held & MASK;
      held >>>= WORD_BITS;
      bits -= WORD_BITS;
    }
  }

  /** Whether the bits after the last of {@code count} words are zero, as they must be. */
  public static boolean fillIsZero(byte[] in, int inAt, int count) {
    int used = (int) ((long) count * WORD_BITS % 8);
    return used == 0 || (in[inAt + bytes(count) - 1] & 0xff) >>> used == 0;
  }
}
