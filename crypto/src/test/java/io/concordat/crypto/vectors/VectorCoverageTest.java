package io.concordat.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A new kind of case must find its test: the kinds are listed with where they are checked. */
class VectorCoverageTest {
  @Test
  void everyKindOfCaseHasItsTest() {
    Set<String> kinds = new TreeSet<>();
    Vectors.under("").forEach(c -> kinds.add(c.string("name").split("/", 2)[0]));
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "parameters", // LayoutTest
            "layout", // LayoutTest
            "ntt", // RingKernelContract
            "words", // RingKernelContract
            "context", // SeedsTest
            "seed", // SeedsTest, ContributionTest, SharingTest
            "gaussian", // DiscreteGaussianTableTest
            "fingerprint", // UniformWordsTest
            "public", // UniformWordsTest
            "rho", // UniformWordsTest
            "pack", // PackingTest
            "read", // PackingTest
            "round", // RoundVectorsTest
            "forged", // SumOpeningTest
            "tree", // BulkTest
            "bulk", // BulkTest
            "json"); // canonical JSON is the protocol module's
    assertThat(Vectors.under("")).hasSize(235);
  }
}
