package io.concordat.privacy.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NoiseShareTest {

  @Test
  void sigmaIsTheLeastIntegerThatIsEnough() {
    Random random = new Random(11);
    for (int i = 0; i < 10_000; i++) {
      BigDecimal z = BigDecimal.valueOf(1 + random.nextInt(99_999), 4);
      long units = 1000 + random.nextInt(100_000);
      int colluders = random.nextInt(5);
      int minimum = colluders + 2 + random.nextInt(30);
      NoiseShare share;
      try {
        share = NoiseShare.of(z, units, minimum, colluders);
      } catch (IllegalArgumentException outOfRange) {
        continue;
      }
      assertThat(isEnough(share.sigma(), z, units, minimum - colluders)).isTrue();
      assertThat(isEnough(share.sigma() - 1, z, units, minimum - colluders)).isFalse();
    }
  }

  private static boolean isEnough(long sigma, BigDecimal z, long units, int honest) {
    BigDecimal wanted = z.multiply(BigDecimal.valueOf(units)).pow(2);
    return BigDecimal.valueOf(sigma * sigma * honest).compareTo(wanted) >= 0;
  }

  @Test
  void perfectSquareIsNotRoundedUp() {
    // (1.5 * 2^18)^2 / 4 is a square: sigma is exactly 1.5 * 2^17.
    assertThat(NoiseShare.sigma(new BigDecimal("1.5"), 1 << 18, 5, 1)).isEqualTo(196_608);
    assertThat(NoiseShare.sigma(new BigDecimal("1.5000000000000000000000001"), 1 << 18, 5, 1))
        .isEqualTo(196_609);
  }

  @Test
  void refusesClipTooCoarseOrTooFine() {
    assertThatThrownBy(() -> NoiseShare.of(BigDecimal.ONE, 4, 3, 1))
        .hasMessageContaining("choose more clip units");
    assertThatThrownBy(() -> NoiseShare.of(new BigDecimal("1000"), 1 << 18, 3, 1))
        .hasMessageContaining("choose fewer clip units");
    assertThat(NoiseShare.sigma(new BigDecimal("16"), 1 << 20, 2, 0)).isEqualTo(11_863_284);
  }

  @Test
  void refusesCohortWhereOneSiloStandsAlone() {
    assertThatThrownBy(() -> NoiseShare.of(BigDecimal.ONE, 1 << 18, 3, 2))
        .hasMessageContaining("at least two silos beyond the colluders");
    assertThatThrownBy(() -> NoiseShare.of(BigDecimal.ONE, 1 << 18, 3, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
