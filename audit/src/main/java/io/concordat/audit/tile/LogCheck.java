package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes a whole log from its entries and compares every file a checkpoint covers with what it
 * must contain. Memory stays at one bundle and a few tiles, however long the log.
 */
public final class LogCheck {
  /** A damaged log can be wrong in every file; the first findings say enough. */
  private static final int MAX_FINDINGS = 100;

  private LogCheck() {}

  /**
   * One file that is not what the entries demand.
   *
   * @param path the file, or {@link LogFiles#CHECKPOINT} if the entries' root is another one
   */
  public record Finding(String path, String what) {}

  /** Empty exactly if the files are the log the checkpoint names. Signatures are not its matter. */
  public static List<Finding> findings(LogFiles files, Checkpoint checkpoint) throws IOException {
    return findings(files, checkpoint, MAX_FINDINGS);
  }

  /** The same, but reading stops soon after so many findings. */
  public static List<Finding> findings(LogFiles files, Checkpoint checkpoint, int enough)
      throws IOException {
    List<Finding> findings = new ArrayList<>();
    Pass pass = new Pass(files, checkpoint.size(), findings);
    for (long at = 0; at < checkpoint.size() && findings.size() < enough; ) {
      TilePath path = TilePath.holding(TilePath.ENTRIES, at, checkpoint.size());
      pass.bundle(path);
      at += path.width();
    }
    pass.finish(checkpoint);
    return findings;
  }

  private static final class Pass {
    private final LogFiles files;
    private final TileReader reader;
    private final long size;
    private final List<Finding> findings;
    private final List<List<TreeHash>> edges = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private long seen;
    private boolean entriesComplete = true;

    Pass(LogFiles files, long size, List<Finding> findings) {
      this.files = files;
      this.reader = new TileReader(files, size);
      this.size = size;
      this.findings = findings;
    }

    void bundle(TilePath path) throws IOException {
      try {
        for (byte[] entry : reader.bundle(path)) {
          TreeHash leaf = TreeHash.leaf(entry);
          seen++;
          carry(0, leaf);
        }
      } catch (LogFormatException e) {
        findings.add(new Finding(path.path(), String.valueOf(e.getMessage())));
        entriesComplete = false;
      }
    }

    void finish(Checkpoint checkpoint) throws IOException {
      if (!entriesComplete || seen != size) {
        // With a bundle missing the later tiles have no defined content.
        return;
      }
      for (int level = 0; level < edges.size(); level++) {
        if (!edges.get(level).isEmpty()) {
          compare(level);
        }
      }
      if (!root().equals(checkpoint.root())) {
        findings.add(
            new Finding(LogFiles.CHECKPOINT, "the entries have another root than the checkpoint"));
      }
    }

    /**
     * Every full tile has been carried upwards as one hash, so what is left at the edges holds all
     * peaks: those of levels 8t to 8t + 7 lie in the edge of tile level t.
     */
    private TreeHash root() {
      return MerkleFrontier.of(this::subtree, size).root();
    }

    private TreeHash subtree(int level, long index) {
      int tileLevel = level / TilePath.HEIGHT;
      int within = level % TilePath.HEIGHT;
      int from = (int) ((index << within) - starts.get(tileLevel) * TilePath.FULL_WIDTH);
      return HashTile.root(edges.get(tileLevel).subList(from, from + (1 << within)));
    }

    private void carry(int level, TreeHash hash) throws IOException {
      if (level == edges.size()) {
        edges.add(new ArrayList<>());
        starts.add(0L);
      }
      List<TreeHash> edge = edges.get(level);
      edge.add(hash);
      if (edge.size() == TilePath.FULL_WIDTH) {
        TreeHash above = HashTile.root(edge);
        compare(level);
        edge.clear();
        starts.set(level, starts.get(level) + 1);
        carry(level + 1, above);
      }
    }

    private void compare(int level) throws IOException {
      List<TreeHash> expected = edges.get(level);
      TilePath path = new TilePath(level, starts.get(level), expected.size());
      Optional<byte[]> file = files.get(path.path());
      if (file.isEmpty() && path.partial()) {
        // A reader would take the full tile; so does the check.
        file = files.get(path.full().path());
        if (file.isPresent() && file.get().length >= expected.size() * TreeHash.BYTES) {
          byte[] start = new byte[expected.size() * TreeHash.BYTES];
          System.arraycopy(file.get(), 0, start, 0, start.length);
          file = Optional.of(start);
        }
      }
      if (file.isEmpty()) {
        findings.add(new Finding(path.path(), "missing"));
      } else if (!Arrays.equals(file.get(), HashTile.encode(expected))) {
        findings.add(new Finding(path.path(), "hashes are not those of the entries"));
      }
    }
  }
}
