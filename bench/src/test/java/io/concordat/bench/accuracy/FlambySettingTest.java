package io.concordat.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FlambySettingTest {
  private static final Path DEMO_DATA = Path.of("..", "demo-data");

  /** FLamby's table has 0.748 for federated averaging and 0.785 for the best federated method. */
  @Test
  void encryptedAveragingIsTheVerySameAsInTheClearAndQuantisationStaysWithinItsBound()
      throws Exception {
    FlambySetting setting = new FlambySetting(DEMO_DATA);
    for (String scaling : new String[] {"silo", "federation"}) {
      FlambySetting.Figures figures = setting.figures(scaling);
      assertThat(figures.same()).as("%s: encryption changes nothing", scaling).isTrue();
      assertThat(figures.apart()).as(scaling).isPositive().isLessThan(FlambySetting.BOUND);
      assertThat(figures.metrics().accuracy()).as(scaling).isGreaterThan(0.7);
    }
  }
}
