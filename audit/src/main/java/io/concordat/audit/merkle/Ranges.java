package io.concordat.audit.merkle;

/** Roots of runs of entries, split as RFC 9162 section 2.1.1 splits a tree. */
final class Ranges {
  private Ranges() {}

  /**
   * MTH(D[from:to]). Starts that the proofs ask for are multiples of the largest power of two in
   * the run, so every complete part is one stored subtree.
   */
  static <E extends Exception> TreeHash root(SubtreeSource<E> tree, long from, long to) throws E {
    long width = to - from;
    if (Long.bitCount(width) == 1) {
      int level = Long.numberOfTrailingZeros(width);
      return tree.hash(level, from >>> level);
    }
    long left = leftWidth(width);
    return TreeHash.node(root(tree, from, from + left), root(tree, from + left, to));
  }

  /** The largest power of two strictly below a width of at least two. */
  static long leftWidth(long width) {
    return Long.highestOneBit(width - 1);
  }
}
