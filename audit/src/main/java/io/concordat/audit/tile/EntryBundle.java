package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Up to 256 consecutive entries, each behind its length as a big-endian u16. */
public final class EntryBundle {
  /** What a u16 can say. Anything larger enters the log by its digest. */
  public static final int MAX_ENTRY_BYTES = 65_535;

  private static final int LENGTH_BYTES = 2;

  private EntryBundle() {}

  public static byte[] encode(List<byte[]> entries) {
    if (entries.isEmpty() || entries.size() > TilePath.FULL_WIDTH) {
      throw new IllegalArgumentException("a bundle has 1 to 256 entries, not " + entries.size());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      requireLength(entry);
      out.write(entry.length >>> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /** Reads a bundle that must hold exactly {@code width} entries and nothing after them. */
  public static List<byte[]> decode(byte[] bundle, int width) throws LogFormatException {
    List<byte[]> entries = new ArrayList<>(width);
    int at = 0;
    for (int i = 0; i < width; i++) {
      if (bundle.length - at < LENGTH_BYTES) {
        throw new LogFormatException(
            "entry bundle: ends before the length of entry %d of %d".formatted(i, width));
      }
      int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
      at += LENGTH_BYTES;
      if (bundle.length - at < length) {
        throw new LogFormatException(
            "entry bundle: ends within entry %d of %d".formatted(i, width));
      }
      entries.add(Arrays.copyOfRange(bundle, at, at + length));
      at += length;
    }
    if (at != bundle.length) {
      throw new LogFormatException(
          "entry bundle: %d bytes after its %d entries".formatted(bundle.length - at, width));
    }
    return entries;
  }

  static void requireLength(byte[] entry) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "an entry has at most 65,535 bytes, not " + entry.length + ": log its digest instead");
    }
  }
}
