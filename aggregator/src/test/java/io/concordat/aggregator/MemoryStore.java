package io.concordat.aggregator;

import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store whose commits are whole or not at all. */
final class MemoryStore implements Store {
  private final TreeMap<String, byte[]> rows;
  private final ArrayList<byte[]> leaves;

  MemoryStore() {
    this(new TreeMap<>(), new ArrayList<>());
  }

  private MemoryStore(TreeMap<String, byte[]> rows, ArrayList<byte[]> leaves) {
    this.rows = rows;
    this.leaves = leaves;
  }

  @Override
  public SortedMap<String, byte[]> scan(String prefix) {
    return Collections.unmodifiableSortedMap(
        new TreeMap<>(rows.subMap(prefix, prefix + Character.MAX_VALUE)));
  }

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  @Override
  public List<byte[]> leaves(long from, int limit) {
    int start = (int) Math.min(from, leaves.size());
    return List.copyOf(leaves.subList(start, Math.min(leaves.size(), start + limit)));
  }

  @Override
  public void commit(List<Write> writes) {
    for (Write write : writes) {
      switch (write) {
        case Write.Put(String key, byte[] value) -> rows.put(key, value);
        case Write.Delete(String key) -> rows.remove(key);
        case Write.Append(long index, byte[] leaf) -> {
          if (index != leaves.size()) {
            throw new IllegalStateException("leaf " + index + " after " + leaves.size());
          }
          leaves.add(leaf);
        }
      }
    }
  }
}
