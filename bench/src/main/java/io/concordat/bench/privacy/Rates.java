package io.concordat.bench.privacy;

import java.util.ArrayList;
import java.util.List;

/**
 * What a submitter chooses beside epsilon.
 *
 * @param rounds openings, each with every patient
 * @param clipNorm where a patient's gradient is cut
 * @param learningRate of the step on the noised mean gradient
 */
record Rates(int rounds, double clipNorm, double learningRate) {

  /** Everything that the choice looks at. */
  static List<Rates> candidates() {
    List<Rates> all = new ArrayList<>();
    for (int rounds : new int[] {20, 40}) {
      for (double clip : new double[] {0.5, 1, 2}) {
        for (double rate : new double[] {0.25, 0.5, 1, 2, 4}) {
          all.add(new Rates(rounds, clip, rate));
        }
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return rounds + " rounds, clip " + clipNorm + ", rate " + learningRate;
  }
}
