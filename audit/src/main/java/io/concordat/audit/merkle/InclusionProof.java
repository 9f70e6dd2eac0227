package io.concordat.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * That one leaf stands at one index of a tree of one size (RFC 9162 section 2.1.3). The path runs
 * from the leaf's sibling up to the root's child.
 */
public record InclusionProof(long index, long size, List<TreeHash> path) {
  /** A tree of at most 2^63 - 1 leaves has no longer path. */
  public static final int MAX_PATH_HASHES = 63;

  public InclusionProof {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "index " + index + " is not in a tree of " + size + " leaves");
    }
    if (path.size() > MAX_PATH_HASHES) {
      throw new IllegalArgumentException("an inclusion path has at most 63 hashes");
    }
    path = List.copyOf(path);
  }

  public static <E extends Exception> InclusionProof make(
      SubtreeSource<E> tree, long index, long size) throws E {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "index " + index + " is not in a tree of " + size + " leaves");
    }
    List<TreeHash> fromRoot = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + Ranges.leftWidth(to - from);
      if (index < middle) {
        fromRoot.add(Ranges.root(tree, middle, to));
        to = middle;
      } else {
        fromRoot.add(Ranges.root(tree, from, middle));
        from = middle;
      }
    }
    return new InclusionProof(index, size, fromRoot.reversed());
  }

  /** RFC 9162 section 2.1.3.2, step by step; fn and sn are its names. */
  public boolean verifies(TreeHash leaf, TreeHash root) {
    long fn = index;
    long sn = size - 1;
    TreeHash r = leaf;
    for (TreeHash p : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = TreeHash.node(p, r);
        // A last leaf without right neighbours joins several levels up.
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        r = TreeHash.node(r, p);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && r.equals(root);
  }
}
