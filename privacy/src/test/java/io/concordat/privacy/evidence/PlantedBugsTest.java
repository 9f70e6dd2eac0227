package io.concordat.privacy.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SeededBits;
import io.concordat.privacy.vector.BoundedSum;
import io.concordat.privacy.vector.ClippedSum;
import io.concordat.privacy.vector.NoiseStep;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bugs of the kind that implementations had, planted into rounds of the real clipping and noise:
 * each is caught by the check that is meant for it, and right rounds pass all checks.
 *
 * <p>Five silos, two openings of 1000 values and an attested tail, a claim of epsilon 2 for one
 * opening. The canaries lie in the first opening, one a coordinate, each of fifty times the clip.
 */
class PlantedBugsTest {
  private static final int SILOS = 5;
  private static final int CANARIES = 1000;
  private static final int GUESSES = 100;
  private static final int OTHERS_PER_SILO = 20;
  private static final long UNITS = 1 << 14;
  private static final double CLIP = 1;
  private static final double CLAIM = 2;
  private static final double DELTA = 1e-5;

  /** Correlation of two rounds beyond this is no accident: once in 10^8. */
  private static final double REPEATED = 6;

  private static final NoiseShare SHARE = share();

  private static NoiseShare share() {
    return switch (Calibration.noiseMultiplier(
        PldAccountant.standard(), CLAIM, DELTA, 1, 1, java.util.List.of())) {
      case Calibration.Calibrated(var z, double _) -> NoiseShare.of(z, UNITS, SILOS, 1);
      case Calibration.Unreachable _ -> throw new AssertionError();
    };
  }

  /** What is wrong, and which checks say so. */
  private enum Bug {
    NONE(false, false, false),
    /** The joint multiplier dealt as if the shares added up without a root. */
    NOISE_OVER_ROOT_N(true, false, false),
    MISSING_SHARE(true, false, false),
    SAME_SEED_AT_EVERY_SILO(true, false, false),
    SAME_SEED_IN_EVERY_ROUND(false, true, false),
    NO_CLIPPING(false, false, true),
    NOISE_FIVE_TIMES_TOO_SMALL(true, false, true);

    private final boolean attested;
    private final boolean repetition;
    private final boolean canaries;

    Bug(boolean attested, boolean repetition, boolean canaries) {
      this.attested = attested;
      this.repetition = repetition;
      this.canaries = canaries;
    }
  }

  private record Evidence(NoiseAttestation attestation, double repetition, CanaryAudit audit) {}

  private static Evidence run(Bug bug, long seed) {
    Random random = new Random(seed);
    boolean[] in = new boolean[CANARIES];
    for (int i = 0; i < CANARIES; i++) {
      in[i] = random.nextBoolean();
    }
    long[][] opened = {open(bug, in, 1, seed), open(bug, new boolean[CANARIES], 2, seed)};
    long[][] tails = new long[2][];
    NoiseAttestation attestation = NoiseAttestation.NONE;
    for (int round = 0; round < 2; round++) {
      tails[round] = java.util.Arrays.copyOfRange(opened[round], CANARIES, opened[round].length);
      attestation =
          attestation.plus(
              NoiseAttestation.ofRound(tails[round], Collections.nCopies(SILOS, SHARE)));
    }
    double[] scores = new double[CANARIES];
    for (int i = 0; i < CANARIES; i++) {
      scores[i] = opened[0][i];
    }
    return new Evidence(
        attestation,
        NoiseAttestation.repetition(tails[0], tails[1]),
        CanaryAudit.ofScores(scores, in, GUESSES, DELTA));
  }

  /** The sum of one round over all silos; canaries are dealt to the silos in turn. */
  private static long[] open(Bug bug, boolean[] in, int round, long seed) {
    long[] sum = new long[CANARIES + NoiseAttestation.COORDINATES];
    for (int silo = 0; silo < SILOS; silo++) {
      // A clip so wide that it never binds keeps the scale: the same integers for a unit.
      int width = bug == Bug.NO_CLIPPING ? 60 : 1;
      ClippedSum clipped = new ClippedSum(CANARIES, width * CLIP, width * UNITS);
      Random random = new Random(seed * 1000 + silo);
      for (int other = 0; other < OTHERS_PER_SILO; other++) {
        clipped.add(gradient(random));
      }
      for (int i = silo; i < CANARIES; i += SILOS) {
        double[] canary = new double[CANARIES];
        canary[i] = 50 * CLIP;
        clipped.add(canary, in[i]);
      }
      BoundedSum bounded = clipped.take().withZeroTail(NoiseAttestation.COORDINATES);
      add(sum, sealed(bug, bounded, silo, round, seed));
    }
    return sum;
  }

  private static double[] gradient(Random random) {
    double[] gradient = new double[CANARIES];
    for (int i = 0; i < CANARIES; i++) {
      gradient[i] = random.nextGaussian();
    }
    return gradient;
  }

  private static long[] sealed(Bug bug, BoundedSum bounded, int silo, int round, long seed) {
    NoiseShare share = new NoiseShare(drawnSigma(bug, silo), bounded.sensitivityUnits(), SILOS, 1);
    long noiseOf = bug == Bug.SAME_SEED_AT_EVERY_SILO ? 0 : silo;
    long noiseIn = bug == Bug.SAME_SEED_IN_EVERY_ROUND ? 0 : round;
    SeededBits bits = new SeededBits(seed * 10_007 + noiseIn * 101 + noiseOf);
    return NoiseStep.add(bounded, NoiseStep.draw(share, bounded.length(), bits)).values();
  }

  private static int drawnSigma(Bug bug, int silo) {
    return switch (bug) {
      case NOISE_OVER_ROOT_N -> (int) (SHARE.sigma() / Math.sqrt(SILOS));
      case NOISE_FIVE_TIMES_TOO_SMALL -> SHARE.sigma() / 5;
      // The least that the type allows stands for none: it is a thousandth of the share.
      case MISSING_SHARE -> silo == 3 ? NoiseShare.MIN_SIGMA : SHARE.sigma();
      case NONE, SAME_SEED_AT_EVERY_SILO, SAME_SEED_IN_EVERY_ROUND, NO_CLIPPING -> SHARE.sigma();
    };
  }

  private static void add(long[] sum, long[] values) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += values[j];
    }
  }

  @ParameterizedTest
  @EnumSource(Bug.class)
  void everyBugIsCaughtByTheChecksMeantForItAndByNoOther(Bug bug) {
    for (long seed = 1; seed <= 5; seed++) {
      Evidence evidence = run(bug, seed);
      assertThat(evidence.attestation().verdict() != NoiseAttestation.Verdict.CONSISTENT)
          .as("%s, seed %d: variance ratio %s", bug, seed, evidence.attestation().ratio())
          .isEqualTo(bug.attested);
      assertThat(Math.abs(evidence.repetition()) > REPEATED)
          .as("%s, seed %d: repetition %s", bug, seed, evidence.repetition())
          .isEqualTo(bug.repetition);
      assertThat(evidence.audit().verdict(CLAIM))
          .as("%s, seed %d: %s", bug, seed, evidence.audit())
          .isEqualTo(
              bug.canaries ? CanaryAudit.Verdict.INCONSISTENT : CanaryAudit.Verdict.CONSISTENT);
    }
  }

  @Test
  void shareLeavesNoDoubtThatTheLeastSigmaIsNearlyNothing() {
    assertThat(SHARE.sigma()).isGreaterThan(1000 * NoiseShare.MIN_SIGMA);
  }
}
