package io.concordat.audit.merkle;

/**
 * Where proofs find their hashes: the complete subtrees of a stored tree.
 *
 * @param <E> what reading can fail with; {@link RuntimeException} for memory
 */
@FunctionalInterface
public interface SubtreeSource<E extends Exception> {
  /**
   * The root of the complete subtree over entries {@code index * 2^level} up to, not including,
   * {@code (index + 1) * 2^level}.
   */
  TreeHash hash(int level, long index) throws E;
}
