package io.concordat.bench.privacy;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Whose noise the guarantee counts on. */
enum NoiseBasis {
  /** The honest silos of the smallest cohort together: the policy's guarantee. */
  JOINT("joint") {
    @Override
    NoiseShare share(BigDecimal noiseMultiplier, long clipUnits) {
      return NoiseShare.of(noiseMultiplier, clipUnits, MIN_CONTRIBUTORS, COLLUDERS);
    }

    @Override
    GaussianRound priced(NoiseShare share, int rounds) {
      return GaussianRound.joint(share, SamplingRate.ALWAYS, rounds);
    }
  },

  /** Each silo's own share alone, everybody else colluding and able to open. */
  OWN_SHARE("own share") {
    @Override
    NoiseShare share(BigDecimal noiseMultiplier, long clipUnits) {
      int sigma =
          noiseMultiplier
              .multiply(BigDecimal.valueOf(clipUnits))
              .setScale(0, RoundingMode.CEILING)
              .intValueExact();
      return new NoiseShare(sigma, clipUnits, MIN_CONTRIBUTORS, COLLUDERS);
    }

    @Override
    GaussianRound priced(NoiseShare share, int rounds) {
      return GaussianRound.ownShare(share, SamplingRate.ALWAYS, rounds);
    }
  };

  /** The demo consortium's cohort. */
  static final int MIN_CONTRIBUTORS = 3;

  static final int COLLUDERS = 1;

  private static final BigDecimal STEP = BigDecimal.ONE.movePointLeft(Calibration.DIGITS);

  private final String words;

  NoiseBasis(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  abstract NoiseShare share(BigDecimal noiseMultiplier, long clipUnits);

  abstract GaussianRound priced(NoiseShare share, int rounds);

  /** The epsilon of so many rounds with every patient in each. */
  double epsilon(NoiseShare share, int rounds, double delta) {
    return PldAccountant.standard().epsilon(List.of(priced(share, rounds)), delta);
  }

  /** The least share on the calibration's grid that stays within the target, as integers. */
  NoiseShare calibrated(double epsilon, double delta, int rounds, long clipUnits) {
    BigDecimal z =
        switch (Calibration.noiseMultiplier(
            PldAccountant.standard(), epsilon, delta, 1, rounds, List.of())) {
          case Calibration.Calibrated(BigDecimal found, double _) -> found;
          case Calibration.Unreachable _ ->
              throw new IllegalArgumentException("no noise reaches epsilon " + epsilon);
        };
    // The integers are priced at a variance of 4 less, which may want one step more.
    NoiseShare share = share(z, clipUnits);
    while (epsilon(share, rounds, delta) > epsilon) {
      z = z.add(STEP);
      share = share(z, clipUnits);
    }
    return share;
  }
}
