package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void parameterSetsHaveThePrimesAndRootsOfTheVectors() {
    for (ParameterSet set : ParameterSet.all()) {
      VectorCase expected = Vectors.named("parameters/" + set);
      assertThat(set.ringDegree()).isEqualTo(expected.integer("ringDegree"));
      assertThat(set.primes().stream().mapToLong(Modulus::value).toArray())
          .isEqualTo(expected.longs("primes"));
      long[] roots = expected.longs("roots");
      for (int j = 0; j < roots.length; j++) {
        assertThat(set.tables(j).root()).isEqualTo(roots[j]);
      }
      assertThat(set.modulus()).isEqualTo(expected.big("modulus"));
      assertThat(set.modulusBits()).isEqualTo(expected.integer("bitLength"));
      for (int cohort : new int[] {3, 5, 16, 500}) {
        assertThat(new Layout(set, 1, 2, cohort).checkRows())
            .isEqualTo(expected.object("checkRowsAtMaxCohort").integer("" + cohort));
      }
    }
  }

  @Test
  void scaleWidthAndSlotsAreThoseOfTheVectors() {
    int compared = 0;
    for (Object row : Vectors.named("layout/table").list("rows")) {
      List<?> cells = (List<?>) row;
      int cohort = number(cells, 2);
      compared++;
      if (cohort > Layout.MAX_COHORT) {
        refused(setOf(cells), 1, number(cells, 1), cohort, "maxCohort");
        continue;
      }
      Layout layout = new Layout(setOf(cells), 1, number(cells, 1), cohort);
      assertThat(layout.logScale()).isEqualTo(number(cells, 3));
      assertThat(layout.scale()).isEqualTo(1L << number(cells, 3));
      assertThat(layout.slotWidth()).isEqualTo(number(cells, 4));
      assertThat(layout.slots()).isEqualTo(number(cells, 5));
    }
    assertThat(compared).isEqualTo(168);
  }

  @Test
  void blocksRowsAndLengthsAreThoseOfTheVectors() {
    for (Object row : Vectors.named("layout/blocks").list("rows")) {
      List<?> cells = (List<?>) row;
      Layout layout =
          new Layout(setOf(cells), number(cells, 1), number(cells, 2), number(cells, 3));
      int last = layout.blocks() - 1;
      assertThat(layout.slots()).isEqualTo(number(cells, 4));
      assertThat(layout.blocks()).isEqualTo(number(cells, 5));
      assertThat(layout.valuesIn(last)).isEqualTo(number(cells, 6));
      assertThat(layout.rows(last)).isEqualTo(number(cells, 7));
      assertThat(layout.rows(Layout.CHECK_BLOCK)).isEqualTo(number(cells, 8));
      assertThat(layout.ciphertextBytes()).isEqualTo(number(cells, 9));
    }
  }

  @Test
  void refusesLayoutsThatDoNotFit() {
    ParameterSet set = ParameterSet.TEST_256_94;
    refused(set, 0, 16, 16, "layout.values");
    refused(set, 1, 1, 16, "layout.bits");
    refused(set, 1, 59, 16, "layout.bits");
    refused(set, 1, Integer.MAX_VALUE, 16, "layout.bits");
    refused(set, 1, 16, 1, "maxCohort");
    refused(set, 1, 16, 501, "maxCohort");
    refused(set, Long.MAX_VALUE, 16, 16, "too many blocks");
    assertThat(new Layout(set, 1, 58, 16).slots()).isEqualTo(1);
  }

  private static void refused(ParameterSet set, long values, int bits, int cohort, String field) {
    assertThatThrownBy(() -> new Layout(set, values, bits, cohort))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }

  private static ParameterSet setOf(List<?> cells) {
    return ParameterSet.byId(String.valueOf(cells.get(0))).orElseThrow();
  }

  private static int number(List<?> cells, int column) {
    return Integer.parseInt(String.valueOf(cells.get(column)));
  }
}
