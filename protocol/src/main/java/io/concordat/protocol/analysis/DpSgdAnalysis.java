package io.concordat.protocol.analysis;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.LayoutBits;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Private training: each opening is one step of central DP-SGD (Abadi et al., arXiv 1607.00133,
 * algorithm 1) on the union of all records, with the noise dealt over the silos. One step an
 * opening, never more: the sensitivity of several local steps is not that of one (see the
 * counterexample that the tests of the factory refuse).
 *
 * <p>With federation scaling a first round opens noised means and variances of the features. The
 * opened sum of a step is divided by the public {@code scale * samplingRate * patients of the
 * cohort}, never by a batch's real size, which the noise does not hide. Where the policy keeps an
 * evaluation split by column, the train share of the declared patients is not public and counts as
 * 1; the learning rate then is relative to that. Momentum, averaging of the last states and the
 * metrics are post-processing of opened sums.
 */
public final class DpSgdAnalysis implements Analysis {

  /** Which states the released weights average. */
  public enum Averaging {
    /** The last state alone. */
    NONE,
    /** The later half of the states. */
    TAIL,
    /** All states but the first. */
    ALL
  }

  /**
   * What decides the result.
   *
   * @param clipNorm L2 norm to which a patient's gradient is cut
   * @param noise each silo's share in a training round, for the norm in integer units
   * @param scalingNoise each silo's share in the scaling round, for a patient of {@link
   *     PatientFigures#CLIP_UNITS}; with federation scaling only
   * @param evaluationNoise each silo's share in the evaluation round, for a patient of {@link
   *     ScoreHistogram#PATIENT_UNITS}; absent if no evaluation is asked for
   * @param seed of the starting weights, where a model has random ones
   * @param trainShare public: the part of a silo's declared patients that trains, as far as the
   *     policy tells it
   */
  public record Plan(
      FeatureSpace features,
      ModelShape model,
      int rounds,
      SamplingRate sampling,
      double clipNorm,
      double learningRate,
      double momentum,
      Averaging averaging,
      NoiseShare noise,
      Optional<NoiseShare> scalingNoise,
      Optional<NoiseShare> evaluationNoise,
      long seed,
      double trainShare,
      int maxPatientsPerSilo,
      long maxPatients) {
    public Plan {
      if (!(trainShare > 0 && trainShare <= 1)) {
        throw new IllegalArgumentException("trainShare must lie above 0 and at most at 1");
      }
      if (features.scaling() == FeatureSpace.Scaling.SILO) {
        throw new IllegalArgumentException(
            "a private job scales by the policy's constants or by noised sums; a silo's own"
                + " scaling depends on its records");
      }
      if (scalingNoise.isPresent() != (features.scaling() == FeatureSpace.Scaling.FEDERATION)) {
        throw new IllegalArgumentException("federation scaling and its noise go together");
      }
      scalingNoise.ifPresent(share -> {
        if (share.clipUnits() != PatientFigures.CLIP_UNITS) {
          throw new IllegalArgumentException("scaling noise is for another sensitivity");
        }
      });
      if (model.inputs() != features.dimension()) {
        throw new IllegalArgumentException("the model has other inputs than the features");
      }
      if (rounds < 1) {
        throw new IllegalArgumentException("rounds must be at least 1");
      }
      if (!(clipNorm > 0) || !Double.isFinite(clipNorm)) {
        throw new IllegalArgumentException("clipNorm must be positive");
      }
      if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
        throw new IllegalArgumentException("learningRate must be positive");
      }
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must lie in [0, 1)");
      }
      evaluationNoise.ifPresent(share -> {
        if (share.clipUnits() != ScoreHistogram.PATIENT_UNITS) {
          throw new IllegalArgumentException("evaluation noise is for another sensitivity");
        }
      });
    }

    /** Rounds whose states enter the average: the last {@code tail()} of them. */
    int tail() {
      return switch (averaging) {
        case NONE -> 1;
        case TAIL -> (rounds + 1) / 2;
        case ALL -> rounds;
      };
    }
  }

  /** Weights stay within this: a learning rate out of all proportion must not reach infinity. */
  private static final double WEIGHT_BOUND = 1e9;

  private final Plan plan;
  private final FeatureScaling scaling;

  public DpSgdAnalysis(Plan plan) {
    this.plan = plan;
    this.scaling = new FeatureScaling(plan.features(), plan.scalingNoise());
  }

  public Plan plan() {
    return plan;
  }

  @Override
  public PublicState initialState() {
    int d = plan.model().parameters();
    return scaling
        .start(PublicState.builder())
        .scalar(StateNames.ROUND, 0)
        .vector(StateNames.WEIGHTS, plan.model().initialWeights(plan.seed()))
        .vector(StateNames.VELOCITY, new double[d])
        .vector(StateNames.AVERAGE, new double[d])
        .build();
  }

  @Override
  public int rounds() {
    return trainingEnd() + (plan.evaluationNoise().isPresent() ? 1 : 0);
  }

  private int trainingEnd() {
    return scaling.rounds() + plan.rounds();
  }

  @Override
  public boolean finished(PublicState state) {
    return roundsDone(state) >= rounds();
  }

  @Override
  public RoundShape shape(PublicState state) {
    if (finished(state)) {
      throw new IllegalArgumentException("the training is finished");
    }
    if (roundsDone(state) < scaling.rounds()) {
      return scaling.shape(plan.maxPatientsPerSilo());
    }
    if (roundsDone(state) < trainingEnd()) {
      return new RoundShape(
          new RoundTask.GradientStep(plan.features(), plan.model(), plan.clipNorm()),
          plan.model().parameters(),
          LayoutBits.noised(plan.maxPatientsPerSilo(), plan.sampling(), plan.noise()),
          new Sealing.Noised(plan.noise(), plan.sampling()));
    }
    NoiseShare share = plan.evaluationNoise().orElseThrow();
    ScoreHistogram histogram = ScoreHistogram.noised(plan.maxPatients());
    return new RoundShape(
        new RoundTask.Evaluate(plan.features(), plan.model(), histogram),
        histogram.values(),
        LayoutBits.noised(plan.maxPatientsPerSilo(), SamplingRate.ALWAYS, share),
        new Sealing.Noised(share, SamplingRate.ALWAYS));
  }

  @Override
  public PublicState advance(PublicState state, long[] sum, SortedMap<String, Long> cohort) {
    RoundShape shape = shape(state);
    if (sum.length != shape.values()) {
      throw new IllegalArgumentException(
          "the round has " + shape.values() + " values, not " + sum.length);
    }
    PublicState.Builder next = state.toBuilder().scalar(StateNames.ROUND, roundsDone(state) + 1);
    return switch (shape.task()) {
      case RoundTask.Figures figures ->
          scaling.open(next, figures.figures(), sum, cohort.size()).build();
      case RoundTask.GradientStep _ -> step(state, next, sum, cohort).build();
      case RoundTask.Evaluate evaluate -> evaluate.histogram().open(next, sum).build();
      case RoundTask.Describe _, RoundTask.FeatureMoments _, RoundTask.LocalEpochs _ ->
          throw new IllegalArgumentException("not a round of private training");
    };
  }

  private PublicState.Builder step(
      PublicState state, PublicState.Builder next, long[] sum, SortedMap<String, Long> cohort) {
    long patients = 0;
    for (long declared : cohort.values()) {
      patients = Math.addExact(patients, declared);
    }
    double unitsPerNorm = plan.noise().clipUnits() / plan.clipNorm();
    double divisor =
        unitsPerNorm
            * Math.max(1, patients)
            * plan.trainShare()
            * plan.sampling().numerator()
            / plan.sampling().denominator();
    double[] weights = state.values(StateNames.WEIGHTS);
    double[] velocity = state.values(StateNames.VELOCITY);
    double[] average = state.values(StateNames.AVERAGE);
    int done = roundsDone(state) - scaling.rounds() + 1;
    int averaged = done - (plan.rounds() - plan.tail());
    for (int j = 0; j < weights.length; j++) {
      velocity[j] = bounded(plan.momentum() * velocity[j] + sum[j] / divisor);
      weights[j] = bounded(weights[j] - plan.learningRate() * velocity[j]);
      if (averaged >= 1) {
        average[j] = average[j] + (weights[j] - average[j]) / averaged;
      }
    }
    boolean last = done == plan.rounds();
    return next.vector(StateNames.WEIGHTS, last ? average : weights)
        .vector(StateNames.VELOCITY, velocity)
        .vector(StateNames.AVERAGE, average);
  }

  private static double bounded(double value) {
    return Math.max(-WEIGHT_BOUND, Math.min(WEIGHT_BOUND, value));
  }

  @Override
  public AnalysisResult.Model result(PublicState state) {
    if (!finished(state)) {
      throw new IllegalArgumentException("the training is not finished");
    }
    return new AnalysisResult.Model(
        TrainedModel.of(state, plan.features(), plan.model()),
        state.has(StateNames.SCORE_HISTOGRAM) ? Optional.of(Metrics.of(state)) : Optional.empty());
  }
}
