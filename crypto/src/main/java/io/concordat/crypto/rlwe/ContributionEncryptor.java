package io.concordat.crypto.rlwe;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.share.ShamirSharing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Seals a vector for one round: c_b = a_b k + e_b + scale m_b block after block, then the check
 * block c_x = a_x k + e_x, an encryption of nothing, then the shares of k.
 *
 * <p>Memory does not grow with the vector: one block's chunks, runs and one polynomial are held, or
 * as many of them as there are lanes. Key, transform of the key, errors and values are zeroed when
 * sealing ends, however it ends; a copy that the garbage collector made while moving an array is
 * out of reach.
 */
public final class ContributionEncryptor {
  private final Layout layout;
  private final RingKernel kernel;
  private final UniformWords polynomials;
  private final Executor workers;
  private final int lanes;

  /** Seals on the thread that asks for it. */
  public ContributionEncryptor(Layout layout, RoundContext context, RingKernel kernel) {
    this(layout, kernel, UniformWords.ofRound(context, kernel), Runnable::run, 1);
  }

  private ContributionEncryptor(
      Layout layout, RingKernel kernel, UniformWords polynomials, Executor workers, int lanes) {
    this.layout = layout;
    this.kernel = kernel;
    this.polynomials = polynomials;
    this.workers = workers;
    this.lanes = lanes;
  }

  /**
   * The same, with blocks worked off by others while the asking thread reads the vector, digests
   * and writes. The bytes are the same.
   *
   * @param lanes blocks in work at once, each some megabytes
   */
  public ContributionEncryptor with(Executor workers, int lanes) {
    if (lanes < 1) {
      throw new IllegalArgumentException("at least one block is in work, not " + lanes);
    }
    return new ContributionEncryptor(layout, kernel, polynomials, workers, lanes);
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
    SealBuffers buffers = SealBuffers.take(layout);
    try {
      secrets.key(buffers.key);
      transformKey(buffers);
      Written written = new Written(out);
      byte[] head = new BulkHead(BulkHead.Kind.CIPHERTEXT, layout.ciphertextBytes()).encode();
      written.take(head, head.length);
      boolean alone = lanes == 1 || layout.blocks() == 1;
      if (!alone) {
        encryptAbreast(secrets, values, buffers, written);
      }
      encryptHere(secrets, alone ? layout.blocks() : 0, values, buffers, written);
      deal(secrets, threshold, holders, buffers.key, shares);
      return new BulkDigest(written.tree.length(), written.tree.root());
    } finally {
      buffers.giveBack();
    }
  }

  private void transformKey(SealBuffers buffers) {
    ParameterSet set = layout.set();
    for (int j = 0; j < set.primeCount(); j++) {
      NttTables tables = set.tables(j);
      long[] key = buffers.transformedKey[j];
      kernel.lift(tables.modulus(), buffers.key, 0, key, 0, buffers.key.length);
      kernel.forward(tables, key, 0);
    }
  }

  /** Data blocks up to a number, then the check block. */
  private void encryptHere(
      ContributionSecrets secrets,
      int blocks,
      IntegerVector values,
      SealBuffers buffers,
      Written written)
      throws IOException {
    BlockSealer sealer =
        new BlockSealer(layout, kernel, polynomials.another(), secrets.errors(), buffers, 0);
    try {
      for (int block = 0; block < blocks; block++) {
        sealer.pack(values, block);
        encrypt(sealer, block, written);
      }
      encrypt(sealer, Layout.CHECK_BLOCK, written);
    } finally {
      sealer.wipe();
    }
  }

  /** One block: each run is digested and written while it is still in the cache. */
  private void encrypt(BlockSealer sealer, int block, Written written) throws IOException {
    sealer.drawErrors(block);
    for (int j = 0; j < layout.set().primeCount(); j++) {
      written.take(sealer.run(block, j), layout.wordBytes(block));
    }
  }

  /**
   * A ring of lanes: a block is packed here, worked on elsewhere, and digested and written here
   * when its turn comes, as the digest of a chunk cannot be taken in parts. The vector is read by
   * this thread only. However it ends, nobody is at work any more when it does, so that what is
   * wiped afterwards stays wiped.
   */
  private void encryptAbreast(
      ContributionSecrets secrets, IntegerVector values, SealBuffers buffers, Written written)
      throws IOException {
    int abreast = Math.min(lanes, layout.blocks());
    List<BlockSealer> ring = new ArrayList<>();
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    for (int lane = 0; lane < abreast; lane++) {
      ring.add(
          new BlockSealer(layout, kernel, polynomials.another(), secrets.errors(), buffers, lane));
      pending.add(CompletableFuture.completedFuture(null));
    }
    try {
      for (int turn = 0; turn < layout.blocks() + abreast; turn++) {
        BlockSealer sealer = ring.get(turn % abreast);
        pending.get(turn % abreast).join();
        if (turn >= abreast) {
          for (int j = 0; j < layout.set().primeCount(); j++) {
            written.take(sealer.made(j), layout.wordBytes(turn - abreast));
          }
        }
        if (turn < layout.blocks()) {
          sealer.pack(values, turn);
          int block = turn;
          pending.set(
              turn % abreast, CompletableFuture.runAsync(() -> sealer.makeAll(block), workers));
        }
      }
    } finally {
      pending.forEach(work -> work.exceptionally(_ -> null).join());
      ring.forEach(BlockSealer::wipe);
    }
  }

  /** The stream and the digest of what went into it. */
  private static final class Written {
    private final OutputStream out;
    private final DigestTree tree = new DigestTree();

    Written(OutputStream out) {
      this.out = out;
    }

    void take(byte[] bytes, int count) throws IOException {
      tree.write(bytes, 0, count);
      out.write(bytes, 0, count);
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
}
