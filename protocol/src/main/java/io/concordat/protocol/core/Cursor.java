package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;

/**
 * How far a node has got: log entries replayed, and the newest item seen. A node that has just
 * started asks from {@link #START}.
 *
 * @param logSize entries it has
 * @param item sequence number of the last item it took
 */
public record Cursor(long logSize, long item) {
  /** Nothing yet. */
  public static final Cursor START = new Cursor(0, 0);

  public Cursor {
    if (logSize < 0 || item < 0) {
      throw new IllegalArgumentException("a cursor does not go below 0");
    }
  }

  /** Reads {@code <logSize>.<item>}. */
  public static Cursor parse(String text) throws DecodeException {
    int dot = text.indexOf('.');
    try {
      if (dot > 0 && text.length() < 40) {
        Cursor cursor =
            new Cursor(
                Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
        if (cursor.toString().equals(text)) {
          return cursor;
        }
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one refusal.
    }
    throw new DecodeException("a cursor is two numbers with a dot between them");
  }

  @Override
  public String toString() {
    return logSize + "." + item;
  }
}
