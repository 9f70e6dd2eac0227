package io.concordat.privacy.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClippedSumTest {

  private static final long UNITS = 1 << 18;

  @Test
  void normOfOnePatientIsNeverAboveTheClip() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      long units = 1L + random.nextInt(seed % 3 == 0 ? 50 : 1 << 30);
      long[] out = new long[1 + random.nextInt(40)];
      double[] gradient = gradient(random, out.length);
      ClippedSum.clip(gradient, Math.exp(random.nextGaussian() * 3), units, out);
      assertThat(squares(out))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(BigInteger.valueOf(units).pow(2));
    }
  }

  @Test
  void shortGradientIsOnlyTruncated() {
    long[] out = new long[3];
    assertThat(ClippedSum.clip(new double[] {0.3, -0.4, 0}, 1, 1000, out)).isTrue();
    assertThat(out).containsExactly(300, -400, 0);
    assertThat(ClippedSum.clip(new double[] {0.00059, -0.00059, 0.9}, 1, 1000, out)).isTrue();
    assertThat(out).containsExactly(0, 0, 900);
  }

  @Test
  void longGradientKeepsItsDirection() {
    long[] out = new long[2];
    ClippedSum.clip(new double[] {3e200, -4e200}, 1, 1_000_000, out);
    assertThat(out[0]).isBetween(599_999L, 600_000L);
    assertThat(out[1]).isBetween(-800_000L, -799_999L);
    ClippedSum.clip(new double[] {3e-300, -4e-300}, 1e-300, 1_000_000, out);
    assertThat(out[0]).isBetween(599_999L, 600_000L);
  }

  @Test
  void nonFiniteGradientIsZero() {
    for (double bad :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      long[] out = {7, 7, 7};
      assertThat(ClippedSum.clip(new double[] {1, bad, 2}, 1, UNITS, out)).isFalse();
      assertThat(out).containsOnly(0);
    }
  }

  /** Random bit patterns: every double there is, subnormal and huge ones included. */
  @Test
  void anyDoublesAtAllStayWithinTheClip() {
    Random random = new Random(3);
    long[] out = new long[4];
    for (int i = 0; i < 1_000_000; i++) {
      double[] gradient = new double[4];
      for (int j = 0; j < 4; j++) {
        gradient[j] = Double.longBitsToDouble(random.nextLong());
      }
      ClippedSum.clip(gradient, 1, UNITS, out);
      if (ClippedSum.sumOfSquares(out) > UNITS * UNITS) {
        throw new AssertionError(Arrays.toString(gradient));
      }
    }
  }

  @Test
  void shrinkingRepairsWhatRoundingExceeds() {
    for (long units : new long[] {1, 2, 10, 1 << 20, 1 << 30}) {
      long[] vector = {units, units / 2 + 1, -units, 1};
      ClippedSum.shrinkToNorm(vector, units);
      assertThat(squares(vector)).isLessThanOrEqualTo(BigInteger.valueOf(units).pow(2));
    }
  }

  @Test
  void leavingOnePatientOutMovesTheSumByAtMostTheClip() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      double[][] patients = new double[10][];
      ClippedSum all = new ClippedSum(6, 1, 500);
      ClippedSum without = new ClippedSum(6, 1, 500);
      for (int p = 0; p < patients.length; p++) {
        patients[p] = gradient(random, 6);
        all.add(patients[p]);
        without.add(patients[p], p != 4);
      }
      long[] a = all.take().values();
      long[] b = without.take().values();
      long[] difference = new long[6];
      for (int j = 0; j < 6; j++) {
        difference[j] = a[j] - b[j];
      }
      assertThat(squares(difference)).isLessThanOrEqualTo(BigInteger.valueOf(500 * 500));
    }
  }

  @Test
  void takingStartsAgainFromZero() {
    ClippedSum sum = new ClippedSum(1, 1, 100);
    sum.add(new double[] {0.5});
    sum.add(new double[] {Double.NaN});
    assertThat(sum.nonFinite()).isEqualTo(1);
    assertThat(sum.take().values()).containsExactly(50);
    assertThat(sum.take().values()).containsExactly(0);
    assertThat(sum.nonFinite()).isZero();
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new ClippedSum(1, Double.NaN, 1)).hasMessageContaining("clip norm");
    assertThatThrownBy(() -> new ClippedSum(1, 1, (1L << 30) + 1)).hasMessageContaining("2^30");
    assertThatThrownBy(() -> new ClippedSum(2, 1, 5).add(new double[3]))
        .hasMessageContaining("expected 2");
  }

  @Test
  void ghostSumMovesByAtMostItsStatedSensitivity() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int length = 1 + random.nextInt(60);
      long units = 10 + random.nextInt(1000);
      double[] all = new double[length];
      double[] without = new double[length];
      for (int p = 0; p < 20; p++) {
        double[] g = gradient(random, length);
        double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
        double factor = norm > 0 && norm < 1e150 ? Math.min(1, 1 / norm) : 0;
        for (int j = 0; j < length; j++) {
          all[j] += factor * g[j];
          without[j] += p == 7 ? 0 : factor * g[j];
        }
      }
      BoundedSum a = GhostSum.truncate(all, 1, units, 100);
      BoundedSum b = GhostSum.truncate(without, 1, units, 100);
      long[] difference = new long[length];
      for (int j = 0; j < length; j++) {
        difference[j] = a.values()[j] - b.values()[j];
      }
      assertThat(squares(difference))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(BigInteger.valueOf(a.sensitivityUnits()).pow(2));
    }
  }

  /** Truncation of a sum can move more than the clip: the reason why a ghost sum states more. */
  @Test
  void ghostSumExceedsTheClipItself() {
    int length = 100;
    double[] all = new double[length];
    double[] without = new double[length];
    Arrays.fill(all, 1.0);
    Arrays.fill(without, 0.95);
    BoundedSum a = GhostSum.truncate(all, 1, 1, 100);
    BoundedSum b = GhostSum.truncate(without, 1, 1, 100);
    // The patient's own vector has norm 0.5, below the clip of 1, and moves 100 coordinates by 1.
    assertThat(squares(a.values()).subtract(squares(b.values())))
        .isEqualTo(BigInteger.valueOf(100));
    assertThat(a.sensitivityUnits()).isEqualTo(1 + 10 + 2);
  }

  private static double[] gradient(Random random, int length) {
    double scale = Math.exp(random.nextGaussian() * 4);
    return random.doubles(length).map(x -> (x - 0.5) * scale).toArray();
  }

  private static BigInteger squares(long[] vector) {
    BigInteger sum = BigInteger.ZERO;
    for (long v : vector) {
      sum = sum.add(BigInteger.valueOf(v).pow(2));
    }
    return sum;
  }
}
