package io.concordat.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole tree in memory, every complete subtree kept: about 64 bytes and two references an entry.
 * For nodes that answer with proofs without a disk, and as the slow definition in tests.
 */
public final class MerkleTree implements SubtreeSource<RuntimeException> {
  private final List<List<TreeHash>> levels = new ArrayList<>();
  private long size;

  public void append(byte[] entry) {
    appendLeaf(TreeHash.leaf(entry));
  }

  public void appendLeaf(TreeHash leaf) {
    TreeHash carried = leaf;
    int level = 0;
    while (true) {
      if (level == levels.size()) {
        levels.add(new ArrayList<>());
      }
      List<TreeHash> row = levels.get(level);
      row.add(carried);
      if ((row.size() & 1) == 1) {
        break;
      }
      carried = TreeHash.node(row.get(row.size() - 2), carried);
      level++;
    }
    size++;
  }

  public long size() {
    return size;
  }

  public TreeHash root() {
    return rootAt(size);
  }

  /** The root as it was when the tree had {@code earlierSize} leaves. */
  public TreeHash rootAt(long earlierSize) {
    requireWithin(earlierSize);
    return earlierSize == 0 ? TreeHash.emptyTree() : Ranges.root(this, 0, earlierSize);
  }

  public InclusionProof inclusion(long index, long treeSize) {
    requireWithin(treeSize);
    return InclusionProof.make(this, index, treeSize);
  }

  public ConsistencyProof consistency(long oldSize, long newSize) {
    requireWithin(newSize);
    return ConsistencyProof.make(this, oldSize, newSize);
  }

  @Override
  public TreeHash hash(int level, long index) {
    if (level < 0 || level >= levels.size() || index < 0 || index >= levels.get(level).size()) {
      throw new IllegalArgumentException(
          "no complete subtree at level " + level + ", index " + index);
    }
    return levels.get(level).get((int) index);
  }

  private void requireWithin(long treeSize) {
    if (treeSize < 0 || treeSize > size) {
      throw new IllegalArgumentException("the tree has " + size + " leaves, not " + treeSize);
    }
  }
}
