package io.concordat.aggregator.round;

import io.concordat.protocol.core.Write;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was committed a moment ago and is about to be read by every node: the newest leaves and
 * rows. Only committed bytes enter, so it says nothing that the database would not; bounded in
 * bytes and entries.
 */
final class RecentWrites {
  private static final int MAX_LEAVES = 4096;
  private static final long MAX_ROW_BYTES = 16L << 20;

  private final TreeMap<Long, byte[]> leaves = new TreeMap<>();
  private final LinkedHashMap<String, byte[]> rows = new LinkedHashMap<>();
  private long rowBytes;

  synchronized void committed(List<Write> writes) {
    for (Write write : writes) {
      switch (write) {
        case Write.Put(String key, byte[] value) -> {
          forget(key);
          rows.put(key, value);
          rowBytes += value.length;
        }
        case Write.Delete(String key) -> forget(key);
        case Write.Append(long index, byte[] leaf) -> {
          if (!leaves.isEmpty() && index != leaves.lastKey() + 1) {
            leaves.clear();
          }
          leaves.put(index, leaf);
          if (leaves.size() > MAX_LEAVES) {
            leaves.pollFirstEntry();
          }
        }
      }
    }
    Iterator<Map.Entry<String, byte[]>> oldest = rows.entrySet().iterator();
    while (rowBytes > MAX_ROW_BYTES && oldest.hasNext()) {
      rowBytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }

  private void forget(String key) {
    byte[] before = rows.remove(key);
    if (before != null) {
      rowBytes -= before.length;
    }
  }

  /** A row's value if it was written lately; empty says nothing about the database. */
  synchronized Optional<byte[]> row(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  /** Leaves from an index on, if all that are wanted or exist are here. */
  synchronized Optional<List<byte[]>> leaves(long from, int limit) {
    if (leaves.isEmpty() || from < leaves.firstKey() || from > leaves.lastKey() + 1) {
      return Optional.empty();
    }
    return Optional.of(leaves.tailMap(from).values().stream().limit(limit).toList());
  }

  /** A commit failed: whoever reads next asks the database. */
  synchronized void clear() {
    leaves.clear();
    rows.clear();
    rowBytes = 0;
  }
}
