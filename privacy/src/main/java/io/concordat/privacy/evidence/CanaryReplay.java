package io.concordat.privacy.evidence;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.RandomBits;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.BoundedSum;
import io.concordat.privacy.vector.ClippedSum;
import io.concordat.privacy.vector.DrawnNoise;
import io.concordat.privacy.vector.NoiseStep;
import java.util.Arrays;

/**
 * A job's mechanism run once more on planted records alone, and attacked: the same clip in the same
 * units, the same noise share, sampling rate and number of openings, by the classes with which a
 * silo protects patients.
 *
 * <p>A thousand canaries, each with a gradient of fifty times the clip along a coordinate of its
 * own, are in or out by fair coins. Nobody else takes part, so that what an attacker sees of a
 * canary is its own clipped vector and noise: no record of a patient is easier to find. There are
 * only as many silos as the claim counts on, since colluders would subtract what they know. The
 * attacker adds up all openings and guesses "in" for the largest coordinates, "out" for the
 * smallest.
 *
 * <p>Promise: the bound holds for this code under this job's parameters with 95 % confidence. Not
 * promised: anything about what ran at the silos; for that there is {@link NoiseAttestation}.
 */
public final class CanaryReplay {
  /** Planted records, each with a coordinate of its own. */
  public static final int CANARIES = 1000;

  private static final int[] GUESSES = {100, 200, 500, CANARIES};
  private static final double OVERSHOOT = 50;

  /** The work of one silo's noise in a round, beside that of clipping the canaries. */
  private static final long ROUND_WORK = 14;

  /** About ten seconds of one thread: 6000 openings of two silos. */
  private static final long MAX_WORK = 100_000;

  private CanaryReplay() {}

  /** Whether a replay of so many rounds takes seconds, not minutes. */
  public static boolean isQuick(NoiseShare share, int rounds) {
    return rounds * (ROUND_WORK + share.honest()) <= MAX_WORK;
  }

  /**
   * As many guesses as it takes to refute a claim, if all of them were right; all canaries if even
   * that is too few. Fewer guesses are more often right.
   */
  public static int guessesFor(double claimedEpsilon, double delta) {
    return Arrays.stream(GUESSES)
        .filter(g -> new CanaryAudit(CANARIES, g, g, delta).epsilonLowerBound() > claimedEpsilon)
        .findFirst()
        .orElse(CANARIES);
  }

  /**
   * Plants, runs, attacks.
   *
   * @param share each silo's noise
   * @param bits coins of the canaries, of the sampling, and noise
   */
  public static CanaryAudit run(
      NoiseShare share,
      SamplingRate sampling,
      int rounds,
      int guesses,
      double delta,
      RandomBits bits) {
    boolean[] in = new boolean[CANARIES];
    for (int canary = 0; canary < CANARIES; canary++) {
      in[canary] = bits.next64() < 0;
    }
    double[] scores = new double[CANARIES];
    for (int round = 0; round < rounds; round++) {
      for (int silo = 0; silo < share.honest(); silo++) {
        long[] sent = contribution(silo, in, share, sampling, bits);
        for (int i = 0; i < CANARIES; i++) {
          scores[i] += sent[i];
        }
      }
    }
    return CanaryAudit.ofScores(scores, in, guesses, delta);
  }

  private static long[] contribution(
      int silo, boolean[] in, NoiseShare share, SamplingRate sampling, RandomBits bits) {
    DrawnNoise noise = NoiseStep.draw(share, CANARIES, bits);
    ClippedSum sum = new ClippedSum(CANARIES, 1, share.clipUnits());
    double[] gradient = new double[CANARIES];
    for (int canary = silo; canary < CANARIES; canary += share.honest()) {
      if (in[canary]) {
        gradient[canary] = OVERSHOOT;
        sum.add(gradient, sampling.toss(bits));
        gradient[canary] = 0;
      }
    }
    BoundedSum bounded = sum.take();
    return NoiseStep.add(bounded, noise).values();
  }
}
