package io.concordat.protocol.analysis;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.LayoutBits;
import io.concordat.protocol.analysis.PatientFigures.Figure;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Counts, means, variances and histograms of patients under a cap: one noised round, whose price is
 * the whole job's.
 *
 * <p>Vector: as {@link PatientFigures} says, over all patients of both sides of the split.
 */
public final class NoisedStatisticsAnalysis implements Analysis {
  private static final String ESTIMATES = "estimates";
  private static final String DEVIATION = "deviation";

  private final PatientFigures figures;
  private final NoiseShare share;
  private final int maxPatientsPerSilo;

  /**
   * @param share each silo's noise, for a patient of {@link PatientFigures#CLIP_UNITS}
   */
  public NoisedStatisticsAnalysis(
      PatientFigures figures, NoiseShare share, int maxPatientsPerSilo) {
    if (share.clipUnits() != PatientFigures.CLIP_UNITS) {
      throw new IllegalArgumentException("the noise is for another sensitivity");
    }
    this.figures = figures;
    this.share = share;
    this.maxPatientsPerSilo = maxPatientsPerSilo;
  }

  @Override
  public PublicState initialState() {
    return PublicState.builder().scalar(StateNames.ROUND, 0).build();
  }

  @Override
  public RoundShape shape(PublicState state) {
    if (finished(state)) {
      throw new IllegalArgumentException("the statistics are finished");
    }
    return new RoundShape(
        new RoundTask.Figures(figures, RoundTask.Side.BOTH),
        figures.values(),
        LayoutBits.noised(maxPatientsPerSilo, SamplingRate.ALWAYS, share),
        new Sealing.Noised(share, SamplingRate.ALWAYS));
  }

  @Override
  public PublicState advance(PublicState state, long[] sum, SortedMap<String, Long> cohort) {
    if (sum.length != shape(state).values()) {
      throw new IllegalArgumentException(
          "the round has " + figures.values() + " values, not " + sum.length);
    }
    PatientFigures.Opened opened = figures.open(sum, share, cohort.size());
    return state.toBuilder()
        .scalar(StateNames.ROUND, 1)
        .vector(ESTIMATES, opened.values())
        .scalar(DEVIATION, opened.deviation())
        .build();
  }

  @Override
  public boolean finished(PublicState state) {
    return roundsDone(state) == 1;
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public AnalysisResult.NoisedStatistics result(PublicState state) {
    if (!finished(state)) {
      throw new IllegalArgumentException("the statistics are not finished");
    }
    double[] estimates = state.values(ESTIMATES);
    double deviation = state.scalar(DEVIATION);
    List<AnalysisResult.NoisedColumn> columns = new ArrayList<>();
    int at = 1;
    for (Figure figure : figures.figures()) {
      columns.add(column(figure, estimates, at, deviation));
      at += figure.values();
    }
    return new AnalysisResult.NoisedStatistics(estimates[0], deviation, columns);
  }

  private static AnalysisResult.NoisedColumn column(
      Figure figure, double[] estimates, int at, double deviation) {
    return switch (figure) {
      case Figure.Spread spread -> {
        NoisedMoments moments =
            NoisedMoments.of(spread, estimates[0], estimates[at], estimates[at + 1], deviation);
        yield new AnalysisResult.NoisedColumn.Number(
            spread.column(),
            moments.mean(),
            moments.meanDeviation(),
            moments.variance(),
            moments.varianceDeviation(),
            spread.reach());
      }
      case Figure.Cells cells -> {
        List<AnalysisResult.NoisedLevel> levels = new ArrayList<>();
        for (int l = 0; l < cells.levels().size(); l++) {
          levels.add(new AnalysisResult.NoisedLevel(cells.levels().get(l), estimates[at + l]));
        }
        yield new AnalysisResult.NoisedColumn.Category(cells.column(), levels);
      }
      case Figure.Bins bins -> {
        List<Double> counts = new ArrayList<>();
        for (int bin = 0; bin < bins.bins(); bin++) {
          counts.add(estimates[at + bin]);
        }
        yield new AnalysisResult.NoisedColumn.Histogram(
            bins.column(), bins.min(), bins.max(), counts);
      }
    };
  }
}
