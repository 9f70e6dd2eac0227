package io.concordat.crypto.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One of the independent streams that a seed is spread into: AES-256-CTR from a zero counter under
 * HKDF-Expand-SHA-512(seed, label, 32). Two labels never share key stream; one label must be read
 * for one purpose only, once.
 */
public final class LabelledStream {
  private final CounterStream stream;

  private LabelledStream(byte[] seed, byte[] label) {
    byte[] key = Hkdf.expand(seed, label, CounterStream.KEY_BYTES);
    stream = new CounterStream(key, new byte[CounterStream.IV_BYTES]);
    Arrays.fill(key, (byte) 0);
  }

  /** The stream of a label without number, such as "key" or "share". */
  public static LabelledStream of(byte[] seed, String label) {
    return new LabelledStream(seed, ascii(label));
  }

  /** The stream of a label followed by a block number, u32 big-endian: "error". */
  public static LabelledStream ofBlock(byte[] seed, String label, int block) {
    byte[] text = ascii(label);
    return new LabelledStream(
        seed, ByteBuffer.allocate(text.length + 4).put(text).putInt(block).array());
  }

  /** The stream of a label followed by a holder's position, u16 big-endian: "box". */
  public static LabelledStream ofPosition(byte[] seed, String label, int position) {
    if (position < 0 || position > 0xffff) {
      throw new IllegalArgumentException("a position has 16 bits, not " + position);
    }
    byte[] text = ascii(label);
    return new LabelledStream(
        seed, ByteBuffer.allocate(text.length + 2).put(text).putShort((short) position).array());
  }

  /**
   * The key of a label's stream, for kernels that make the stream themselves; its counter begins at
   * zero. Whoever asks for it wipes it.
   */
  public static byte[] key(byte[] seed, String label) {
    return Hkdf.expand(seed, ascii(label), CounterStream.KEY_BYTES);
  }

  /** The next bytes of the stream. */
  public void read(byte[] out, int offset, int count) {
    stream.read(out, offset, count);
  }

  /** The next bytes of the stream in a new array. */
  public byte[] read(int count) {
    return stream.read(count);
  }

  private static byte[] ascii(String label) {
    return label.getBytes(StandardCharsets.US_ASCII);
  }
}
