package io.concordat.silonode.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.vector.ClippedSum;
import io.concordat.privacy.vector.NoiseStep;
import io.concordat.privacy.vector.NoisedVector;
import io.concordat.protocol.analysis.ModelShape;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Weights crafted so that one patient alone has a gradient (Fowl et al., "Robbing the Fed", ICLR
 * 2022; Wen et al., "Fishing for User Data", ICML 2022): the sum over hundreds is then that
 * patient's record. No silo would train from such weights, since it computes each state itself;
 * this shows what is left even if all of them did.
 */
class CraftedWeightsTest {
  private static final int INPUTS = 14;
  private static final int PATIENTS = 100;
  private static final int TRIALS = 500;
  private static final long UNITS = 1 << 16;

  /** Less than a single round of epsilon 1 at delta 1e-5 would have. */
  private static final BigDecimal NOISE = new BigDecimal("3.5");

  @Test
  void takeOneRecordOutOfAnUnprotectedSum() {
    assertThat(found(new Random(1), false)).isEqualTo(TRIALS);
  }

  @Test
  void findTheRecordNoBetterThanAGuessOnceEveryPatientIsClippedAndNoiseAdded() {
    // One guess in a hundred is right by chance.
    assertThat(found(new Random(2), true)).isLessThan(TRIALS / 20);
  }

  /** How often the patient whose record points most where the sum points is the one attacked. */
  private static int found(Random random, boolean protectedSum) {
    ModelShape.Logistic model = new ModelShape.Logistic(INPUTS);
    int right = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[][] records = new double[PATIENTS][INPUTS];
      for (double[] record : records) {
        for (int j = 0; j < INPUTS; j++) {
          record[j] = random.nextGaussian();
        }
      }
      int target = random.nextInt(PATIENTS);
      double[] weights = onlyFor(records, target);
      double[] sum = new double[INPUTS];
      ClippedSum clipped = new ClippedSum(INPUTS + 1, 1, UNITS);
      for (double[] record : records) {
        double[] gradient = LogisticGradient.ofRow(model, weights, record, 0);
        clipped.add(gradient);
        for (int j = 0; j < INPUTS; j++) {
          sum[j] += gradient[j];
        }
      }
      if (protectedSum) {
        sum = noised(clipped, random);
      }
      right += nearest(records, sum) == target ? 1 : 0;
    }
    return right;
  }

  /** A boundary with the target on its far side and, but for bad luck, nobody else near it. */
  private static double[] onlyFor(double[][] records, int target) {
    double[] weights = new double[INPUTS + 1];
    double norm = Math.sqrt(dot(records[target], records[target]));
    double next = 0;
    for (int i = 0; i < records.length; i++) {
      if (i != target) {
        next = Math.max(next, dot(records[i], records[target]) / norm);
      }
    }
    // A record that lies behind another one cannot be cut off alone; it is moved out for the
    // attack.
    if (next > norm * 0.9) {
      double stretch = next / (norm * 0.8);
      for (int j = 0; j < INPUTS; j++) {
        records[target][j] *= stretch;
      }
      norm *= stretch;
    }
    double steep = 1000;
    for (int j = 0; j < INPUTS; j++) {
      weights[j] = steep * records[target][j] / norm;
    }
    weights[INPUTS] = -steep * (next + norm) / 2;
    return weights;
  }

  /** What is opened: the attacked silo's vector and those of two more, which have no patients. */
  private static double[] noised(ClippedSum attacked, Random random) {
    NoiseShare share = NoiseShare.of(NOISE, UNITS, 4, 1);
    double[] out = new double[INPUTS];
    for (int silo = 0; silo < share.honest(); silo++) {
      ClippedSum own = silo == 0 ? attacked : new ClippedSum(INPUTS + 1, 1, UNITS);
      NoisedVector vector =
          NoiseStep.add(own.take(), NoiseStep.draw(share, INPUTS + 1, random::nextLong));
      for (int j = 0; j < INPUTS; j++) {
        out[j] += vector.values()[j];
      }
    }
    return out;
  }

  private static int nearest(double[][] records, double[] sum) {
    int best = 0;
    double most = -1;
    for (int i = 0; i < records.length; i++) {
      double cosine = dot(records[i], sum) / Math.sqrt(dot(records[i], records[i]));
      if (cosine > most) {
        most = cosine;
        best = i;
      }
    }
    return best;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
