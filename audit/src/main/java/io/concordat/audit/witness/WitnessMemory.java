package io.concordat.audit.witness;

import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;

/** The newest head of one log that a witness cosigned: all it has to remember. */
public record WitnessMemory(String origin, long size, TreeHash root) {
  public WitnessMemory {
    if (size < 0 || (size == 0 && !root.equals(TreeHash.emptyTree()))) {
      throw new IllegalArgumentException("a witness remembers the empty tree, or a larger one");
    }
  }

  /** Before the first cosignature. */
  public static WitnessMemory nothingYet(String origin) {
    return new WitnessMemory(origin, 0, TreeHash.emptyTree());
  }

  static WitnessMemory of(Checkpoint checkpoint) {
    return new WitnessMemory(checkpoint.origin(), checkpoint.size(), checkpoint.root());
  }
}
