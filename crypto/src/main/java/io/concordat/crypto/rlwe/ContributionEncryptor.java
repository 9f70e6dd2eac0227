package io.concordat.crypto.rlwe;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.share.ShamirSharing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Seals a vector for one round: c_b = a_b k + e_b + scale m_b block after block, then the check
 * block c_x = a_x k + e_x, an encryption of nothing, then the shares of k.
 *
 * <p>Memory does not grow with the vector: one block of values, its chunks and one polynomial are
 * held. Key, transform of the key, errors and values are zeroed when sealing ends, however it ends;
 * a copy that the garbage collector made while moving an array is out of reach.
 */
public final class ContributionEncryptor {
  private final Layout layout;
  private final RingKernel kernel;
  private final UniformWords polynomials;

  public ContributionEncryptor(Layout layout, RoundContext context, RingKernel kernel) {
    this.layout = layout;
    this.kernel = kernel;
    polynomials = UniformWords.ofRound(context, kernel);
  }

  /**
   * Writes head and ciphertext to the stream, then hands out the shares. The same arguments give
   * the same bytes. A seed must never seal a second vector: derive it with {@link SealSeed}.
   *
   * @param seed 64 bytes
   * @param values exactly as many as the layout says, each within [-2^62, 2^62]
   * @param threshold t, how many holders can open
   * @param holders positions of the holders that get a share, ascending, at least t of them
   * @return what the contribution's header says of its ciphertext
   */
  public BulkDigest seal(
      byte[] seed,
      IntegerVector values,
      int threshold,
      int[] holders,
      ShareReceiver shares,
      OutputStream out)
      throws IOException {
    if (seed.length != SealSeed.BYTES) {
      throw new IllegalArgumentException("a seal seed has 64 bytes, not " + seed.length);
    }
    return seal(
        ContributionSecrets.fromSeed(seed, kernel), values, threshold, holders, shares, out);
  }

  BulkDigest seal(
      ContributionSecrets secrets,
      IntegerVector values,
      int threshold,
      int[] holders,
      ShareReceiver shares,
      OutputStream out)
      throws IOException {
    if (values.size() != layout.values()) {
      throw new IllegalArgumentException(
          "the layout has " + layout.values() + " values, the vector " + values.size());
    }
    requireHolders(threshold, holders);
    Work work = new Work(layout);
    try {
      secrets.key(work.key);
      transformKey(work);
      DigestTree tree = new DigestTree();
      BulkHead head = new BulkHead(BulkHead.Kind.CIPHERTEXT, layout.ciphertextBytes());
      tree.write(head.encode());
      out.write(head.encode());
      for (int block = 0; block < layout.blocks(); block++) {
        long from = block * layout.valuesOfFullBlock();
        work.packing.pack(kernel, values, from, layout.valuesIn(block), layout.rows(block));
        encrypt(secrets, block, work, tree, out);
      }
      encrypt(secrets, Layout.CHECK_BLOCK, work, tree, out);
      deal(secrets, threshold, holders, work.key, shares);
      return new BulkDigest(tree.length(), tree.root());
    } finally {
      work.wipe();
    }
  }

  private void transformKey(Work work) {
    ParameterSet set = layout.set();
    for (int j = 0; j < set.primeCount(); j++) {
      NttTables tables = set.tables(j);
      kernel.lift(tables.modulus(), work.key, 0, work.transformedKey[j], 0, work.key.length);
      kernel.forward(tables, work.transformedKey[j], 0);
    }
  }

  private void encrypt(
      ContributionSecrets secrets, int block, Work work, DigestTree tree, OutputStream out)
      throws IOException {
    int rows = layout.rows(block);
    int n = layout.set().ringDegree();
    secrets.error(block, work.error, rows);
    int bytes = layout.wordBytes(block);
    for (int j = 0; j < layout.set().primeCount(); j++) {
      NttTables tables = layout.set().tables(j);
      Modulus p = tables.modulus();
      long[] c = work.polynomial;
      polynomials.polynomial(block, j, p, c, 0, n);
      kernel.multiply(p, c, 0, work.transformedKey[j], 0, c, 0, n);
      kernel.inverse(tables, c, 0);
      kernel.addSmall(p, work.error, 0, c, 0, rows);
      if (block != Layout.CHECK_BLOCK) {
        work.packing.addTo(kernel, j, c, 0, rows);
      }
      kernel.packWords(c, 0, rows, work.wire, 0);
      tree.write(work.wire, 0, bytes);
      out.write(work.wire, 0, bytes);
    }
  }

  private static void deal(
      ContributionSecrets secrets, int threshold, int[] holders, short[] key, ShareReceiver shares)
      throws IOException {
    ShamirSharing sharing = secrets.sharing(key, threshold);
    try {
      for (int position : holders) {
        byte[] share = sharing.share(position);
        try {
          shares.accept(position, share, secrets.box(position));
        } finally {
          Arrays.fill(share, (byte) 0);
        }
      }
    } finally {
      sharing.wipe();
    }
  }

  private static void requireHolders(int threshold, int[] holders) {
    if (threshold < 1 || holders.length < threshold) {
      throw new IllegalArgumentException(
          "at least t = " + threshold + " holders get a share, found " + holders.length);
    }
    for (int i = 0; i < holders.length; i++) {
      if (holders[i] < 1
          || holders[i] > ShamirSharing.MAX_POSITION
          || i > 0 && holders[i] <= holders[i - 1]) {
        throw new IllegalArgumentException(
            "holders' positions ascend from 1 to 32: " + Arrays.toString(holders));
      }
    }
  }

  /** The buffers of one seal, all of them secret but the wire. */
  private static final class Work {
    final short[] key;
    final long[][] transformedKey;
    final short[] error;
    final long[] polynomial;
    final byte[] wire;
    final Packing packing;

    Work(Layout layout) {
      int n = layout.set().ringDegree();
      int rows = Math.max(layout.rows(0), layout.checkRows());
      key = new short[n];
      transformedKey = new long[layout.set().primeCount()][n];
      error = new short[rows];
      polynomial = new long[n];
      wire = new byte[Math.max(layout.wordBytes(0), layout.wordBytes(Layout.CHECK_BLOCK))];
      packing = new Packing(layout);
    }

    void wipe() {
      Arrays.fill(key, (short) 0);
      for (long[] prime : transformedKey) {
        Arrays.fill(prime, 0);
      }
      Arrays.fill(error, (short) 0);
      Arrays.fill(polynomial, 0);
      packing.wipe();
    }
  }
}
