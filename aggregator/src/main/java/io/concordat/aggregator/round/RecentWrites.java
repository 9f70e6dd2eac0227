package io.concordat.aggregator.round;

import io.concordat.protocol.core.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was committed a moment ago and is about to be read by every node: the newest leaves and
 * rows. Only committed bytes enter, so it says nothing that the database would not; bounded in
 * bytes and entries.
 */
final class RecentWrites {
  private static final int MAX_LEAVES = 4096;
  private static final long MAX_ROW_BYTES = 16L << 20;

  private final ArrayDeque<byte[]> leaves = new ArrayDeque<>();
  private long firstLeaf;
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
          if (index != firstLeaf + leaves.size()) {
            leaves.clear();
            firstLeaf = index;
          }
          leaves.addLast(leaf);
          if (leaves.size() > MAX_LEAVES) {
            leaves.removeFirst();
            firstLeaf++;
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
    long end = firstLeaf + leaves.size();
    if (leaves.isEmpty() || from < firstLeaf || from > end) {
      return Optional.empty();
    }
    List<byte[]> found = new ArrayList<>();
    Iterator<byte[]> all = leaves.iterator();
    for (long index = firstLeaf; all.hasNext() && found.size() < limit; index++) {
      byte[] leaf = all.next();
      if (index >= from) {
        found.add(leaf);
      }
    }
    return Optional.of(found);
  }

  /** A commit failed: whoever reads next asks the database. */
  synchronized void clear() {
    leaves.clear();
    rows.clear();
    rowBytes = 0;
    firstLeaf = 0;
  }
}
