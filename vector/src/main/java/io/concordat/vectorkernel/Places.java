package io.concordat.vectorkernel;

import jdk.incubator.vector.LongVector;

/**
 * Where the words of two neighbouring registers go for butterflies of a gap below the register's
 * width. Numbers from 0 name places in the two registers one after the other; a layer holds its
 * upper operands in one register and their partners in the other.
 */
final class Places {
  private Places() {}

  /** The i-th upper operand of a gap, or its partner, among 2 * lanes neighbours. */
  private static int place(int gap, int i, boolean partner) {
    return i / gap * 2 * gap + i % gap + (partner ? gap : 0);
  }

  /** From neighbours in order to upper operands, or partners. */
  static LongVector toLayer(int gap, boolean partner) {
    long[] out = new long[Lanes.COUNT];
    for (int i = 0; i < Lanes.COUNT; i++) {
      out[i] = place(gap, i, partner);
    }
    return LongVector.fromArray(Lanes.L, out, 0);
  }

  /** From a layer's registers to those of another layer. */
  static LongVector between(int from, int to, boolean partner) {
    long[] out = new long[Lanes.COUNT];
    for (int i = 0; i < Lanes.COUNT; i++) {
      out[i] = laneOf(from, place(to, i, partner));
    }
    return LongVector.fromArray(Lanes.L, out, 0);
  }

  /** From a layer's registers back to neighbours in order, the first or the second register. */
  static LongVector back(int from, boolean second) {
    long[] out = new long[Lanes.COUNT];
    for (int i = 0; i < Lanes.COUNT; i++) {
      out[i] = laneOf(from, i + (second ? Lanes.COUNT : 0));
    }
    return LongVector.fromArray(Lanes.L, out, 0);
  }

  /** In which of a layer's 2 * lanes lanes a place lies. */
  private static int laneOf(int gap, int place) {
    int group = place / (2 * gap);
    int within = place % (2 * gap);
    return group * gap + within % gap + (within >= gap ? Lanes.COUNT : 0);
  }
}
