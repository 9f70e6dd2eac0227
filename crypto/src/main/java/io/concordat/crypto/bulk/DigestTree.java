package io.concordat.crypto.bulk;

import io.concordat.crypto.InvariantViolation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The digest of a large object as a Merkle tree over its 4 MiB chunks (RFC 9162 section 2.1.1), so
 * that one chunk of an upload can be checked before the next arrives. Leaves carry their index:
 * chunks cannot change places. Leaf = SHA-256(0x00, u32 index big-endian, chunk), node =
 * SHA-256(0x01, left, right).
 *
 * <p>This stream swallows the object's bytes, head included, and gives the root. Its memory is 32
 * bytes a chunk.
 */
public final class DigestTree extends OutputStream {
  /** Bytes of every chunk but the last. */
  public static final int CHUNK_BYTES = 4 << 20;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest hash = Digests.newSha256();
  private byte[] leaves = new byte[8 * Digest.BYTES];
  private int leafCount;
  private int inChunk;
  private long length;
  private boolean open;

  /** How many chunks an object of this many bytes has. */
  public static long chunks(long objectBytes) {
    return (objectBytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  /** The leaf of one chunk. */
  public static Digest leaf(int index, byte[] chunk) {
    return leaf(index, chunk, 0, chunk.length);
  }

  /** The leaf of a chunk that stands within an array. */
  public static Digest leaf(int index, byte[] bytes, int offset, int count) {
    if (index < 0 || count < 1 || count > CHUNK_BYTES) {
      throw new IllegalArgumentException("a chunk has 1 to 4 MiB and an index from 0");
    }
    MessageDigest hash = Digests.newSha256();
    begin(hash, index);
    hash.update(bytes, offset, count);
    return Digests.finish(hash);
  }

  /** The root over leaves in order. */
  public static Digest root(List<Digest> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("an object has at least one chunk");
    }
    byte[] row = new byte[leaves.size() * Digest.BYTES];
    for (int i = 0; i < leaves.size(); i++) {
      System.arraycopy(leaves.get(i).bytes(), 0, row, i * Digest.BYTES, Digest.BYTES);
    }
    return root(row, leaves.size(), Digests.newSha256());
  }

  /**
   * Row by row in place, the last of an odd row going up as it is. That is the RFC's tree, which
   * splits at the greatest power of two below the number of leaves: whole pairs from the left.
   */
  private static Digest root(byte[] row, int count, MessageDigest hash) {
    for (int left = count; left > 1; left = (left + 1) / 2) {
      for (int i = 0; i + 1 < left; i += 2) {
        hash.update(NODE);
        hash.update(row, i * Digest.BYTES, 2 * Digest.BYTES);
        finish(hash, row, i / 2 * Digest.BYTES);
      }
      if (left % 2 == 1) {
        int last = (left - 1) * Digest.BYTES;
        System.arraycopy(row, last, row, left / 2 * Digest.BYTES, Digest.BYTES);
      }
    }
    return Digest.of(Arrays.copyOf(row, Digest.BYTES));
  }

  private static void finish(MessageDigest hash, byte[] into, int at) {
    try {
      hash.digest(into, at, Digest.BYTES);
    } catch (DigestException e) {
      throw new InvariantViolation("SHA-256 gives 32 bytes", e);
    }
  }

  /** The root of an object in memory. */
  public static Digest of(byte[] object) {
    DigestTree tree = new DigestTree();
    tree.write(object, 0, object.length);
    return tree.root();
  }

  /** The root of everything that the stream still gives. */
  public static Digest of(InputStream object) throws IOException {
    DigestTree tree = new DigestTree();
    object.transferTo(tree);
    return tree.root();
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    int done = 0;
    while (done < count) {
      if (!open) {
        begin(hash, leafCount);
        open = true;
      }
      int step = Math.min(count - done, CHUNK_BYTES - inChunk);
      hash.update(bytes, offset + done, step);
      done += step;
      inChunk += step;
      if (inChunk == CHUNK_BYTES) {
        endChunk();
      }
    }
    length += count;
  }

  /** Bytes seen so far. */
  public long length() {
    return length;
  }

  /**
   * Ends the last chunk and gives all leaves in order; at least one byte must have been written.
   */
  public List<Digest> leaves() {
    if (open) {
      endChunk();
    }
    List<Digest> out = new ArrayList<>();
    for (int i = 0; i < leafCount; i++) {
      int at = i * Digest.BYTES;
      out.add(Digest.of(Arrays.copyOfRange(leaves, at, at + Digest.BYTES)));
    }
    return List.copyOf(out);
  }

  /** The root over everything written; nothing may be written afterwards. */
  public Digest root() {
    if (length == 0) {
      throw new InvariantViolation("a digest tree of nothing was asked for");
    }
    if (open) {
      endChunk();
    }
    return root(Arrays.copyOf(leaves, leafCount * Digest.BYTES), leafCount, hash);
  }

  private void endChunk() {
    int at = leafCount * Digest.BYTES;
    if (at == leaves.length) {
      leaves = Arrays.copyOf(leaves, 2 * at);
    }
    finish(hash, leaves, at);
    leafCount++;
    inChunk = 0;
    open = false;
  }

  private static void begin(MessageDigest hash, int index) {
    hash.update(LEAF);
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      hash.update((byte) (index >>> shift));
    }
  }
}
