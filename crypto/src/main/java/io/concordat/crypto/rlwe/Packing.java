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
  private final long[][] chunks;
  private final long[] carry;

  Packing(Layout layout) {
    this.layout = layout;
    slotWidth = layout.slotWidth();
    slots = layout.slots();
    group = Math.max(1, CHUNK_BITS / slotWidth);
    positions = positions();
    int rows = layout.rows(0);
    chunks = new long[positions.length][rows];
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
   * Packs one block.
   *
   * @param values value v of the block at index v; entries up to slots * rows are used and those
   *     from {@code count} on must be 0
   * @param rows coefficients of the block
   */
  void pack(long[] values, int rows) {
    Arrays.fill(carry, 0, rows, 0);
    for (int j = 0; j < slots; j++) {
      if (splitsSlots()) {
        Arrays.fill(chunks[2 * j], 0, rows, 0);
        takeSlot(values, j * rows, rows, chunks[2 * j], 0);
        split(chunks[2 * j], chunks[2 * j + 1], rows);
      } else {
        long[] chunk = chunks[j / group];
        if (j % group == 0) {
          Arrays.fill(chunk, 0, rows, 0);
        }
        takeSlot(values, j * rows, rows, chunk, j % group * slotWidth);
      }
    }
    int top = positions.length - (splitsCarry() ? 2 : 1);
    System.arraycopy(carry, 0, chunks[top], 0, rows);
    if (splitsCarry()) {
      split(chunks[top], chunks[top + 1], rows);
    }
  }

  /** Adds the balanced digit of one slot to a chunk and keeps the carry for the next slot. */
  private void takeSlot(long[] values, int from, int rows, long[] chunk, int shift) {
    int spare = Long.SIZE - slotWidth;
    for (int c = 0; c < rows; c++) {
      long t = values[from + c] + carry[c];
      long digit = t << spare >> spare;
      carry[c] = t - digit >> slotWidth;
      chunk[c] += digit << shift;
    }
  }

  /** low + 2^31 high = what low was, low in [-2^30, 2^30). */
  private static void split(long[] low, long[] high, int rows) {
    int spare = Long.SIZE - SPLIT_BITS;
    for (int c = 0; c < rows; c++) {
      long digit = low[c] << spare >> spare;
      high[c] = low[c] - digit >> SPLIT_BITS;
      low[c] = digit;
    }
  }

  /** Adds scale * m mod p of the block packed last to residues. */
  void addTo(RingKernel kernel, int primeIndex, long[] residues, int at, int rows) {
    Modulus p = layout.set().primes().get(primeIndex);
    for (int i = 0; i < positions.length; i++) {
      kernel.addScaled(p, chunks[i], 0, factors[primeIndex][i], residues, at, rows);
    }
  }

  void wipe() {
    for (long[] chunk : chunks) {
      Arrays.fill(chunk, 0);
    }
    Arrays.fill(carry, 0);
  }
}
