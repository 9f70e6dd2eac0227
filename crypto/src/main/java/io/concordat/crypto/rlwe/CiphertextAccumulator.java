package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Adds contributions, each whole or not at all. The new sum is written beside the old one and takes
 * its place only after the last byte was read, found in range and found to have the digest that the
 * contribution's header names (INV-20): bytes refused half-way leave no trace in the sum.
 *
 * <p>Memory is one run of residues beyond the store. Not thread-safe.
 */
public final class CiphertextAccumulator implements AutoCloseable {
  private final Layout layout;
  private final RingKernel kernel;
  private final SumStore store;
  private final CiphertextReader reader;
  private final byte[] held;
  private int current;
  private int added;

  /** The accumulator owns the store from now on and closes it. */
  public CiphertextAccumulator(Layout layout, RingKernel kernel, SumStore store) {
    this.layout = layout;
    this.kernel = kernel;
    this.store = store;
    reader = new CiphertextReader(layout, kernel);
    held = new byte[Math.max(layout.wordBytes(0), layout.wordBytes(Layout.CHECK_BLOCK))];
  }

  /** How many contributions the sum holds. */
  public int added() {
    return added;
  }

  /**
   * Adds one contribution.
   *
   * @param object head and body, nothing after them
   * @param root what its header says of it
   * @throws DecodeException if the object is not a contribution of this layout with this root; the
   *     sum is as before
   */
  public void add(InputStream object, Digest root) throws IOException, DecodeException {
    if (added == layout.maxCohort()) {
      throw new IllegalStateException("the layout holds " + added + " contributions, no more");
    }
    int target = 1 - current;
    long[] position = {0};
    BulkDigest found =
        reader.readWires(
            object,
            BulkHead.Kind.CIPHERTEXT,
            (block, prime, wire, rows) -> {
              int bytes = layout.wordBytes(block);
              byte[] result = wire;
              boolean good;
              if (added > 0) {
                store.read(current, position[0], held, bytes);
                // The store's words were checked when they were written, these while they are
                // added.
                Modulus p = layout.set().primes().get(prime);
                good = kernel.addPacked(p, wire, 0, held, 0, rows);
                result = held;
              } else {
                good = reader.inRange(prime, wire, rows);
              }
              store.write(target, position[0], result, bytes);
              position[0] += bytes;
              return good;
            });
    if (!found.root().equals(root)) {
      throw new DecodeException("the contribution's digest is not the one in its header");
    }
    current = target;
    added++;
  }

  /** Writes the sum as a bulk object of kind summed ciphertext. */
  public BulkDigest writeTo(OutputStream out) throws IOException {
    if (added == 0) {
      throw new IllegalStateException("no contribution was added");
    }
    DigestTree tree = new DigestTree();
    byte[] head = new BulkHead(BulkHead.Kind.SUMMED_CIPHERTEXT, layout.ciphertextBytes()).encode();
    tree.write(head);
    out.write(head);
    long end = layout.ciphertextBytes();
    for (long position = 0; position < end; ) {
      int step = (int) Math.min(held.length, end - position);
      store.read(current, position, held, step);
      tree.write(held, 0, step);
      out.write(held, 0, step);
      position += step;
    }
    return new BulkDigest(tree.length(), tree.root());
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
