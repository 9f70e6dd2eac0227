package io.concordat.privacy.accountant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tight accountant by privacy loss distributions. Valid for rounds whose parameters are fixed in
 * advance; across jobs that are chosen after seeing results it is not, and {@code
 * budget.RenyiFilter} decides there.
 *
 * <p>Rounds without sampling are one Gaussian, in closed form if there are no others. The rest is
 * composed on a grid of losses of step 1e-4 or less. No delta below 1e-10 is quoted: rounding alone
 * is charged with 1e-12.
 */
public final class PldAccountant implements Accountant {

  /** Smallest delta that a composed grid may be asked for or answers with. */
  public static final double MIN_DELTA = 1e-10;

  private static final double STEP = 1e-4;
  private static final int MIN_STEPS = 400;
  private static final PldAccountant STANDARD = new PldAccountant(STEP);

  private final double step;

  private PldAccountant(double step) {
    this.step = step;
  }

  public static PldAccountant standard() {
    return STANDARD;
  }

  /** For tests of the grid itself. */
  static PldAccountant withStep(double step) {
    return new PldAccountant(step);
  }

  @Override
  public double epsilon(List<GaussianRound> rounds, double delta) {
    Accountant.requireDelta(delta);
    Merged merged = merge(rounds);
    if (merged.sampled().isEmpty()) {
      return merged.gaussianInverseSquares() == 0 ? 0 : merged.gaussian().epsilon(delta);
    }
    if (delta < MIN_DELTA) {
      throw new IllegalArgumentException("no epsilon is quoted for a delta below 1e-10: " + delta);
    }
    LossComposition.Composed composed = compose(merged);
    return Math.max(composed.remove().epsilon(delta), composed.add().epsilon(delta));
  }

  @Override
  public double delta(List<GaussianRound> rounds, double epsilon) {
    Accountant.requireEpsilon(epsilon);
    Merged merged = merge(rounds);
    if (merged.sampled().isEmpty()) {
      return merged.gaussianInverseSquares() == 0 ? 0 : merged.gaussian().delta(epsilon);
    }
    LossComposition.Composed composed = compose(merged);
    double delta = Math.max(composed.remove().delta(epsilon), composed.add().delta(epsilon));
    return Math.max(MIN_DELTA, delta);
  }

  private LossComposition.Composed compose(Merged merged) {
    List<GaussianRound> kinds = new ArrayList<>(merged.sampled());
    if (merged.gaussianInverseSquares() > 0) {
      kinds.add(new GaussianRound(1, 1 / Math.sqrt(merged.gaussianInverseSquares()), 1));
    }
    return LossComposition.compose(kinds, stepFor(kinds));
  }

  /**
   * The grid must resolve the losses of one round: where they span few steps, the steps are made
   * smaller.
   */
  private double stepFor(List<GaussianRound> kinds) {
    double wanted = step;
    for (GaussianRound kind : kinds) {
      double[] range =
          LossDistribution.range(
              kind.samplingRate(), kind.noiseMultiplier(), LossDistribution.Direction.REMOVE);
      wanted = Math.min(wanted, (range[1] - range[0]) / MIN_STEPS);
    }
    return wanted;
  }

  private record Merged(List<GaussianRound> sampled, double gaussianInverseSquares) {
    AnalyticGaussian gaussian() {
      return new AnalyticGaussian(Math.sqrt(gaussianInverseSquares));
    }
  }

  /**
   * Equal rounds counted together in order of first appearance; rounds without sampling added up;
   * rate 0 costs nothing.
   */
  private static Merged merge(List<GaussianRound> rounds) {
    double inverseSquares = 0;
    Map<GaussianRound, Long> counts = new LinkedHashMap<>();
    for (GaussianRound round : rounds) {
      if (round.samplingRate() == 1) {
        inverseSquares += round.count() / (round.noiseMultiplier() * round.noiseMultiplier());
      } else if (round.samplingRate() > 0) {
        counts.merge(round.times(1), round.count(), Math::addExact);
      }
    }
    List<GaussianRound> sampled = new ArrayList<>();
    counts.forEach((kind, count) -> sampled.add(kind.times(count)));
    return new Merged(List.copyOf(sampled), inverseSquares);
  }
}
