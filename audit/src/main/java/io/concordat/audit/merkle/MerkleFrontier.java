package io.concordat.audit.merkle;

import io.concordat.audit.LogFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An append-only tree reduced to what appending needs: the roots of its maximal complete subtrees,
 * largest first, one for each 1-bit of the size. Immutable; appending gives a new value, so a
 * caller can persist the next state before it gives up the old one.
 *
 * <p>State on disk ({@link #toBytes}): u64 size, then the peaks, 32 bytes each. At most 8 + 63 * 32
 * bytes, however long the log.
 */
public final class MerkleFrontier {
  private static final MerkleFrontier EMPTY = new MerkleFrontier(0, List.of());

  private final long size;
  private final List<TreeHash> peaks;

  private MerkleFrontier(long size, List<TreeHash> peaks) {
    this.size = size;
    this.peaks = peaks;
  }

  public static MerkleFrontier empty() {
    return EMPTY;
  }

  /** The frontier of the first {@code size} leaves of a stored tree. */
  public static <E extends Exception> MerkleFrontier of(SubtreeSource<E> tree, long size) throws E {
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size);
    }
    List<TreeHash> peaks = new ArrayList<>();
    long start = 0;
    for (int level = 62; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        peaks.add(tree.hash(level, start >>> level));
        start += 1L << level;
      }
    }
    return new MerkleFrontier(size, List.copyOf(peaks));
  }

  /** Reads what {@link #toBytes} wrote. Length and size must agree; hashes cannot be checked. */
  public static MerkleFrontier fromBytes(byte[] bytes) throws LogFormatException {
    if (bytes.length < 8) {
      throw new LogFormatException("frontier: expected at least 8 bytes, found " + bytes.length);
    }
    long size = ByteBuffer.wrap(bytes).getLong();
    if (size < 0) {
      throw new LogFormatException("frontier: the size exceeds 2^63 - 1");
    }
    int count = Long.bitCount(size);
    if (bytes.length != 8 + count * TreeHash.BYTES) {
      throw new LogFormatException(
          "frontier: size %d has %d peaks, so %d bytes; found %d"
              .formatted(size, count, 8 + count * TreeHash.BYTES, bytes.length));
    }
    List<TreeHash> peaks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      peaks.add(TreeHash.of(bytes, 8 + i * TreeHash.BYTES, TreeHash.BYTES));
    }
    return new MerkleFrontier(size, List.copyOf(peaks));
  }

  public byte[] toBytes() {
    byte[] out = new byte[8 + peaks.size() * TreeHash.BYTES];
    ByteBuffer.wrap(out).putLong(size);
    for (int i = 0; i < peaks.size(); i++) {
      peaks.get(i).copyTo(out, 8 + i * TreeHash.BYTES);
    }
    return out;
  }

  public MerkleFrontier append(byte[] entry) {
    return appendLeaf(TreeHash.leaf(entry));
  }

  public MerkleFrontier appendAll(Iterable<byte[]> entries) {
    MerkleFrontier next = this;
    for (byte[] entry : entries) {
      next = next.append(entry);
    }
    return next;
  }

  public MerkleFrontier appendLeaf(TreeHash leaf) {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("the tree is full");
    }
    // Each trailing 1-bit of the size is a complete subtree as large as what is being carried.
    int merges = Long.numberOfTrailingZeros(~size);
    List<TreeHash> next = new ArrayList<>(peaks.subList(0, peaks.size() - merges));
    TreeHash carried = leaf;
    for (int i = 0; i < merges; i++) {
      carried = TreeHash.node(peaks.get(peaks.size() - 1 - i), carried);
    }
    next.add(carried);
    return new MerkleFrontier(size + 1, List.copyOf(next));
  }

  public long size() {
    return size;
  }

  public TreeHash root() {
    if (size == 0) {
      return TreeHash.emptyTree();
    }
    TreeHash root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = TreeHash.node(peaks.get(i), root);
    }
    return root;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MerkleFrontier that && size == that.size && peaks.equals(that.peaks);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(size) + peaks.hashCode();
  }

  @Override
  public String toString() {
    return "MerkleFrontier[size=" + size + ", root=" + root() + "]";
  }
}
