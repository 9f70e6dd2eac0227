package io.concordat.protocol.core;

import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** One change of the store. The writes of one answer belong into one transaction, in order. */
public sealed interface Write {
  /** Sets a row. The bytes are not copied. */
  record Put(String key, byte[] value) implements Write {}

  /** Removes a row, if it is there. */
  record Delete(String key) implements Write {}

  /**
   * Appends to the log; {@code index} is the size before it.
   *
   * @param leaf the whole entry, also where the tree has only a digest of its statement
   */
  record Append(long index, byte[] leaf) implements Write {}

  /** A row of canonical JSON. */
  static Write put(String key, JsonObject value) {
    return new Put(key, value.bytes());
  }

  /** A row of text. */
  static Write put(String key, String value) {
    return new Put(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
