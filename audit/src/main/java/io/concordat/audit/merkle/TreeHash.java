package io.concordat.audit.merkle;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A node of the tree: 32 bytes of SHA-256. Leaves and inner nodes are hashed under different
 * prefixes (RFC 9162 section 2.1.1), else an inner node's 64 bytes could be passed off as an entry.
 */
public final class TreeHash {
  /** Length in bytes. */
  public static final int BYTES = 32;

  private static final byte LEAF_PREFIX = 0;
  private static final byte NODE_PREFIX = 1;

  /**
   * Replays hash millions of entries, and looking up the algorithm costs half as much as using it.
   */
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(TreeHash::sha256);

  private static final TreeHash EMPTY_TREE = new TreeHash(SHA256.get().digest());

  private final byte[] bytes;

  private TreeHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The root of the tree with no entries: the hash of the empty string. */
  public static TreeHash emptyTree() {
    return EMPTY_TREE;
  }

  /** The hash of one entry. */
  public static TreeHash leaf(byte[] entry) {
    byte[] prefixed = new byte[1 + entry.length];
    prefixed[0] = LEAF_PREFIX;
    System.arraycopy(entry, 0, prefixed, 1, entry.length);
    return new TreeHash(SHA256.get().digest(prefixed));
  }

  /** The hash above two subtrees. */
  public static TreeHash node(TreeHash left, TreeHash right) {
    byte[] both = new byte[1 + 2 * BYTES];
    both[0] = NODE_PREFIX;
    left.copyTo(both, 1);
    right.copyTo(both, 1 + BYTES);
    return new TreeHash(SHA256.get().digest(both));
  }

  /** Takes 32 bytes as they are. */
  public static TreeHash of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** Takes 32 bytes from within an array. */
  public static TreeHash of(byte[] bytes, int from, int length) {
    if (length != BYTES) {
      throw new IllegalArgumentException("a tree hash has 32 bytes, not " + length);
    }
    return new TreeHash(Arrays.copyOfRange(bytes, from, from + BYTES));
  }

  /** Reads the base64 that checkpoints and proofs carry. */
  public static TreeHash parseBase64(String text, String what) throws LogFormatException {
    byte[] bytes = StrictText.base64(text, what);
    if (bytes.length != BYTES) {
      throw new LogFormatException(what + ": expected 32 bytes, found " + bytes.length);
    }
    return new TreeHash(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Writes the 32 bytes into an array. */
  public void copyTo(byte[] out, int at) {
    System.arraycopy(bytes, 0, out, at, BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeHash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
