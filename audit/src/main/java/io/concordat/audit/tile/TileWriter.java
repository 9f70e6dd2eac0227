package io.concordat.audit.tile;

import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.SignedCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends entries to a log's files and publishes checkpoints over them.
 *
 * <p>Order of effects: bundles, then tiles upwards, then in {@link #publish} the checkpoint. A
 * crash between leaves files ahead of the checkpoint, which no reader asks for; {@link #resume} at
 * the published size and appending the same entries writes the same bytes again. After an {@link
 * IOException} the writer stands where it stood before the call.
 *
 * <p>Who calls it must never append other entries at the same indices: the leaves belong in a
 * durable store first, and this is their public copy.
 */
public final class TileWriter {
  private final LogFiles files;
  private State state;

  /**
   * The right edge: the entries and the hashes of each level's unfinished tile.
   *
   * @param frontier of all entries written
   * @param entries at most 255
   * @param edges by level, each at most 255 hashes
   */
  private record State(MerkleFrontier frontier, List<byte[]> entries, List<List<TreeHash>> edges) {}

  private TileWriter(LogFiles files, State state) {
    this.files = files;
    this.state = state;
  }

  public static TileWriter empty(LogFiles files) {
    return new TileWriter(files, new State(MerkleFrontier.empty(), List.of(), List.of()));
  }

  /** Takes up the log at a size whose files were written before. */
  public static TileWriter resume(LogFiles files, long size) throws IOException {
    TileReader reader = new TileReader(files, size);
    List<byte[]> entries = List.of();
    List<List<TreeHash>> edges = new ArrayList<>();
    for (int level = TilePath.ENTRIES; TilePath.hashesAt(Math.max(level, 0), size) > 0; level++) {
      long hashes = TilePath.hashesAt(Math.max(level, 0), size);
      TilePath last = TilePath.holding(level, hashes - 1, size);
      if (level == TilePath.ENTRIES) {
        entries = last.partial() ? reader.bundle(last) : List.of();
      } else {
        edges.add(last.partial() ? reader.tile(last) : List.of());
      }
    }
    return new TileWriter(files, new State(reader.frontier(), entries, edges));
  }

  public MerkleFrontier frontier() {
    return state.frontier();
  }

  public long size() {
    return state.frontier().size();
  }

  /** Writes the files of the entries; readers see them once a checkpoint names their size. */
  public MerkleFrontier append(List<byte[]> added) throws IOException {
    // All lengths first: a refusal halfway would leave a run of entries half written.
    added.forEach(EntryBundle::requireLength);
    MerkleFrontier frontier = state.frontier();
    List<byte[]> entries = new ArrayList<>(state.entries());
    List<List<TreeHash>> edges = new ArrayList<>();
    state.edges().forEach(edge -> edges.add(new ArrayList<>(edge)));
    for (byte[] entry : added) {
      TreeHash leaf = TreeHash.leaf(entry);
      frontier = frontier.appendLeaf(leaf);
      entries.add(entry.clone());
      if (entries.size() == TilePath.FULL_WIDTH) {
        long index = frontier.size() / TilePath.FULL_WIDTH - 1;
        TilePath full = new TilePath(TilePath.ENTRIES, index, TilePath.FULL_WIDTH);
        files.put(full.path(), EntryBundle.encode(entries));
        entries.clear();
      }
      carry(edges, 0, leaf, frontier.size());
    }
    long size = frontier.size();
    if (!entries.isEmpty()) {
      TilePath last = TilePath.holding(TilePath.ENTRIES, size - 1, size);
      files.put(last.path(), EntryBundle.encode(entries));
    }
    for (int level = 0; level < edges.size(); level++) {
      if (!edges.get(level).isEmpty()) {
        TilePath last = TilePath.holding(level, TilePath.hashesAt(level, size) - 1, size);
        files.put(last.path(), HashTile.encode(edges.get(level)));
      }
    }
    dropSuperseded(size(), size);
    // Last, so that whatever failed above, the caller may simply append the same entries again.
    state = new State(frontier, entries, edges);
    return frontier;
  }

  /** Makes a head visible. Its size and root must be what was written. */
  public void publish(SignedCheckpoint signed) throws IOException {
    MerkleFrontier frontier = state.frontier();
    if (signed.checkpoint().size() != frontier.size()
        || !signed.checkpoint().root().equals(frontier.root())) {
      throw new IllegalArgumentException(
          "the checkpoint of size %d is not the head of the %d entries written"
              .formatted(signed.checkpoint().size(), frontier.size()));
    }
    files.put(LogFiles.CHECKPOINT, signed.toBytes());
  }

  private void carry(List<List<TreeHash>> edges, int level, TreeHash hash, long size)
      throws IOException {
    if (level == edges.size()) {
      edges.add(new ArrayList<>());
    }
    List<TreeHash> edge = edges.get(level);
    edge.add(hash);
    if (edge.size() == TilePath.FULL_WIDTH) {
      long index = TilePath.hashesAt(level, size) / TilePath.FULL_WIDTH - 1;
      files.put(new TilePath(level, index, TilePath.FULL_WIDTH).path(), HashTile.encode(edge));
      TreeHash above = HashTile.root(edge);
      edge.clear();
      carry(edges, level + 1, above, size);
    }
  }

  /**
   * Partial files of a tile that has become full are of no more use: readers fall back to the full
   * one. Kept until then, since a reader may still hold an older checkpoint. After a failure
   * halfway the old size is still readable, by that fallback.
   */
  private void dropSuperseded(long before, long after) throws IOException {
    for (int level = TilePath.ENTRIES; TilePath.hashesAt(Math.max(level, 0), after) > 0; level++) {
      long had = TilePath.hashesAt(Math.max(level, 0), before);
      long has = TilePath.hashesAt(Math.max(level, 0), after);
      long edge = had / TilePath.FULL_WIDTH;
      if (has / TilePath.FULL_WIDTH > edge) {
        for (int width = 1; width <= had % TilePath.FULL_WIDTH; width++) {
          files.delete(new TilePath(level, edge, width).path());
        }
      }
    }
  }
}
