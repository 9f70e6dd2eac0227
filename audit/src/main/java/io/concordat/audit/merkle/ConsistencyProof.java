package io.concordat.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * That a tree continues an earlier one without changing it (RFC 9162 section 2.1.4).
 *
 * <p>From size 0 there is nothing to prove and nothing a proof could bind, so the type refuses it:
 * a caller that means "everything continues the empty tree" has to say so, as the witness does.
 */
public record ConsistencyProof(long oldSize, long newSize, List<TreeHash> path) {
  /** The bound of c2sp.org/tlog-witness, which no honest proof reaches. */
  public static final int MAX_PATH_HASHES = 63;

  public ConsistencyProof {
    requireSizes(oldSize, newSize);
    if (path.size() > MAX_PATH_HASHES) {
      throw new IllegalArgumentException("a consistency path has at most 63 hashes");
    }
    path = List.copyOf(path);
  }

  public static <E extends Exception> ConsistencyProof make(
      SubtreeSource<E> tree, long oldSize, long newSize) throws E {
    requireSizes(oldSize, newSize);
    List<TreeHash> fromRoot = new ArrayList<>();
    long from = 0;
    long to = newSize;
    // Walk towards the right edge of the old tree until the run ends exactly there.
    while (to != oldSize) {
      long middle = from + Ranges.leftWidth(to - from);
      if (oldSize <= middle) {
        fromRoot.add(Ranges.root(tree, middle, to));
        to = middle;
      } else {
        fromRoot.add(Ranges.root(tree, from, middle));
        from = middle;
      }
    }
    // A run that starts at 0 is the whole old tree, whose root the verifier already holds.
    if (from != 0) {
      fromRoot.add(Ranges.root(tree, from, to));
    }
    return new ConsistencyProof(oldSize, newSize, fromRoot.reversed());
  }

  /** RFC 9162 section 2.1.4.2; equal sizes verify by equal roots and an empty path. */
  public boolean verifies(TreeHash oldRoot, TreeHash newRoot) {
    if (oldSize == newSize) {
      return path.isEmpty() && oldRoot.equals(newRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    boolean oldIsComplete = Long.bitCount(oldSize) == 1;
    TreeHash first = oldIsComplete ? oldRoot : path.getFirst();
    long fn = oldSize - 1;
    long sn = newSize - 1;
    while ((fn & 1) == 1) {
      fn >>>= 1;
      sn >>>= 1;
    }
    TreeHash fr = first;
    TreeHash sr = first;
    for (TreeHash c : oldIsComplete ? path : path.subList(1, path.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = TreeHash.node(c, fr);
        sr = TreeHash.node(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        sr = TreeHash.node(sr, c);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && fr.equals(oldRoot) && sr.equals(newRoot);
  }

  private static void requireSizes(long oldSize, long newSize) {
    if (oldSize < 1) {
      throw new IllegalArgumentException("there is no consistency proof from size " + oldSize);
    }
    if (newSize < oldSize) {
      throw new IllegalArgumentException("a tree of " + oldSize + " cannot shrink to " + newSize);
    }
  }
}
