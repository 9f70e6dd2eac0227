package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackingTest {
  @Test
  void packsToTheVectorsResiduesOverflowsIncluded() {
    for (VectorCase c : Vectors.under("pack/")) {
      Layout layout = layout(c, c.list("values").size());
      assertThat(layout.slots()).isEqualTo(c.integer("slots"));
      assertThat(layout.slotWidth()).isEqualTo(c.integer("slotWidth"));
      assertThat(layout.scale()).isEqualTo(c.number("scale"));
      assertThat(layout.rows(0)).isEqualTo(c.integer("rows"));
      long[][] residues = pack(layout, c.longs("values"));
      assertThat(residues).as(c.toString()).isDeepEqualTo(c.longRows("residues"));
    }
  }

  /** The largest cohort is assumed, so that slots are bounded by their width alone. */
  @Test
  void unpacksToTheVectorsDigitsOrFindsWhatIsLeft() {
    for (VectorCase c : Vectors.under("pack/")) {
      Layout layout = layout(c, c.list("values").size());
      long[] values = new long[layout.rows(0) * layout.slots()];
      Optional<Misfit> misfit =
          new BlockReader(layout, layout.maxCohort())
              .read(c.longRows("residues"), 0, layout.rows(0), c.list("values").size(), values);
      boolean rest = c.longs("rest")[0] != 0;
      assertThat(misfit.map(Misfit::check))
          .as(c.toString())
          .isEqualTo(rest ? Optional.of(Misfit.Check.TOP_SLOT) : Optional.empty());
      if (!rest) {
        assertThat(Arrays.copyOf(values, c.list("values").size())).isEqualTo(c.longs("unpacked"));
      }
    }
  }

  @Test
  void readsABlockExactlyToItsBoundsAndNamesWhatIsBeyond() {
    for (VectorCase c : Vectors.under("read/")) {
      Layout layout = layout(c, c.number("values"));
      List<BigInteger> v = c.bigs("V");
      long[][] residues = new long[layout.set().primeCount()][v.size()];
      for (int j = 0; j < residues.length; j++) {
        for (int i = 0; i < v.size(); i++) {
          residues[j][i] = layout.set().primes().get(j).fromInteger(v.get(i));
        }
      }
      int count = layout.valuesIn(0);
      long[] values = new long[layout.rows(0) * layout.slots()];
      Optional<Misfit> misfit =
          new BlockReader(layout, c.integer("cohort"))
              .read(residues, 0, layout.rows(0), count, values);
      VectorCase expect = c.object("expect");
      if (expect.has("refused")) {
        assertThat(misfit.orElseThrow().check().words())
            .as(c.toString())
            .isEqualTo(expect.string("refused"));
      } else {
        assertThat(misfit).as(c.toString()).isEmpty();
        assertThat(Arrays.copyOf(values, count)).isEqualTo(expect.longs("values"));
      }
    }
  }

  /** Every width from 3 to 62, values beyond their slots too: packing is linear, whatever comes. */
  @Test
  void packsAnyIntegersAsTheSumOfShiftedSlots() {
    long seed = Long.getLong("concordat.seed", System.nanoTime());
    System.out.println("packing: -Dconcordat.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (ParameterSet set : ParameterSet.all()) {
      for (int width = 3; width <= 62; width++) {
        Layout one = new Layout(set, 1, width - 1, 2);
        int count = one.slots() * 5 - random.nextInt(one.slots());
        Layout layout = new Layout(set, count, width - 1, 2);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] =
              switch (random.nextInt(8)) {
                case 0 -> IntegerVector.MAX_MAGNITUDE;
                case 1 -> -IntegerVector.MAX_MAGNITUDE;
                case 2 -> random.nextLong(-(1L << 62), 1L << 62);
                case 3 -> -1L << (width - 1);
                default -> random.nextLong(-layout.maxValue(), layout.maxValue() + 1);
              };
        }
        assertThat(pack(layout, values))
            .as("seed %d, %s, width %d", seed, set, width)
            .isDeepEqualTo(slowly(layout, values));
      }
    }
  }

  @Test
  void sumsOfPackedBlocksReadAsSumsOfValues() {
    long seed = Long.getLong("concordat.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (ParameterSet set : ParameterSet.all()) {
      for (int cohort : new int[] {2, 3, 16, 500}) {
        int bits = 2 + random.nextInt(40);
        int block = (int) new Layout(set, 1, bits, cohort).valuesOfFullBlock();
        int count = 1 + random.nextInt(Math.min(1000, block));
        Layout layout = new Layout(set, count, bits, cohort);
        long[] expected = new long[count];
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] =
              random.nextInt(4) == 0
                  ? layout.maxValue()
                  : random.nextLong(-layout.maxValue(), layout.maxValue() + 1);
          expected[i] = values[i] * cohort;
        }
        long[][] residues = pack(layout, values);
        for (int c = 0; c < layout.rows(0); c++) {
          // Every contribution with the greatest noise, or any other common one.
          long noise = cohort * (random.nextBoolean() ? 63 : random.nextLong(-63, 64));
          for (int j = 0; j < residues.length; j++) {
            Modulus p = set.primes().get(j);
            residues[j][c] = p.add(p.multiply(residues[j][c], cohort), p.fromSigned(noise));
          }
        }
        long[] found = new long[layout.rows(0) * layout.slots()];
        assertThat(new BlockReader(layout, cohort).read(residues, 0, layout.rows(0), count, found))
            .as("seed %d, %s", seed, layout)
            .isEmpty();
        assertThat(Arrays.copyOf(found, count)).as("seed %d, %s", seed, layout).isEqualTo(expected);
      }
    }
  }

  private static Layout layout(VectorCase c, long values) {
    return new Layout(
        ParameterSet.byId(c.string("set")).orElseThrow(),
        values,
        c.integer("bits"),
        c.integer("maxCohort"));
  }

  private static long[][] pack(Layout layout, long[] values) {
    int rows = layout.rows(0);
    Packing packing = new Packing(layout);
    packing.pack(RingKernels.best(), IntegerVector.of(values), 0, values.length, rows);
    long[][] residues = new long[layout.set().primeCount()][rows];
    for (int j = 0; j < residues.length; j++) {
      packing.addTo(RingKernels.best(), j, residues[j], 0, rows);
    }
    return residues;
  }

  private static long[][] slowly(Layout layout, long[] values) {
    int rows = layout.rows(0);
    long[][] residues = new long[layout.set().primeCount()][rows];
    for (int c = 0; c < rows; c++) {
      BigInteger m = BigInteger.ZERO;
      for (int v = c; v < values.length; v += rows) {
        m = m.add(BigInteger.valueOf(values[v]).shiftLeft(layout.slotWidth() * (v / rows)));
      }
      BigInteger scaled = m.multiply(BigInteger.valueOf(layout.scale()));
      for (int j = 0; j < residues.length; j++) {
        residues[j][c] = layout.set().primes().get(j).fromInteger(scaled);
      }
    }
    return residues;
  }
}
