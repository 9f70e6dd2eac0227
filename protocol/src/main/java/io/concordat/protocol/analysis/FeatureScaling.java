package io.concordat.protocol.analysis;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.LayoutBits;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.PatientFigures.Figure;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Centre and scale of the features: the schema's at first, the federation's after its round, which
 * is exact or, in a private job, noised.
 */
final class FeatureScaling {
  /** A feature that varies by less than this part of its range is left unscaled. */
  private static final double LEAST_DEVIATION = 1e-6;

  /**
   * A noised figure replaces the policy's constant only where it stands out of its noise by this
   * many deviations: noise alone must not move or stretch a feature.
   */
  private static final double STANDS_OUT = 2;

  private final FeatureSpace features;
  private final Optional<NoiseShare> noise;

  /** Exact sums. */
  FeatureScaling(FeatureSpace features) {
    this(features, Optional.empty());
  }

  /**
   * @param noise each silo's share, in a private job with federation scaling
   */
  FeatureScaling(FeatureSpace features, Optional<NoiseShare> noise) {
    this.features = features;
    this.noise = noise;
  }

  int rounds() {
    return features.scaling() == FeatureSpace.Scaling.FEDERATION ? 1 : 0;
  }

  PublicState.Builder start(PublicState.Builder state) {
    return state
        .vector(StateNames.FEATURE_CENTER, features.schemaCenters())
        .vector(StateNames.FEATURE_SCALE, features.schemaScales());
  }

  RoundShape shape(int maxPatientsPerSilo) {
    if (noise.isPresent()) {
      PatientFigures figures = figures(features);
      return new RoundShape(
          new RoundTask.Figures(figures, RoundTask.Side.TRAIN),
          figures.values(),
          LayoutBits.noised(maxPatientsPerSilo, SamplingRate.ALWAYS, noise.get()),
          new Sealing.Noised(noise.get(), SamplingRate.ALWAYS));
    }
    long bound =
        (long) maxPatientsPerSilo * RoundTask.MAX_ROWS_PER_PATIENT * RoundTask.MOMENT_UNITS;
    return new RoundShape(
        new RoundTask.FeatureMoments(features),
        1 + 2 * features.dimension(),
        RoundShape.bitsFor(bound),
        new Sealing.Exact());
  }

  /** Numbers by mean and spread, the indicators of one category together. */
  static PatientFigures figures(FeatureSpace features) {
    List<Figure> figures = new ArrayList<>();
    List<Feature> all = features.features();
    for (int j = 0; j < all.size(); j++) {
      switch (all.get(j)) {
        case Feature.Number n ->
            figures.add(Figure.Spread.around(n.column(), n.min(), n.max(), n.center(), n.scale()));
        case Feature.Level level -> {
          List<String> levels = new ArrayList<>();
          levels.add(level.level());
          while (j + 1 < all.size()
              && all.get(j + 1) instanceof Feature.Level next
              && next.column().equals(level.column())) {
            levels.add(next.level());
            j++;
          }
          figures.add(new Figure.Cells(level.column(), levels));
        }
      }
    }
    return new PatientFigures(figures);
  }

  /** Vector: rows, then each feature's sum, then each feature's sum of squares. */
  PublicState.Builder open(PublicState.Builder state, long[] sum) {
    int d = features.dimension();
    double[] centers = new double[d];
    double[] scales = new double[d];
    for (int j = 0; j < d; j++) {
      FeatureSpace.Feature feature = features.features().get(j);
      double range = feature.max() - feature.min();
      Moments moments = Moments.of(sum[0], sum[1 + j], sum[1 + d + j]);
      double deviation = Math.sqrt(moments.variance());
      centers[j] = feature.min() + range * moments.mean();
      scales[j] = deviation > LEAST_DEVIATION ? range * deviation : range;
    }
    return state
        .vector(StateNames.FEATURE_CENTER, centers)
        .vector(StateNames.FEATURE_SCALE, scales);
  }

  /**
   * The noised form; what does not stand out of its noise stays as the policy has it.
   *
   * @param contributors silos of the cohort
   */
  PublicState.Builder open(
      PublicState.Builder state, PatientFigures figures, long[] sum, int contributors) {
    PatientFigures.Opened opened = figures.open(sum, noise.orElseThrow(), contributors);
    double[] centers = features.schemaCenters();
    double[] scales = features.schemaScales();
    double patients = opened.values()[0];
    if (patients > STANDS_OUT * opened.deviation()) {
      int at = 1;
      int feature = 0;
      for (Figure figure : figures.figures()) {
        feature = rescale(figure, opened, at, feature, centers, scales);
        at += figure.values();
      }
    }
    return state
        .vector(StateNames.FEATURE_CENTER, centers)
        .vector(StateNames.FEATURE_SCALE, scales);
  }

  /** The next feature's place. */
  private static int rescale(
      Figure figure,
      PatientFigures.Opened opened,
      int at,
      int feature,
      double[] centers,
      double[] scales) {
    double patients = opened.values()[0];
    return switch (figure) {
      case Figure.Spread spread -> {
        NoisedMoments moments =
            NoisedMoments.of(
                spread, patients, opened.values()[at], opened.values()[at + 1], opened.deviation());
        if (Math.abs(moments.mean() - spread.center()) > STANDS_OUT * moments.meanDeviation()) {
          centers[feature] = moments.mean();
        }
        if (moments.variance() > STANDS_OUT * moments.varianceDeviation()) {
          scales[feature] = Math.sqrt(moments.variance());
        }
        yield feature + 1;
      }
      case Figure.Cells cells -> {
        double noise = opened.deviation() / patients;
        for (int l = 0; l < cells.levels().size(); l++) {
          double share = Math.max(0, Math.min(1, opened.values()[at + l] / patients));
          double variance = share * (1 - share);
          if (variance > STANDS_OUT * noise) {
            centers[feature + l] = share;
            scales[feature + l] = Math.sqrt(variance);
          }
        }
        yield feature + cells.levels().size();
      }
      case Figure.Bins _ -> throw new IllegalArgumentException("scaling has no bins");
    };
  }
}
