package io.concordat.crypto.rlwe;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernel;
import java.util.Arrays;

/**
 * Puts the values of a block into coefficients, m = sum_j x_j 2^(w j), and scale * m mod p into a
 * ciphertext's residues.
 *
 * <p>The integer m of 300 bits is never formed. Carries first bring every slot but what leaves the
 * top into [-2^(w-1), 2^(w-1)); this changes no sum, since packing is linear over the integers, and
 * it makes neighbouring slots fit one number of at most 50 bits, a chunk. Then scale * m = sum of
 * chunk * (scale 2^position mod p). No branch or index depends on a value.
 */
final class Packing {
  private static final int CHUNK_BITS = 50;
  private static final int SPLIT_BITS = 31;

  private final Layout layout;
  private final int slotWidth;
  private final int slots;
  private final int group;
  private final int[] positions;
  private final long[][] factors;
  private final int stride;
  private final long[] chunks;
  private final long[] slot;
  private final long[] carry;

  Packing(Layout layout) {
    this.layout = layout;
    slotWidth = layout.slotWidth();
    slots = layout.slots();
    group = Math.max(1, CHUNK_BITS / slotWidth);
    positions = positions();
    int rows = layout.rows(0);
    stride = rows;
    chunks = new long[positions.length * stride];
    slot = new long[rows];
    carry = new long[rows];
    factors = new long[layout.set().primeCount()][positions.length];
    for (int j = 0; j < factors.length; j++) {
      Modulus p = layout.set().primes().get(j);
      for (int i = 0; i < positions.length; i++) {
        factors[j][i] = p.power(2, layout.logScale() + (long) positions[i]);
      }
    }
  }

  private boolean splitsSlots() {
    return slotWidth > CHUNK_BITS;
  }

  /** A carry out of the top is below 2^(63 - w): where that may exceed a chunk it takes two. */
  private boolean splitsCarry() {
    return 63 - slotWidth > CHUNK_BITS;
  }

  private int[] positions() {
    int body = splitsSlots() ? 2 * slots : (slots + group - 1) / group;
    int[] out = new int[body + (splitsCarry() ? 2 : 1)];
    for (int i = 0; i < body; i++) {
      out[i] = splitsSlots() ? i / 2 * slotWidth + i % 2 * SPLIT_BITS : i * group * slotWidth;
    }
    out[body] = slots * slotWidth;
    if (splitsCarry()) {
      out[body + 1] = slots * slotWidth + SPLIT_BITS;
    }
    return out;
  }

  /**
   * Packs one block, a slot of all coefficients at a time: what is in work fits the cache. Values
   * are copied there first; working on them where they lie, in memory, took a sixth longer for the
   * whole seal.
   *
   * @param from index of the block's first value in the vector
   * @param count values of the block; slots after them are zero
   * @param rows coefficients of the block
   */
  void pack(RingKernel kernel, IntegerVector vector, long from, int count, int rows) {
    Arrays.fill(carry, 0, rows, 0);
    boolean within = true;
    for (int j = 0; j < slots; j++) {
      int some = Math.clamp(count - (long) j * rows, 0, rows);
      if (some > 0) {
        vector.copy(from + (long) j * rows, slot, 0, some);
      }
      Arrays.fill(slot, some, rows, 0);
      if (splitsSlots()) {
        int low = 2 * j * stride;
        Arrays.fill(chunks, low, low + rows, 0);
        within &= kernel.takeSlot(slot, 0, carry, slotWidth, chunks, low, 0, rows);
        split(low, low + stride, rows);
      } else {
        int chunk = j / group * stride;
        if (j % group == 0) {
          Arrays.fill(chunks, chunk, chunk + rows, 0);
        }
        int shift = j % group * slotWidth;
        within &= kernel.takeSlot(slot, 0, carry, slotWidth, chunks, chunk, shift, rows);
      }
    }
    if (!within) {
      throw new IllegalArgumentException("values of a vector are within [-2^62, 2^62]");
    }
    int top = (positions.length - (splitsCarry() ? 2 : 1)) * stride;
    System.arraycopy(carry, 0, chunks, top, rows);
    if (splitsCarry()) {
      split(top, top + stride, rows);
    }
  }

  /** low + 2^31 high = what low was, low in [-2^30, 2^30). */
  private void split(int low, int high, int rows) {
    int spare = Long.SIZE - SPLIT_BITS;
    for (int c = 0; c < rows; c++) {
      long digit = chunks[low + c] << spare >> spare;
      chunks[high + c] = chunks[low + c] - digit >> SPLIT_BITS;
      chunks[low + c] = digit;
    }
  }

  /** Adds scale * m mod p of the block packed last to residues. */
  void addTo(RingKernel kernel, int primeIndex, long[] residues, int at, int rows) {
    Modulus p = layout.set().primes().get(primeIndex);
    kernel.addScaledTerms(p, chunks, 0, stride, factors[primeIndex], residues, at, rows);
  }

  /** The run of one prime: values + errors + scale * m of the block packed last, as it travels. */
  void finish(
      RingKernel kernel, int primeIndex, short[] errors, long[] values, int rows, byte[] out) {
    Modulus p = layout.set().primes().get(primeIndex);
    kernel.finishRun(p, errors, chunks, stride, factors[primeIndex], values, 0, rows, out, 0);
  }

  void wipe() {
    Arrays.fill(chunks, 0);
    Arrays.fill(slot, 0);
    Arrays.fill(carry, 0);
  }
}
