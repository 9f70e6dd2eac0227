package io.concordat.privacy.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.noise.SeededBits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryReplayTest {
  private static final double DELTA = 1e-5;

  private static NoiseShare share(double epsilon, String rate, int rounds) {
    return switch (Calibration.noiseMultiplier(
        PldAccountant.standard(), epsilon, DELTA, Double.parseDouble(rate), rounds, List.of())) {
      case Calibration.Calibrated(var z, double _) -> NoiseShare.of(z, 1 << 18, 4, 1);
      case Calibration.Unreachable _ -> throw new AssertionError();
    };
  }

  private static CanaryAudit replay(NoiseShare drawn, String rate, int rounds, double claim) {
    return CanaryReplay.run(
        drawn,
        SamplingRate.parse(rate),
        rounds,
        CanaryReplay.guessesFor(claim, DELTA),
        DELTA,
        new SeededBits(20_26));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1, 30", "1, 1, 30", "2, 1, 10", "4, 1, 30", "2, 0.05, 100"})
  void theMechanismAsItIsShowsNoMoreThanItClaimsThoughTheTestCouldHave(
      double epsilon, String rate, int rounds) {
    CanaryAudit audit = replay(share(epsilon, rate, rounds), rate, rounds, epsilon);
    assertThat(audit.verdict(epsilon)).as("%s", audit).isEqualTo(CanaryAudit.Verdict.CONSISTENT);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 30", "2, 1, 10", "4, 1, 30", "2, 0.05, 100"})
  void aShareThatIsAFifthOfWhatWasPricedIsRefuted(double epsilon, String rate, int rounds) {
    NoiseShare priced = share(epsilon, rate, rounds);
    NoiseShare drawn =
        new NoiseShare(
            priced.sigma() / 5, priced.clipUnits(), priced.minContributors(), priced.colluders());
    CanaryAudit audit = replay(drawn, rate, rounds, epsilon);
    assertThat(audit.verdict(epsilon))
        .as("%s shows %s", audit, audit.epsilonLowerBound())
        .isEqualTo(CanaryAudit.Verdict.INCONSISTENT);
  }

  @Test
  void aClaimBeyondWhatAllCanariesCouldShowIsSaidToBe() {
    NoiseShare share = share(8, "1", 10);
    assertThat(replay(share, "1", 10, 8).verdict(8)).isEqualTo(CanaryAudit.Verdict.TEST_TOO_WEAK);
    assertThat(CanaryReplay.guessesFor(8, DELTA)).isEqualTo(CanaryReplay.CANARIES);
    assertThat(CanaryReplay.guessesFor(1, DELTA)).isEqualTo(100);
  }

  @Test
  void longJobsAreNotReplayedInPassing() {
    NoiseShare share = share(1, "1", 30);
    assertThat(CanaryReplay.isQuick(share, 5_000)).isTrue();
    assertThat(CanaryReplay.isQuick(share, 50_000)).isFalse();
  }
}
