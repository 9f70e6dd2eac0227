package io.concordat.protocol.testing;

import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store in memory that can be copied like a machine's snapshot. */
public final class MemoryRows implements Store {
  private final TreeMap<String, byte[]> rows = new TreeMap<>();
  private final List<byte[]> leaves = new ArrayList<>();

  public MemoryRows snapshot() {
    MemoryRows copy = new MemoryRows();
    copy.rows.putAll(rows);
    copy.leaves.addAll(leaves);
    return copy;
  }

  @Override
  public SortedMap<String, byte[]> scan(String prefix) {
    return new TreeMap<>(rows.subMap(prefix, prefix + Character.MAX_VALUE));
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
        case Write.Append(long index, byte[] leaf) -> leaves.add(leaf);
      }
    }
  }
}
