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
  /** The check block encrypts it. */
  private static final long[] NOTHING = {};

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
      if (lanes == 1 || layout.blocks() == 1) {
        for (int block = 0; block < layout.blocks(); block++) {
          pack(values, block, buffers.lane(0));
          encrypt(secrets, block, buffers, buffers.lane(0), written);
        }
      } else {
        encryptAbreast(secrets, values, buffers, written);
      }
      encrypt(secrets, Layout.CHECK_BLOCK, buffers, buffers.lane(0), written);
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

  private void pack(IntegerVector values, int block, SealBuffers.Lane lane) {
    long from = block * layout.valuesOfFullBlock();
    lane.packing.pack(kernel, values, from, layout.valuesIn(block), layout.rows(block));
  }

  /** One block: each run is digested and written while it is still in the cache. */
  private void encrypt(
      ContributionSecrets secrets,
      int block,
      SealBuffers buffers,
      SealBuffers.Lane lane,
      Written written)
      throws IOException {
    secrets.error(block, lane.error, layout.rows(block));
    for (int j = 0; j < layout.set().primeCount(); j++) {
      encryptRun(block, j, buffers.transformedKey[j], lane);
      written.take(lane.runs[j], layout.wordBytes(block));
    }
  }

  private void encryptRun(int block, int prime, long[] key, SealBuffers.Lane lane) {
    int rows = layout.rows(block);
    NttTables tables = layout.set().tables(prime);
    polynomials.polynomialTimes(block, prime, tables, key, lane.polynomial, rows);
    Modulus p = tables.modulus();
    long[] values = lane.polynomial;
    if (block == Layout.CHECK_BLOCK) {
      kernel.finishRun(p, lane.error, values, 0, NOTHING, values, 0, rows, lane.runs[prime], 0);
    } else {
      lane.packing.finish(kernel, prime, lane.error, values, rows, lane.runs[prime]);
    }
  }

  /**
   * A ring of lanes: a block is packed here, worked on elsewhere, and written here when its turn
   * comes. The vector is read by this thread only. However it ends, nobody is at work any more when
   * it does, so that what is wiped afterwards stays wiped.
   */
  private void encryptAbreast(
      ContributionSecrets secrets, IntegerVector values, SealBuffers buffers, Written written)
      throws IOException {
    int abreast = Math.min(lanes, layout.blocks());
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    try {
      for (int turn = 0; turn < layout.blocks() + abreast; turn++) {
        SealBuffers.Lane lane = buffers.lane(turn % abreast);
        if (turn >= abreast) {
          pending.get(turn - abreast).join();
          for (byte[] run : lane.runs) {
            written.take(run, layout.wordBytes(turn - abreast));
          }
        }
        if (turn < layout.blocks()) {
          pack(values, turn, lane);
          int block = turn;
          pending.add(
              CompletableFuture.runAsync(
                  () -> encryptApart(secrets, block, buffers, lane), workers));
        }
      }
    } finally {
      pending.forEach(work -> work.exceptionally(_ -> null).join());
    }
  }

  private void encryptApart(
      ContributionSecrets secrets, int block, SealBuffers buffers, SealBuffers.Lane lane) {
    secrets.error(block, lane.error, layout.rows(block));
    for (int j = 0; j < layout.set().primeCount(); j++) {
      encryptRun(block, j, buffers.transformedKey[j], lane);
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
