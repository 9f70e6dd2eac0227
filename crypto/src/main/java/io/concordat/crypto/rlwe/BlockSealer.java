package io.concordat.crypto.rlwe;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;

/**
 * Takes one block after another from integers to the runs of bytes that travel, in one lane's
 * buffers; one thread at a time.
 *
 * <p>Order within a block: its values become chunks and its errors are drawn once; then prime after
 * prime the public polynomial is expanded, multiplied, brought to coefficients, and leaves as
 * packed bytes. What a prime touches, polynomial, key, roots and run, is half a mebibyte, and each
 * run can be digested before the next one takes its place in the cache.
 */
final class BlockSealer {
  /** The check block encrypts it. */
  private static final long[] NOTHING = {};

  private final Layout layout;
  private final RingKernel kernel;
  private final UniformWords polynomials;
  private final ContributionSecrets.Errors errors;
  private final long[][] transformedKey;
  private final SealBuffers.Lane lane;

  BlockSealer(
      Layout layout,
      RingKernel kernel,
      UniformWords polynomials,
      ContributionSecrets.Errors errors,
      SealBuffers buffers,
      int lane) {
    this.layout = layout;
    this.kernel = kernel;
    this.polynomials = polynomials;
    this.errors = errors;
    transformedKey = buffers.transformedKey;
    this.lane = buffers.lane(lane);
  }

  /** Reads the values of a data block: the only step that touches the vector. */
  void pack(IntegerVector values, int block) {
    long from = block * layout.valuesOfFullBlock();
    lane.packing.pack(kernel, values, from, layout.valuesIn(block), layout.rows(block));
  }

  void drawErrors(int block) {
    errors.draw(block, lane.error, layout.rows(block));
  }

  /** One prime's run of the block whose errors were drawn last, the first bytes of the array. */
  byte[] run(int block, int prime) {
    int rows = layout.rows(block);
    NttTables tables = layout.set().tables(prime);
    long[] product = lane.polynomial;
    polynomials.polynomialTimes(block, prime, tables, transformedKey[prime], product, rows);
    byte[] run = lane.runs[prime];
    if (block == Layout.CHECK_BLOCK) {
      Modulus p = tables.modulus();
      kernel.finishRun(p, lane.error, product, 0, NOTHING, product, 0, rows, run, 0);
    } else {
      lane.packing.finish(kernel, prime, lane.error, product, rows, run);
    }
    return run;
  }

  /** All runs of a block, to be fetched by {@link #made}. */
  void makeAll(int block) {
    drawErrors(block);
    for (int j = 0; j < layout.set().primeCount(); j++) {
      run(block, j);
    }
  }

  /** Overwrites what the errors came of; the lane is wiped with the seal's other buffers. */
  void wipe() {
    errors.wipe();
  }

  /** A run that was made before. */
  byte[] made(int prime) {
    return lane.runs[prime];
  }
}
