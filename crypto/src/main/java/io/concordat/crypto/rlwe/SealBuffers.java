package io.concordat.crypto.rlwe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one seal works in, wiped and kept for the next of the same layout: fresh arrays would cost
 * as much as the arithmetic, since the system hands out every page of them anew.
 *
 * <p>One set is kept. A second seal at the same time makes its own and lets it go.
 */
final class SealBuffers {
  private static final AtomicReference<@Nullable SealBuffers> KEPT = new AtomicReference<>();

  private final Layout layout;
  final short[] key;
  final long[][] transformedKey;
  private final List<Lane> lanes = new ArrayList<>();

  /** What one block is worked on in, by one thread at a time. */
  static final class Lane {
    final short[] error;
    final long[] polynomial;

    /** The block's runs as they travel, prime after prime. */
    final byte[][] runs;

    final Packing packing;

    Lane(Layout layout) {
      int rows = Math.max(layout.rows(0), layout.checkRows());
      error = new short[rows];
      polynomial = new long[layout.set().ringDegree()];
      runs =
          new byte[layout.set().primeCount()]
              [Math.max(layout.wordBytes(0), layout.wordBytes(Layout.CHECK_BLOCK))];
      packing = new Packing(layout);
    }

    void wipe() {
      Arrays.fill(error, (short) 0);
      Arrays.fill(polynomial, 0);
      packing.wipe();
    }
  }

  private SealBuffers(Layout layout) {
    this.layout = layout;
    key = new short[layout.set().ringDegree()];
    transformedKey = new long[layout.set().primeCount()][layout.set().ringDegree()];
  }

  /** Buffers for a layout, all zero but for the wire. */
  static SealBuffers take(Layout layout) {
    SealBuffers kept = KEPT.getAndSet(null);
    return kept != null && kept.layout.equals(layout) ? kept : new SealBuffers(layout);
  }

  /** The lane of an index, made when first asked for. */
  Lane lane(int index) {
    while (lanes.size() <= index) {
      lanes.add(new Lane(layout));
    }
    return lanes.get(index);
  }

  /** Overwrites all secrets, then keeps the arrays for the next seal. */
  void giveBack() {
    Arrays.fill(key, (short) 0);
    for (long[] prime : transformedKey) {
      Arrays.fill(prime, 0);
    }
    lanes.forEach(Lane::wipe);
    KEPT.set(this);
  }
}
