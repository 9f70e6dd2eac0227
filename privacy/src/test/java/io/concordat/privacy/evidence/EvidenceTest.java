package io.concordat.privacy.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.evidence.NoiseAttestation.Verdict;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SeededBits;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {

  private static final NoiseShare SHARE = new NoiseShare(5000, 1 << 14, 5, 1);

  @Test
  void auditHasThePublishedPValue() {
    assertThat(new CanaryAudit(1000, 100, 80, 1e-5).pValue(1))
        .isCloseTo(0.07300911594917776, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 100, 100, 0, 3.492965",
    "1000, 100, 90, 1e-5, 1.626143",
    "5000, 500, 400, 1e-5, 1.195218",
    "200, 40, 40, 1e-5, 2.54824"
  })
  void auditHasThePublishedBounds(int m, int r, int v, double delta, double bound) {
    assertThat(new CanaryAudit(m, r, v, delta).epsilonLowerBound()).isCloseTo(bound, within(1e-6));
  }

  @Test
  void deltaWeakensTheBound() {
    assertThat(new CanaryAudit(1000, 100, 90, 1e-3).epsilonLowerBound())
        .isLessThan(new CanaryAudit(1000, 100, 90, 0).epsilonLowerBound());
  }

  @Test
  void ceilingIsTheBoundOfAnAlwaysRightAttacker() {
    CanaryAudit perfect = new CanaryAudit(1000, 100, 100, 0);
    assertThat(perfect.ceiling()).isCloseTo(perfect.epsilonLowerBound(), within(1e-6));
  }

  @Test
  void verdictNamesATestThatCouldNotHaveFailed() {
    assertThat(new CanaryAudit(1000, 100, 100, 1e-6).verdict(2))
        .isEqualTo(CanaryAudit.Verdict.INCONSISTENT);
    assertThat(new CanaryAudit(1000, 100, 70, 1e-6).verdict(2))
        .isEqualTo(CanaryAudit.Verdict.CONSISTENT);
    assertThat(new CanaryAudit(1000, 20, 15, 1e-6).verdict(2))
        .isEqualTo(CanaryAudit.Verdict.TEST_TOO_WEAK);
    assertThat(new CanaryAudit(100, 50, 25, 0).epsilonLowerBound()).isZero();
    assertThatThrownBy(() -> new CanaryAudit(10, 11, 5, 0)).hasMessageContaining("expected");
  }

  @ParameterizedTest
  @CsvSource({"5, 1", "16, 3", "100, 79"})
  void missingShareShowsAfterThisManyRounds(int silos, long rounds) {
    assertThat(NoiseAttestation.roundsToShowMissingShare(silos)).isEqualTo(rounds);
  }

  /** Measured on real noise: the scatter of the ratio over many attestations. */
  @ParameterizedTest
  @CsvSource({"1, 0.022", "100, 0.0022"})
  void attestationKnowsTheVarianceToTwoPercentInARoundAndATenthOfItInAHundred(
      int rounds, double deviation) {
    int attestations = rounds == 1 ? 400 : 40;
    double squares = 0;
    long seed = 7_000_000;
    for (int i = 0; i < attestations; i++) {
      NoiseAttestation all = NoiseAttestation.NONE;
      for (int round = 0; round < rounds; round++) {
        all = all.plus(attest(sumOf(1, seed++), 1));
      }
      squares += (all.ratio() - 1) * (all.ratio() - 1);
    }
    // An estimate from k attestations scatters by 1/sqrt(2k) of itself; four of them are allowed.
    assertThat(Math.sqrt(squares / attestations))
        .isCloseTo(deviation, within(4 * deviation / Math.sqrt(2.0 * attestations)));
  }

  /** What noise smaller by sqrt(5) lets an attacker do, and what a fifth of the noise does. */
  @ParameterizedTest
  @CsvSource({"90, 1.63, CONSISTENT", "100, 3.47, INCONSISTENT"})
  void claimOfTwoIsRefutedByAllRightGuessesAndNotByNineInTen(
      int right, double bound, CanaryAudit.Verdict verdict) {
    CanaryAudit audit = new CanaryAudit(1000, 100, right, 1e-5);
    assertThat(audit.epsilonLowerBound()).isCloseTo(bound, within(0.005));
    assertThat(audit.verdict(2)).isEqualTo(verdict);
  }

  /**
   * A fifth of the noise was reported to show 3.28. No single run of 1000 canaries and 100 guesses
   * gives that: 100 right give 3.465 and 99 give 3.003. It is the mean of five runs of which three
   * had all right and two missed one; each of the five refutes the claim of 2 by itself.
   */
  @Test
  void theReportedBoundOfAFifthOfTheNoiseIsTheMeanOfRunsThatEachRefuteTheClaim() {
    CanaryAudit all = new CanaryAudit(1000, 100, 100, 1e-5);
    CanaryAudit missedOne = new CanaryAudit(1000, 100, 99, 1e-5);
    double mean = (3 * all.epsilonLowerBound() + 2 * missedOne.epsilonLowerBound()) / 5;
    assertThat(mean).isCloseTo(3.28, within(0.005));
    assertThat(all.verdict(2)).isEqualTo(CanaryAudit.Verdict.INCONSISTENT);
    assertThat(missedOne.verdict(2)).isEqualTo(CanaryAudit.Verdict.INCONSISTENT);
  }

  @Test
  void attackerGuessesTheHighestInAndTheLowestOut() {
    double[] scores = {5, -3, 0.1, 4, -9, 0.2};
    boolean[] in = {true, false, true, false, false, false};
    assertThat(CanaryAudit.ofScores(scores, in, 4, 0)).isEqualTo(new CanaryAudit(6, 4, 3, 0));
    assertThatThrownBy(() -> CanaryAudit.ofScores(scores, in, 3, 0)).hasMessageContaining("even");
  }

  @Test
  void rightNoisePasses() {
    for (int seed = 0; seed < 100; seed++) {
      long[] sum = sumOf(5, 1000L * seed);
      assertThat(attest(sum, 5).verdict()).as("seed %d", seed).isEqualTo(Verdict.CONSISTENT);
    }
  }

  @Test
  void missingShareIsCaughtAtFiveSilosInOneRound() {
    assertThat(attest(sumOf(4, 1), 5).verdict()).isEqualTo(Verdict.TOO_LITTLE);
  }

  @Test
  void missingShareIsCaughtAtSixteenSilosOverRounds() {
    NoiseAttestation all = NoiseAttestation.NONE;
    for (int round = 0; round < 10; round++) {
      all = all.plus(attest(sumOf(15, 100 + round), 16));
    }
    assertThat(all.verdict()).isEqualTo(Verdict.TOO_LITTLE);
  }

  @Test
  void noiseDividedByTheWrongRootIsCaught() {
    long[] sum = sumOf(5, 3);
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.round(sum[i] / Math.sqrt(5));
    }
    assertThat(attest(sum, 5).verdict()).isEqualTo(Verdict.TOO_LITTLE);
  }

  @Test
  void seedSharedByAllSilosIsCaught() {
    long[] one = sumOf(1, 9);
    long[] sum = new long[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = 5 * one[i];
    }
    assertThat(attest(sum, 5).verdict()).isEqualTo(Verdict.TOO_MUCH);
  }

  @Test
  void noiseThatComesBackInALaterRoundIsCaught() {
    assertThat(NoiseAttestation.repetition(sumOf(5, 1), sumOf(5, 1))).isGreaterThan(60);
    assertThat(Math.abs(NoiseAttestation.repetition(sumOf(5, 1), sumOf(5, 2)))).isLessThan(4);
    // One silo of five that repeats shows too: a fifth of the variance is common.
    long[] first = sumOf(4, 10);
    long[] second = sumOf(4, 20);
    long[] same = sumOf(1, 30);
    for (int i = 0; i < same.length; i++) {
      first[i] += same[i];
      second[i] += same[i];
    }
    assertThat(NoiseAttestation.repetition(first, second)).isGreaterThan(8);
  }

  private static NoiseAttestation attest(long[] sum, int silos) {
    return NoiseAttestation.ofRound(sum, Collections.nCopies(silos, SHARE));
  }

  private static long[] sumOf(int silos, long seed) {
    long[] sum = new long[NoiseAttestation.COORDINATES];
    for (int silo = 0; silo < silos; silo++) {
      long[] noise = new long[sum.length];
      SHARE.distribution().fill(noise, 0, noise.length, new SeededBits(seed * 31 + silo));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += noise[i];
      }
    }
    return sum;
  }
}
