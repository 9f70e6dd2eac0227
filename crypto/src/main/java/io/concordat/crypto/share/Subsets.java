package io.concordat.crypto.share;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The t-subsets of answering positions in lexicographic order, the order in which all try them. */
public final class Subsets implements Iterator<int[]> {
  private final int[] positions;
  private final int[] chosen;
  private boolean more;

  /** Positions ascending; fewer than {@code size} of them have no subset. */
  public Subsets(int[] positions, int size) {
    this.positions = positions.clone();
    chosen = new int[size];
    Arrays.setAll(chosen, i -> i);
    more = size <= positions.length;
  }

  @Override
  public boolean hasNext() {
    return more;
  }

  @Override
  public int[] next() {
    if (!more) {
      throw new NoSuchElementException("all subsets were tried");
    }
    int[] subset = new int[chosen.length];
    Arrays.setAll(subset, i -> positions[chosen[i]]);
    int at = chosen.length - 1;
    while (at >= 0 && chosen[at] == positions.length - chosen.length + at) {
      at--;
    }
    more = at >= 0;
    if (more) {
      chosen[at]++;
      for (int i = at + 1; i < chosen.length; i++) {
        chosen[i] = chosen[i - 1] + 1;
      }
    }
    return subset;
  }
}
