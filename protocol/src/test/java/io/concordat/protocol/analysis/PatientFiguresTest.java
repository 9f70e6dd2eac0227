package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.PatientFigures.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PatientFiguresTest {
  private static final FeatureSpace FEATURES =
      new FeatureSpace(
          List.of(
              new Feature.Number("age", 0, 120, 50, 10),
              new Feature.Level("stage", "2"),
              new Feature.Level("stage", "3"),
              new Feature.Number("weight", 30, 200, 80, 100)),
          new LabelRule.Levels("outcome", List.of("ill")),
          FeatureSpace.Scaling.FEDERATION);

  /** Small against 2^18 units, so that expected values can be written down. */
  private static final NoiseShare WHISPER = new NoiseShare(8, PatientFigures.CLIP_UNITS, 3, 1);

  /** As a job with multiplier 10 has it, of four silos. */
  private static final NoiseShare LOUD =
      NoiseShare.of(new java.math.BigDecimal("10"), PatientFigures.CLIP_UNITS, 3, 1);

  private record Person(double age, String stage, double weight) implements FeatureSpace.Row {
    @Override
    public double number(String column) {
      return column.equals("age") ? age : weight;
    }

    @Override
    public String level(String column) {
      return stage;
    }
  }

  private static PatientFigures figures() {
    List<Figure> figures = new ArrayList<>(FeatureScaling.figures(FEATURES).figures());
    figures.add(new Figure.Bins("age", 0, 120, 12));
    return new PatientFigures(figures);
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double v : vector) {
      squares += v * v;
    }
    return Math.sqrt(squares);
  }

  @Test
  void noPatientMovesTheSumFurtherThanTheReachWhateverItsRowsHold() {
    PatientFigures figures = figures();
    Random random = new Random(5);
    double longest = 0;
    for (int i = 0; i < 100_000; i++) {
      List<FeatureSpace.Row> rows = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      boolean extreme = random.nextBoolean();
      for (int r = 0; r < count; r++) {
        rows.add(
            new Person(
                extreme ? 120 * random.nextInt(2) : 120 * random.nextDouble(),
                Integer.toString(1 + random.nextInt(3)),
                extreme ? 200 : 30 + 170 * random.nextDouble()));
      }
      longest = Math.max(longest, norm(figures.ofPatient(rows)));
    }
    // One, two for each number, one for the category and one for the bins; and it is reached.
    assertThat(figures.reach()).isCloseTo(Math.sqrt(7), within(1e-15));
    assertThat(longest)
        .isLessThanOrEqualTo(figures.reach() + 1e-12)
        .isCloseTo(Math.sqrt(7), within(1e-9));
    assertThat(norm(figures.ofPatient(List.of()))).isZero();
  }

  private static long[] sumOf(PatientFigures figures, List<Person> people, NoiseShare share) {
    double unit = figures.reach() / share.clipUnits();
    long[] sum = new long[figures.values()];
    for (Person person : people) {
      double[] one = figures.ofPatient(List.of(person));
      for (int j = 0; j < sum.length; j++) {
        sum[j] += (long) (one[j] / unit);
      }
    }
    return sum;
  }

  /** 600 people around (62, 95) where the policy believes (50, 80). */
  private static List<Person> people() {
    Random random = new Random(9);
    List<Person> people = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      people.add(
          new Person(
              62 + 6 * Math.max(-2.5, Math.min(2.5, random.nextGaussian())),
              i % 4 == 0 ? "3" : "1",
              95 + 15 * Math.max(-2.5, Math.min(2.5, random.nextGaussian()))));
    }
    return people;
  }

  @Test
  void scalingFindsMeansAndDeviationsThatNumpyWouldFind() {
    List<Person> people = people();
    double mean = people.stream().mapToDouble(Person::age).average().orElseThrow();
    double variance =
        people.stream().mapToDouble(p -> (p.age() - mean) * (p.age() - mean)).sum() / 600;
    PatientFigures figures = FeatureScaling.figures(FEATURES);
    FeatureScaling scaling = new FeatureScaling(FEATURES, Optional.of(WHISPER));
    PublicState state =
        scaling.open(PublicState.builder(), figures, sumOf(figures, people, WHISPER), 4).build();
    double[] centers = state.values(StateNames.FEATURE_CENTER);
    double[] scales = state.values(StateNames.FEATURE_SCALE);
    assertThat(centers[0]).isCloseTo(mean, within(1e-2));
    assertThat(scales[0]).isCloseTo(Math.sqrt(variance), within(1e-2));
    assertThat(centers[3]).isCloseTo(95, within(2.0));
    assertThat(scales[3]).isCloseTo(15, within(2.0));
    // A quarter is at stage 3, nobody at stage 2: a feature that never occurs stays as it is.
    assertThat(centers[2]).isCloseTo(0.25, within(1e-3));
    assertThat(scales[2]).isCloseTo(Math.sqrt(0.1875), within(1e-3));
    assertThat(centers[1]).isZero();
    assertThat(scales[1]).isEqualTo(1);
  }

  @Test
  void whatDoesNotStandOutOfTheNoiseStaysAsThePolicyHasIt() {
    FeatureScaling scaling = new FeatureScaling(FEATURES, Optional.of(LOUD));
    PatientFigures figures = FeatureScaling.figures(FEATURES);
    long[] quiet = new long[figures.values()];
    PublicState noise = scaling.open(PublicState.builder(), figures, quiet, 4).build();
    assertThat(noise.values(StateNames.FEATURE_CENTER)).isEqualTo(FEATURES.schemaCenters());
    assertThat(noise.values(StateNames.FEATURE_SCALE)).isEqualTo(FEATURES.schemaScales());
    // Twelve years are more than twice the noise of a mean of 600; so is the spread of 0.2 reach.
    PublicState far =
        scaling.open(PublicState.builder(), figures, sumOf(figures, people(), LOUD), 4).build();
    assertThat(far.values(StateNames.FEATURE_CENTER)[0]).isCloseTo(62, within(1.0));
  }

  @Test
  void statisticsTellEstimatesAndHowFarNoiseMovesThem() {
    List<Person> people = people();
    NoisedStatisticsAnalysis analysis = new NoisedStatisticsAnalysis(figures(), LOUD, 400);
    PublicState start = analysis.initialState();
    long[] clean = sumOf(figures(), people, LOUD);
    var cohort =
        new java.util.TreeMap<>(java.util.Map.of("a", 150L, "b", 150L, "c", 150L, "d", 150L));
    Random random = new Random(77);
    int runs = 400;
    double squares = 0;
    double meanSquares = 0;
    double reported = 0;
    double truth = people.stream().mapToDouble(Person::age).average().orElseThrow();
    for (int run = 0; run < runs; run++) {
      long[] sum = clean.clone();
      for (int j = 0; j < sum.length; j++) {
        sum[j] += Math.round(random.nextGaussian() * LOUD.sigma() * 2);
      }
      AnalysisResult.NoisedStatistics result =
          analysis.result(analysis.advance(start, sum, cohort));
      squares += Math.pow((result.patients() - 600) / result.deviation(), 2);
      var age = (AnalysisResult.NoisedColumn.Number) result.columns().getFirst();
      meanSquares += Math.pow(age.mean() - truth, 2);
      reported += Math.pow(age.meanDeviation(), 2);
    }
    // Four silos of sigma each: the deviation that is told is the one that is seen.
    assertThat(Math.sqrt(squares / runs)).isCloseTo(1, within(0.12));
    assertThat(Math.sqrt(meanSquares / reported)).isCloseTo(1, within(0.15));
  }

  @Test
  void binsCoverTheirRangeToTheLastValue() {
    assertThat(DescribedColumn.bin(0, 0, 120, 12)).isZero();
    assertThat(DescribedColumn.bin(9.99, 0, 120, 12)).isZero();
    assertThat(DescribedColumn.bin(10, 0, 120, 12)).isEqualTo(1);
    assertThat(DescribedColumn.bin(120, 0, 120, 12)).isEqualTo(11);
  }
}
