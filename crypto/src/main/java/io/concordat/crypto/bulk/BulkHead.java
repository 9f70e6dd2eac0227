package io.concordat.crypto.bulk;

import io.concordat.crypto.DecodeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 16 bytes before every bulk object: "CNC1", u16 kind, u16 version, u64 length of what follows,
 * little-endian. There is one version; another is refused, never guessed at.
 *
 * @param kind what follows
 * @param bodyBytes how many bytes follow
 */
public record BulkHead(Kind kind, long bodyBytes) {
  /** Length of the head itself. */
  public static final int BYTES = 16;

  private static final int MAGIC = 'C' | 'N' << 8 | 'C' << 16 | '1' << 24;
  private static final short VERSION = 1;

  /** What a bulk object is. */
  public enum Kind {
    CIPHERTEXT(1),
    BOX(2),
    KEY_SUM(3),
    SUMMED_CIPHERTEXT(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number on the wire. */
    public int code() {
      return code;
    }
  }

  public BulkHead {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("a body has at least 0 bytes, not " + bodyBytes);
    }
  }

  /** The 16 bytes. */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putShort((short) kind.code)
        .putShort(VERSION)
        .putLong(bodyBytes)
        .array();
  }

  /** Length of head and body together. */
  public long objectBytes() {
    return BYTES + bodyBytes;
  }

  /** Reads a head from the first 16 bytes given. */
  public static BulkHead decode(byte[] bytes) throws DecodeException {
    if (bytes.length < BYTES) {
      throw new DecodeException("a bulk head has 16 bytes, found " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != MAGIC) {
      throw new DecodeException("a bulk object begins with CNC1");
    }
    int code = in.getShort() & 0xffff;
    int version = in.getShort() & 0xffff;
    long length = in.getLong();
    if (version != VERSION) {
      throw new DecodeException("bulk version must be 1, found " + version);
    }
    if (length < 0) {
      throw new DecodeException("bulk length is beyond 2^63");
    }
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return new BulkHead(kind, length);
      }
    }
    throw new DecodeException("unknown bulk kind " + code);
  }

  /** Reads a head from a stream and requires exactly this kind and length. */
  public static void expect(InputStream in, Kind kind, long bodyBytes)
      throws IOException, DecodeException {
    byte[] head = in.readNBytes(BYTES);
    if (head.length < BYTES) {
      throw new DecodeException("a bulk object ends within its head");
    }
    BulkHead found = decode(head);
    if (found.kind != kind) {
      throw new DecodeException("expected a bulk object of kind " + kind + ", found " + found.kind);
    }
    if (found.bodyBytes != bodyBytes) {
      throw new DecodeException(
          "the layout gives " + bodyBytes + " bytes, the head says " + found.bodyBytes);
    }
  }
}
