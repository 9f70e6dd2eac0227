package io.concordat.privacy.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SeededBits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseRepetitionTest {
  private static final NoiseShare SHARE = new NoiseShare(5000, 1 << 14, 5, 1);

  /** Which seed a silo takes in a round. */
  private interface Seeds {
    long of(int silo, int round);
  }

  private static NoiseRepetition run(int silos, int rounds, Seeds seeds) {
    double sigma = NoiseRepetition.jointDeviation(Collections.nCopies(silos, SHARE));
    double[] before = new double[NoiseAttestation.COORDINATES];
    List<Double> deviations = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      long[] sum = new long[before.length];
      for (int silo = 0; silo < silos; silo++) {
        long[] noise = new long[sum.length];
        SHARE.distribution().fill(noise, 0, noise.length, new SeededBits(seeds.of(silo, round)));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += noise[i];
        }
      }
      if (round > 0) {
        deviations.add(NoiseRepetition.deviation(before, sum, sigma));
      }
      before = NoiseRepetition.plus(before, sum, sigma);
    }
    return new NoiseRepetition(deviations);
  }

  private static long fresh(int silo, int round) {
    return 1_000_003L * round + silo;
  }

  @Test
  void freshNoiseScattersByOneDeviationAndPassesNoLimit() {
    NoiseRepetition found = run(2, 401, NoiseRepetitionTest::fresh);
    double squares = found.deviations().stream().mapToDouble(r -> r * r).sum();
    // 400 squares of deviation 1: their mean scatters by sqrt(2/400) = 0.07.
    assertThat(squares / 400).isCloseTo(1, within(0.28));
    assertThat(found.repeated()).as("%s, %s", found.largest(), found.together()).isFalse();
  }

  @Test
  void theLimitIsThatOfTheBound() {
    NoiseRepetition found = new NoiseRepetition(Collections.nCopies(30, 0.0));
    // 31 figures, two sides, exp(-x^2/2) each: together one in a million.
    assertThat(31 * 2 * Math.exp(-found.limit() * found.limit() / 2))
        .isCloseTo(1e-6, within(1e-12));
    assertThat(new NoiseRepetition(List.of()).repeated()).isFalse();
  }

  @Test
  void oneRoundThatTakesAnEarlierRoundsSeedIsFoundUpToAHundredRounds() {
    for (int rounds : new int[] {2, 30, 100}) {
      int last = rounds - 1;
      NoiseRepetition found =
          run(2, rounds, (silo, round) -> fresh(silo, round == last ? last / 2 : round));
      assertThat(found.deviations().getLast()).isCloseTo(Math.sqrt(4096.0 / last), within(4.5));
      assertThat(found.repeated()).as("%d rounds", rounds).isTrue();
    }
  }

  @Test
  void oneOfManySilosThatRepeatsItsShareInEveryRoundIsFoundOverTheRounds() {
    int silos = 40;
    NoiseRepetition found = run(silos, 20, (silo, round) -> fresh(silo, silo == 7 ? 0 : round));
    // In no pair of rounds does it stand out: 64 / 40 deviations.
    assertThat(found.deviations().getFirst()).isLessThan(6);
    assertThat(found.together()).isCloseTo(43.0 * 20 / silos, within(7.0));
    assertThat(found.repeated()).isTrue();
  }
}
