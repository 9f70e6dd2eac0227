package io.concordat.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every proof of every tree of at most 64 entries, and everything one bit away from it. */
final class ProofTest {
  private static final int MAX = 64;

  private final List<byte[]> entries = MerkleTreeTest.entries(MAX);
  private final MerkleTree tree = new MerkleTree();

  ProofTest() {
    entries.forEach(tree::append);
  }

  @Test
  void everyInclusionProofUpTo64VerifiesAndIsThatOfTheDefinition() {
    for (int size = 1; size <= MAX; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof proof = tree.inclusion(index, size);
        assertThat(proof.path()).isEqualTo(slowPath(index, entries.subList(0, size)));
        assertThat(proof.verifies(leaf(index), tree.rootAt(size))).isTrue();
      }
    }
  }

  @Test
  void noInclusionProofUpTo64SurvivesAFlippedBit() {
    for (int size = 1; size <= MAX; size++) {
      TreeHash root = tree.rootAt(size);
      for (int index = 0; index < size; index++) {
        InclusionProof proof = tree.inclusion(index, size);
        TreeHash leaf = leaf(index);
        for (int bit = 0; bit < 256; bit++) {
          assertFalse(proof.verifies(flip(leaf, bit), root), "leaf", size, index, bit);
          assertFalse(proof.verifies(leaf, flip(root, bit)), "root", size, index, bit);
          for (int i = 0; i < proof.path().size(); i++) {
            List<TreeHash> mutant = new ArrayList<>(proof.path());
            mutant.set(i, flip(mutant.get(i), bit));
            assertFalse(
                new InclusionProof(index, size, mutant).verifies(leaf, root),
                "path",
                size,
                index,
                bit);
          }
        }
      }
    }
  }

  @Test
  void noInclusionProofUpTo64HoldsForAnotherIndexOrWithAnotherShape() {
    for (int size = 1; size <= MAX; size++) {
      TreeHash root = tree.rootAt(size);
      for (int index = 0; index < size; index++) {
        List<TreeHash> path = tree.inclusion(index, size).path();
        for (int other = 0; other < size; other++) {
          boolean verifies = new InclusionProof(other, size, path).verifies(leaf(index), root);
          assertThat(verifies).isEqualTo(other == index);
        }
        for (List<TreeHash> shape : otherShapes(path, root, leaf(index))) {
          assertThat(new InclusionProof(index, size, shape).verifies(leaf(index), root))
              .as("index %d of %d, %d hashes", index, size, shape.size())
              .isFalse();
        }
      }
    }
  }

  @Test
  void everyConsistencyProofUpTo64VerifiesAndIsThatOfTheDefinition() {
    for (int size = 1; size <= MAX; size++) {
      for (int old = 1; old <= size; old++) {
        ConsistencyProof proof = tree.consistency(old, size);
        assertThat(proof.path()).isEqualTo(slowSubproof(old, entries.subList(0, size), true));
        assertThat(proof.verifies(tree.rootAt(old), tree.rootAt(size))).isTrue();
      }
    }
  }

  @Test
  void noConsistencyProofUpTo64SurvivesAFlippedBit() {
    for (int size = 1; size <= MAX; size++) {
      TreeHash newRoot = tree.rootAt(size);
      for (int old = 1; old <= size; old++) {
        TreeHash oldRoot = tree.rootAt(old);
        ConsistencyProof proof = tree.consistency(old, size);
        for (int bit = 0; bit < 256; bit++) {
          assertFalse(proof.verifies(flip(oldRoot, bit), newRoot), "old root", size, old, bit);
          assertFalse(proof.verifies(oldRoot, flip(newRoot, bit)), "new root", size, old, bit);
          for (int i = 0; i < proof.path().size(); i++) {
            List<TreeHash> mutant = new ArrayList<>(proof.path());
            mutant.set(i, flip(mutant.get(i), bit));
            assertFalse(
                new ConsistencyProof(old, size, mutant).verifies(oldRoot, newRoot),
                "path",
                size,
                old,
                bit);
          }
        }
      }
    }
  }

  @Test
  void noConsistencyProofUpTo64HoldsWithAnotherShape() {
    for (int size = 1; size <= MAX; size++) {
      for (int old = 1; old <= size; old++) {
        TreeHash oldRoot = tree.rootAt(old);
        TreeHash newRoot = tree.rootAt(size);
        List<TreeHash> path = tree.consistency(old, size).path();
        for (List<TreeHash> shape : otherShapes(path, newRoot, oldRoot)) {
          assertThat(new ConsistencyProof(old, size, shape).verifies(oldRoot, newRoot))
              .as("%d to %d, %d hashes", old, size, shape.size())
              .isFalse();
        }
        if (old < size) {
          assertThat(new ConsistencyProof(old, size, path).verifies(newRoot, oldRoot)).isFalse();
        }
      }
    }
  }

  @Test
  void aForkAtAnySizeUpTo64HasNoProofTakenFromEitherBranch() {
    for (int fork = 0; fork < MAX; fork++) {
      MerkleTree other = new MerkleTree();
      for (int i = 0; i < MAX; i++) {
        other.append(i < fork ? entries.get(i) : ("forked " + i).getBytes(StandardCharsets.UTF_8));
      }
      for (int old = fork + 1; old <= MAX; old++) {
        for (int size = old; size <= MAX; size++) {
          TreeHash seen = tree.rootAt(old);
          TreeHash shown = other.rootAt(size);
          assertThat(other.consistency(old, size).verifies(seen, shown)).isFalse();
          assertThat(tree.consistency(old, size).verifies(seen, shown)).isFalse();
        }
      }
    }
  }

  @Test
  void thereIsNoConsistencyProofFromSizeZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConsistencyProof(0, 5, List.of()))
        .withMessageContaining("size 0");
    assertThatIllegalArgumentException().isThrownBy(() -> tree.consistency(0, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> new ConsistencyProof(0, 0, List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new ConsistencyProof(5, 4, List.of()));
  }

  @Test
  void anEmptyProofBetweenDifferentSizesIsFalseEvenForEqualRoots() {
    TreeHash root = tree.rootAt(4);
    assertThat(new ConsistencyProof(4, 8, List.of()).verifies(root, root)).isFalse();
    assertThat(new ConsistencyProof(4, 4, List.of()).verifies(root, root)).isTrue();
    assertThat(new ConsistencyProof(4, 4, List.of(root)).verifies(root, root)).isFalse();
  }

  @Test
  void nothingIsInTheEmptyTreeAndHugePathsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(0, 0, List.of()));
    List<TreeHash> many = Collections.nCopies(64, TreeHash.emptyTree());
    assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(0, 2, many));
    assertThatIllegalArgumentException().isThrownBy(() -> new ConsistencyProof(1, 2, many));
  }

  @Test
  void sizesNearTwoToThe63DoNotOverflow() {
    long size = Long.MAX_VALUE;
    SubtreeSource<RuntimeException> constant = (level, index) -> TreeHash.emptyTree();
    InclusionProof last = InclusionProof.make(constant, size - 1, size);
    assertThat(last.path()).hasSizeLessThanOrEqualTo(63);
    assertThat(last.verifies(TreeHash.emptyTree(), Ranges.root(constant, 0, size))).isTrue();
    ConsistencyProof proof = ConsistencyProof.make(constant, 1L << 62, size);
    assertThat(proof.verifies(TreeHash.emptyTree(), Ranges.root(constant, 0, size))).isTrue();
  }

  private TreeHash leaf(int index) {
    return TreeHash.leaf(entries.get(index));
  }

  /** Missing first or last, doubled, reversed, and padded in front and behind. */
  private static List<List<TreeHash>> otherShapes(
      List<TreeHash> path, TreeHash root, TreeHash other) {
    List<List<TreeHash>> shapes = new ArrayList<>();
    for (TreeHash extra : List.of(root, other, TreeHash.emptyTree())) {
      List<TreeHash> before = new ArrayList<>(path);
      before.addFirst(extra);
      shapes.add(before);
      List<TreeHash> behind = new ArrayList<>(path);
      behind.addLast(extra);
      shapes.add(behind);
    }
    if (!path.isEmpty()) {
      shapes.add(path.subList(1, path.size()));
      shapes.add(path.subList(0, path.size() - 1));
    }
    if (path.size() > 1) {
      shapes.add(path.reversed());
      shapes.add(List.of());
    }
    return shapes;
  }

  /** PATH of RFC 9162 section 2.1.3.1. */
  private static List<TreeHash> slowPath(int m, List<byte[]> d) {
    if (d.size() == 1) {
      return List.of();
    }
    int k = Integer.highestOneBit(d.size() - 1);
    List<byte[]> left = d.subList(0, k);
    List<byte[]> right = d.subList(k, d.size());
    List<TreeHash> path = new ArrayList<>(m < k ? slowPath(m, left) : slowPath(m - k, right));
    path.add(MerkleTreeTest.slowRoot(m < k ? right : left));
    return path;
  }

  /** SUBPROOF of RFC 9162 section 2.1.4.1. */
  private static List<TreeHash> slowSubproof(int m, List<byte[]> d, boolean known) {
    if (m == d.size()) {
      return known ? List.of() : List.of(MerkleTreeTest.slowRoot(d));
    }
    int k = Integer.highestOneBit(d.size() - 1);
    List<byte[]> left = d.subList(0, k);
    List<byte[]> right = d.subList(k, d.size());
    List<TreeHash> path =
        new ArrayList<>(m <= k ? slowSubproof(m, left, known) : slowSubproof(m - k, right, false));
    path.add(MerkleTreeTest.slowRoot(m <= k ? right : left));
    return path;
  }

  private static TreeHash flip(TreeHash hash, int bit) {
    byte[] bytes = hash.bytes();
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    return TreeHash.of(bytes);
  }

  /** AssertJ would cost more than the hashing in a loop of millions. */
  private static void assertFalse(boolean verified, String part, int size, int at, int bit) {
    if (verified) {
      throw new AssertionError(
          "verified with bit %d of %s flipped, size %d, at %d".formatted(bit, part, size, at));
    }
  }
}
