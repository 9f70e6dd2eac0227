package io.concordat.protocol.analysis;

import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Federated averaging (McMahan et al., arXiv 1602.05629, algorithm 1): silos train some epochs from
 * the common weights, the sum weighs their updates by their numbers of patients. Exact sums, hence
 * only for datasets without a cap.
 *
 * <p>Rounds: scaling (only with federation scaling), training, evaluation (if asked). Vector of a
 * training round: n, then n times each parameter's update in fixed point. The mean update differs
 * from the one in real numbers by at most half a unit, {@code range / (2^(bits-1) - 1) / 2}, in
 * each parameter, as long as no update left the range.
 */
public final class FedAvgAnalysis implements Analysis {

  /**
   * What decides the result.
   *
   * @param quantiser range and width of an update, at most 24 bits
   */
  public record Plan(
      FeatureSpace features,
      ModelShape model,
      int rounds,
      LocalTraining training,
      Quantiser quantiser,
      boolean evaluation,
      int maxPatientsPerSilo) {
    public Plan {
      if (model.inputs() != features.dimension()) {
        throw new IllegalArgumentException("the model has other inputs than the features");
      }
      if (rounds < 1) {
        throw new IllegalArgumentException("rounds must be at least 1");
      }
      if (quantiser.bits() > 24) {
        throw new IllegalArgumentException("encoding bits must be 2..24");
      }
      if (maxPatientsPerSilo < 1 || maxPatientsPerSilo > 1 << 30) {
        throw new IllegalArgumentException("maxPatientsPerSilo must be 1..2^30");
      }
    }
  }

  private final Plan plan;
  private final FeatureScaling scaling;

  public FedAvgAnalysis(Plan plan) {
    this.plan = plan;
    this.scaling = new FeatureScaling(plan.features());
  }

  public Plan plan() {
    return plan;
  }

  @Override
  public PublicState initialState() {
    return scaling
        .start(PublicState.builder())
        .scalar(StateNames.ROUND, 0)
        .vector(StateNames.WEIGHTS, plan.model().initialWeights(plan.training().seed()))
        .build();
  }

  @Override
  public int rounds() {
    return trainingEnd() + (plan.evaluation() ? 1 : 0);
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
    int round = roundsDone(state);
    if (round < scaling.rounds()) {
      return scaling.shape(plan.maxPatientsPerSilo());
    }
    if (round < trainingEnd()) {
      RoundTask task =
          new RoundTask.LocalEpochs(
              plan.features(), plan.model(), plan.training(), plan.quantiser());
      long bound = Math.multiplyExact((long) plan.maxPatientsPerSilo(), plan.quantiser().largest());
      return new RoundShape(
          task, 1 + plan.model().parameters(), RoundShape.bitsFor(bound), new Sealing.Exact());
    }
    ScoreHistogram histogram = ScoreHistogram.exact();
    return new RoundShape(
        new RoundTask.Evaluate(plan.features(), plan.model(), histogram),
        histogram.values(),
        RoundShape.bitsFor(histogram.bound(plan.maxPatientsPerSilo())),
        new Sealing.Exact());
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
      case RoundTask.FeatureMoments _ -> scaling.open(next, sum).build();
      case RoundTask.Evaluate evaluate -> evaluate.histogram().open(next, sum).build();
      case RoundTask.LocalEpochs _ ->
          next.vector(StateNames.WEIGHTS, average(state.values(StateNames.WEIGHTS), sum)).build();
      case RoundTask.Describe _, RoundTask.Figures _, RoundTask.GradientStep _ ->
          throw new IllegalArgumentException("not a round of federated averaging");
    };
  }

  private double[] average(double[] weights, long[] sum) {
    if (sum[0] <= 0) {
      return weights;
    }
    for (int j = 0; j < weights.length; j++) {
      weights[j] = weights[j] + plan.quantiser().real(sum[j + 1]) / sum[0];
    }
    return weights;
  }

  @Override
  public AnalysisResult.Model result(PublicState state) {
    if (!finished(state)) {
      throw new IllegalArgumentException("the training is not finished");
    }
    return new AnalysisResult.Model(
        TrainedModel.of(state, plan.features(), plan.model()),
        plan.evaluation() ? Optional.of(Metrics.of(state)) : Optional.empty());
  }
}
