package io.concordat.protocol.analysis;

import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.policy.Encryption;

/** Which parameter set carries a round. */
public final class Layouts {
  private Layouts() {}

  /**
   * The small set for vectors that fit one block of it, else the large one; the large one always
   * where the policy names it. Everyone computes this; an announcement that says otherwise is none.
   *
   * @throws IllegalArgumentException if a slot would be wider than the sum can have
   */
  public static Layout of(RoundShape shape, Encryption encryption) {
    ParameterSet large = ParameterSet.RLWE_16384_300;
    ParameterSet small = ParameterSet.RLWE_8192_150;
    if (encryption.parameters().map(large.id()::equals).orElse(false)) {
      return new Layout(large, shape.values(), shape.bits(), encryption.maxCohort());
    }
    Layout layout = new Layout(small, shape.values(), shape.bits(), encryption.maxCohort());
    return layout.blocks() == 1
        ? layout
        : new Layout(large, shape.values(), shape.bits(), encryption.maxCohort());
  }
}
