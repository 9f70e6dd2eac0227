package io.concordat.protocol.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A store whose writes may wait for company before they go to the disk. Reads see them at once, so
 * the work that follows from them can begin.
 *
 * <p>Who may rely on what: a crash before {@link #flush} loses what was held, all of it. So nothing
 * may leave the process that would be wrong if its rows were lost; the core's effects say which
 * steps those are. Writing and flushing is for one thread at a time; reading is for any.
 */
public final class LateStore implements Store {
  private final Store disk;
  private final List<Write> held = new ArrayList<>();
  private final List<byte[]> heldLeaves = new ArrayList<>();
  private final Map<String, Optional<byte[]>> rows = new ConcurrentHashMap<>();
  private volatile long firstHeldLeaf = Long.MAX_VALUE;

  /** Puts writes for this store off until a flush. */
  public LateStore(Store disk) {
    this.disk = disk;
  }

  /** Takes writes that the next flush brings to the disk. */
  public void hold(List<Write> writes) {
    for (Write write : writes) {
      held.add(write);
      switch (write) {
        case Write.Put(String key, byte[] value) -> rows.put(key, Optional.of(value));
        case Write.Delete(String key) -> rows.put(key, Optional.empty());
        case Write.Append(long index, byte[] leaf) -> {
          synchronized (heldLeaves) {
            if (heldLeaves.isEmpty()) {
              firstHeldLeaf = index;
            }
            heldLeaves.add(leaf);
          }
        }
      }
    }
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return held.isEmpty();
  }

  /** Brings everything that waits to the disk, in one transaction. */
  public List<Write> flush() {
    return flush(disk::commit);
  }

  /**
   * Brings everything that waits to the disk.
   *
   * @param commit writes all of it in one transaction, or throws
   * @return what was written
   */
  public List<Write> flush(Consumer<List<Write>> commit) {
    List<Write> writes = List.copyOf(held);
    commit.accept(writes);
    drop();
    return writes;
  }

  /** Forgets what waits: its transaction failed, and the core that gave it is thrown away. */
  public void drop() {
    held.clear();
    rows.clear();
    synchronized (heldLeaves) {
      heldLeaves.clear();
      firstHeldLeaf = Long.MAX_VALUE;
    }
  }

  @Override
  public SortedMap<String, byte[]> scan(String prefix) {
    TreeMap<String, byte[]> found = new TreeMap<>(disk.scan(prefix));
    rows.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        value.ifPresentOrElse(v -> found.put(key, v), () -> found.remove(key));
      }
    });
    return found;
  }

  @Override
  public Optional<byte[]> get(String key) {
    Optional<byte[]> late = rows.get(key);
    // A row that was flushed in between is on the disk by now.
    return late != null ? late : disk.get(key);
  }

  @Override
  public List<byte[]> leaves(long from, int limit) {
    synchronized (heldLeaves) {
      if (from + limit <= firstHeldLeaf) {
        return disk.leaves(from, limit);
      }
      List<byte[]> found = new ArrayList<>();
      if (from < firstHeldLeaf) {
        found.addAll(disk.leaves(from, (int) Math.min(limit, firstHeldLeaf - from)));
      }
      for (int i = (int) Math.max(0, from - firstHeldLeaf);
          i < heldLeaves.size() && found.size() < limit;
          i++) {
        found.add(heldLeaves.get(i));
      }
      return found;
    }
  }

  @Override
  public void commit(List<Write> writes) {
    hold(writes);
    flush();
  }
}
