package io.concordat.privacy.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.Calibration.Calibrated;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenyiFilterTest {

  private static final RenyiFilter CAP_EIGHT =
      RenyiFilter.forCap(new BigDecimal("8"), new BigDecimal("1e-5"));

  @Test
  void capEightHasOrderFour() {
    assertThat(CAP_EIGHT.alpha()).isEqualTo(4);
    assertThat(CAP_EIGHT.rhoMax().doubleValue()).isCloseTo(4.912, within(5e-4));
  }

  @ParameterizedTest
  @CsvSource({"1, 35", "2, 10", "4, 3"})
  void capEightAdmitsThisManyJobs(double epsilon, int jobs) {
    BigDecimal price = CAP_EIGHT.price(job(epsilon));
    assertThat(CAP_EIGHT.rhoMax().divideToIntegralValue(price).intValueExact()).isEqualTo(jobs);
  }

  @Test
  void jobOfTheWholeCapDoesNotFit() {
    double share = CAP_EIGHT.price(job(8)).doubleValue() / CAP_EIGHT.rhoMax().doubleValue();
    assertThat(share).isBetween(1.2, 1.5);
  }

  @Test
  void whatFitsTheFilterIsWithinTheCapByTheTightAccountantToo() {
    List<GaussianRound> one = job(2);
    List<GaussianRound> ten = one.stream().map(round -> round.times(10 * round.count())).toList();
    assertThat(CAP_EIGHT.price(ten)).isLessThanOrEqualTo(CAP_EIGHT.rhoMax());
    assertThat(PldAccountant.standard().epsilon(ten, 1e-5)).isLessThan(8);
  }

  @Test
  void orderIsTheBestOfAllIntegers() {
    for (String epsilon : List.of("0.1", "0.5", "1", "3", "8", "20")) {
      RenyiFilter filter = RenyiFilter.forCap(new BigDecimal(epsilon), new BigDecimal("1e-6"));
      double best = filter.rhoMax().doubleValue() / filter.alpha();
      for (int alpha = 2; alpha <= 512; alpha++) {
        double rho =
            Double.parseDouble(epsilon)
                - Math.log1p(-1.0 / alpha)
                + Math.log(1e-6 * alpha) / (alpha - 1);
        assertThat(rho / alpha).isLessThanOrEqualTo(best + 1e-9);
      }
    }
  }

  @Test
  void pricesOfPartsAddUpToAtLeastTheWhole() {
    GaussianRound round = new GaussianRound(0.05, 2.187, 1);
    BigDecimal parts = CAP_EIGHT.price(List.of(round)).multiply(BigDecimal.valueOf(400));
    assertThat(parts).isGreaterThanOrEqualTo(CAP_EIGHT.price(List.of(round.times(400))));
  }

  @Test
  void refusesCapsThatAdmitNothing() {
    assertThatThrownBy(() -> RenyiFilter.forCap(new BigDecimal("0"), new BigDecimal("1e-5")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RenyiFilter.forCap(new BigDecimal("8"), new BigDecimal("1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RenyiFilter.forCap(new BigDecimal("0.001"), new BigDecimal("1e-9")))
        .hasMessageContaining("admits no noise");
  }

  /** The design's example job: rate 0.05, 400 rounds, calibrated at delta 1e-5. */
  private static List<GaussianRound> job(double epsilon) {
    Calibrated calibrated =
        (Calibrated)
            Calibration.noiseMultiplier(
                PldAccountant.standard(), epsilon, 1e-5, 0.05, 400, List.of());
    return List.of(new GaussianRound(0.05, calibrated.noiseMultiplier().doubleValue(), 400));
  }
}
