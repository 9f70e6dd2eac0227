package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.privacy.evidence.NoiseRepetition;
import io.concordat.protocol.analysis.AttestedAnalysis;
import io.concordat.protocol.analysis.PublicState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Every opened round's zero coordinates beside those of each of the thousand rounds before it. The
 * public state compares a round with the sum of all before, which loses sight of one round among
 * hundreds; whoever has the sums can look at each pair.
 *
 * <p>A pair's figure is {@code <y_t, y_s> / |y_s|} with {@code y_t} over its promised deviation,
 * bounded as {@link NoiseRepetition} argues.
 */
final class NoisePairs {
  /** Rounds kept: 32 KiB each. */
  private static final int KEPT = 1000;

  private final ArrayDeque<double[]> before = new ArrayDeque<>();
  private long pairs;
  private double largest;

  /**
   * Takes an opened round of an attested job.
   *
   * @param values the opened sum, zero tail included
   * @param next the state that it led to
   */
  void add(long[] values, byte[] next) throws DecodeException {
    PublicState state = PublicState.fromBytes(next);
    List<NoiseAttestation> rounds = AttestedAnalysis.rounds(state);
    int tail = values.length - NoiseAttestation.COORDINATES;
    if (rounds.isEmpty() || tail < 0) {
      return;
    }
    double[] noise =
        Arrays.stream(values, tail, values.length).mapToDouble(v -> (double) v).toArray();
    double square = 0;
    for (double y : noise) {
      square += y * y;
    }
    // The state's figure is the sum of squares over the promised variance, which thus follows.
    double statistic = rounds.getLast().statistic();
    if (!(square > 0 && statistic > 0)) {
      return;
    }
    double sigma = Math.sqrt(square / statistic);
    for (int i = 0; i < noise.length; i++) {
      noise[i] /= sigma;
    }
    for (double[] earlier : before) {
      largest = Math.max(largest, Math.abs(likeness(earlier, noise)));
      pairs++;
    }
    before.addLast(noise);
    if (before.size() > KEPT) {
      before.removeFirst();
    }
  }

  private static double likeness(double[] earlier, double[] later) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < earlier.length; i++) {
      product += earlier[i] * later[i];
      square += earlier[i] * earlier[i];
    }
    return product / Math.sqrt(square);
  }

  /** Pairs looked at. */
  long pairs() {
    return pairs;
  }

  /** The figure furthest from 0. */
  double largest() {
    return largest;
  }

  /** Whether some pair is alike beyond chance. */
  boolean repeated() {
    return pairs > 0 && largest >= NoiseRepetition.limit(pairs);
  }
}
