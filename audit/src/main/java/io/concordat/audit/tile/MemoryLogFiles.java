package io.concordat.audit.tile;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A log's files in memory, for simulations and for logs that are rebuilt from a database. */
public final class MemoryLogFiles implements LogFiles {
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

  @Override
  public Optional<byte[]> get(String path) {
    return Optional.ofNullable(files.get(path)).map(byte[]::clone);
  }

  @Override
  public void put(String path, byte[] bytes) {
    files.put(path, bytes.clone());
  }

  @Override
  public void delete(String path) {
    files.remove(path);
  }

  /** The paths present, in order. */
  public Set<String> paths() {
    return Set.copyOf(new TreeMap<>(files).keySet());
  }
}
