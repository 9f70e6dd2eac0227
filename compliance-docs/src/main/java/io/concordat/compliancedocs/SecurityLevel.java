package io.concordat.compliancedocs;

import io.concordat.crypto.rlwe.ParameterSet;
import java.util.List;

/**
 * What published analyses say of a parameter set.
 *
 * @param classicalLimit most bits of q for 128 bits of classical security at this ring degree
 * @param quantumLimit the same against quantum search
 * @param classicalCost log2 of the cheapest classical attack the lattice estimator finds, for
 *     secrets and errors of deviation 3.2
 * @param quantumCost the same against quantum search
 */
record SecurityLevel(
    ParameterSet set, int classicalLimit, int quantumLimit, int classicalCost, int quantumCost) {
  /** Bossuat et al., Communications in Cryptology 1(4):26, Table 5.2; the lattice estimator. */
  static final List<SecurityLevel> ALL =
      List.of(
          new SecurityLevel(ParameterSet.RLWE_16384_300, 430, 322, 191, 143),
          new SecurityLevel(ParameterSet.RLWE_8192_150, 214, 161, 192, 145));

  /** By how many parts in a hundred q stays below the stricter of the two limits, rounded down. */
  int marginPercent() {
    return (quantumLimit - set.modulusBits()) * 100 / quantumLimit;
  }
}
