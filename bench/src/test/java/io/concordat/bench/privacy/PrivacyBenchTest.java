package io.concordat.bench.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivacyBenchTest {
  private static final Path DEMO_DATA = Path.of("..", "demo-data");

  @TempDir Path folder;

  private static Result hearts(double epsilon) throws Exception {
    Experiment experiment = new Experiment(Benchmark.heart(DEMO_DATA));
    Rates rates = ChosenRates.stored().of(experiment.benchmark(), NoiseBasis.JOINT, epsilon);
    return experiment.measure(NoiseBasis.JOINT, epsilon, rates, 10);
  }

  @Test
  void privateHeartsAtEpsilonOneReachTheBestPublishedFederatedFigureWithoutPrivacy()
      throws Exception {
    Result one = hearts(1);
    assertThat(one.accuracy()).isGreaterThanOrEqualTo(0.785);
    assertThat(one.jointEpsilon()).isBetween(0.99, 1.0);
    assertThat(one.ownShareEpsilon()).isGreaterThan(1.4);
  }

  @Test
  void privateHeartsAtHalfAnEpsilonLoseLittle() throws Exception {
    assertThat(hearts(0.5).accuracy()).isGreaterThanOrEqualTo(0.775);
  }

  @Test
  void benchmarkHasThePublishedSizes() throws Exception {
    Experiment hearts = new Experiment(Benchmark.heart(DEMO_DATA));
    assertThat(hearts.trainPatients()).isEqualTo(486);
    assertThat(hearts.testPatients()).isEqualTo(254);
  }

  @Test
  void storedRatesAreWhatTheTrainRowsChoose() throws Exception {
    Experiment experiment = new Experiment(Benchmark.heart(DEMO_DATA));
    assertThat(
            experiment
                .choice(ChosenRates.SPLITS)
                .ranked(NoiseBasis.JOINT, 1, Benchmark.DELTA)
                .getFirst()
                .rates())
        .isEqualTo(ChosenRates.stored().of(experiment.benchmark(), NoiseBasis.JOINT, 1));
  }

  @Test
  void noiseOfEverySettingStaysWithinItsEpsilonByItsOwnBasis() throws Exception {
    ChosenRates stored = ChosenRates.stored();
    for (Benchmark benchmark :
        List.of(Benchmark.heart(DEMO_DATA), Benchmark.breastCancer(DEMO_DATA))) {
      for (NoiseBasis basis : NoiseBasis.values()) {
        for (double epsilon : PrivacyBench.EPSILONS) {
          int rounds = stored.of(benchmark, basis, epsilon).rounds();
          var share = basis.calibrated(epsilon, Benchmark.DELTA, rounds, 1 << 18);
          assertThat(basis.epsilon(share, rounds, Benchmark.DELTA))
              .isBetween(0.999 * epsilon, epsilon);
        }
      }
    }
  }

  @Test
  void commandWritesItsFiguresAsJsonAndItsSectionBesideWhatStands() throws Exception {
    Path json = folder.resolve("figures.json");
    Path page = Files.writeString(folder.resolve("README.md"), "# By hand\n");
    PrivacyBench.main(
        new String[] {
          DEMO_DATA.toString(),
          "--seeds",
          "1",
          "--json",
          json.toString(),
          "--readme",
          folder.toString()
        });
    JsonNode tree = new ObjectMapper().readTree(json.toFile());
    assertThat(tree.path("schema").asText()).isEqualTo("bench-privacy/1");
    assertThat(tree.path("benchmarks")).hasSize(2);
    for (JsonNode benchmark : tree.path("benchmarks")) {
      assertThat(benchmark.path("results")).hasSize(10);
      for (JsonNode result : benchmark.path("results")) {
        String counted =
            result.path("noise").asText().equals("joint") ? "jointEpsilon" : "ownShareEpsilon";
        assertThat(Double.parseDouble(result.path(counted).asText()))
            .isLessThanOrEqualTo(Double.parseDouble(result.path("epsilon").asText()));
        assertThat(result.path("accuracy").asDouble()).isBetween(0.6, 1.0);
      }
    }
    assertThat(Files.readString(page)).startsWith("# By hand\n").contains("privacy.svg");
    assertThat(Files.readString(folder.resolve("privacy.svg")))
        .startsWith("<svg")
        .contains("0.785");
  }
}
