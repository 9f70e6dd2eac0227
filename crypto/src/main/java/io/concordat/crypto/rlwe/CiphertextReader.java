package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.ring.kernel.RingKernel;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a ciphertext or a summed ciphertext run after run (one block, one prime) and refuses what
 * is not exactly one: another head, a residue not below its prime, a set fill bit, fewer or more
 * bytes. The digest tree is taken in the same pass, so that what was used is what was digested.
 */
final class CiphertextReader {
  private final Layout layout;
  private final RingKernel kernel;
  private final byte[] wire;
  private final long[] residues;

  /** Takes one run as residues. */
  @FunctionalInterface
  interface Run {
    /**
     * @param residues the first {@code rows} of the array; may be written
     */
    void take(int block, int primeIndex, long[] residues, int rows) throws IOException;
  }

  /** Takes one run as bytes and checks it itself, so that they are unpacked once at most. */
  @FunctionalInterface
  interface Wire {
    /**
     * @param wire the run's bytes, the first {@link Layout#wordBytes} of the array
     * @return whether every residue is below its prime and every fill bit zero
     */
    boolean take(int block, int primeIndex, byte[] wire, int rows) throws IOException;
  }

  CiphertextReader(Layout layout, RingKernel kernel) {
    this.layout = layout;
    this.kernel = kernel;
    int rows = Math.max(layout.rows(0), layout.checkRows());
    residues = new long[rows];
    wire = new byte[Math.max(layout.wordBytes(0), layout.wordBytes(Layout.CHECK_BLOCK))];
  }

  /** Reads a whole object of the given kind. */
  BulkDigest readAll(InputStream in, BulkHead.Kind kind, Run run)
      throws IOException, DecodeException {
    return readWires(in, kind, unpacking(run));
  }

  private Wire unpacking(Run run) {
    return (block, prime, bytes, rows) -> {
      boolean good = inRange(prime, bytes, rows);
      if (good) {
        run.take(block, prime, residues, rows);
      }
      return good;
    };
  }

  /** The check alone. */
  boolean inRange(int prime, byte[] bytes, int rows) {
    return kernel.unpackWords(layout.set().primes().get(prime), bytes, 0, residues, 0, rows);
  }

  /** Reads a whole object of the given kind, each run checked by its taker. */
  BulkDigest readWires(InputStream in, BulkHead.Kind kind, Wire run)
      throws IOException, DecodeException {
    BulkHead.expect(in, kind, layout.ciphertextBytes());
    DigestTree tree = new DigestTree();
    tree.write(new BulkHead(kind, layout.ciphertextBytes()).encode());
    for (int block = 0; block < layout.blocks(); block++) {
      readBlock(in, block, tree, run);
    }
    readBlock(in, Layout.CHECK_BLOCK, tree, run);
    if (in.read() >= 0) {
      throw new DecodeException("bytes follow the last block");
    }
    return new BulkDigest(tree.length(), tree.root());
  }

  /** Reads the check block alone, skipping what stands before it. */
  void readCheckBlock(InputStream in, BulkHead.Kind kind, Run run)
      throws IOException, DecodeException {
    BulkHead.expect(in, kind, layout.ciphertextBytes());
    in.skipNBytes(layout.blockOffset(Layout.CHECK_BLOCK));
    readBlock(in, Layout.CHECK_BLOCK, new DigestTree(), unpacking(run));
  }

  private void readBlock(InputStream in, int block, DigestTree tree, Wire run)
      throws IOException, DecodeException {
    int rows = layout.rows(block);
    int bytes = layout.wordBytes(block);
    for (int j = 0; j < layout.set().primeCount(); j++) {
      if (in.readNBytes(wire, 0, bytes) < bytes) {
        throw new DecodeException("the object ends within " + name(block) + ", prime " + j);
      }
      tree.write(wire, 0, bytes);
      if (!run.take(block, j, wire, rows)) {
        throw new DecodeException(
            "a residue or fill bit of " + name(block) + ", prime " + j + " is out of range");
      }
    }
  }

  private static String name(int block) {
    return block == Layout.CHECK_BLOCK ? "the check block" : "block " + block;
  }
}
