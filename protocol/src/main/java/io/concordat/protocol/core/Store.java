package io.concordat.protocol.core;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The durable rows of one process: small values by key (at most some hundred KiB each), and on the
 * aggregator the entries of the log. One table of (key, bytes) and one of (index, bytes) will do.
 */
public interface Store {
  /** All rows whose key begins so, by key. */
  SortedMap<String, byte[]> scan(String prefix);

  /** One row. */
  Optional<byte[]> get(String key);

  /** Whole entries of the log from this index on, at most {@code limit}; empty on a node. */
  List<byte[]> leaves(long from, int limit);

  /**
   * All of these writes or none, on the disk when this returns.
   *
   * @throws java.io.UncheckedIOException if it could not be done; then the core that gave the
   *     writes must be thrown away
   */
  void commit(List<Write> writes);
}
