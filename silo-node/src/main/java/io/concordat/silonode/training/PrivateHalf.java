package io.concordat.silonode.training;

import io.concordat.privacy.noise.RandomBits;
import io.concordat.privacy.vector.BoundedSum;
import io.concordat.privacy.vector.CellCounts;
import io.concordat.privacy.vector.ClippedSum;
import io.concordat.privacy.vector.DrawnNoise;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.ExactVector;
import io.concordat.privacy.vector.NoiseStep;
import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.PatientFigures;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import io.concordat.protocol.analysis.RoundTask;
import io.concordat.protocol.analysis.ScoreHistogram;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.silonode.records.RecordTable;
import io.concordat.silonode.records.SiloRecords;
import java.util.Arrays;
import java.util.List;

/**
 * From records to the vector that a round asks for. Two ways in, as there are two ways to seal:
 * with a policy's grant, or with keystreams for coin and noise.
 */
public final class PrivateHalf {
  private PrivateHalf() {}

  /** What a silo has to offer to a round. */
  public sealed interface Outcome {
    /** A vector of the shape's length that may be sealed. */
    record Ready(SealableVector vector) implements Outcome {}

    /**
     * Nothing that belongs into a sum. Only exact rounds end so: whether a private round does must
     * not depend on records.
     *
     * @param reason without values or patients, fit for a log
     */
    record Unfit(String reason) implements Outcome {}
  }

  /**
   * The contribution to an exact round.
   *
   * @param grant the policy's word that this dataset's sums may be opened as they are
   */
  public static Outcome exact(
      RoundShape shape, PublicState state, SiloRecords records, ExactGrant grant) {
    if (!(shape.sealing() instanceof Sealing.Exact)) {
      throw new IllegalArgumentException("the round wants noise; an exact vector must not leave");
    }
    ExactSums.Outcome outcome =
        switch (shape.task()) {
          case RoundTask.Describe describe -> ExactSums.describe(describe, records);
          case RoundTask.FeatureMoments moments -> ExactSums.moments(moments, records);
          case RoundTask.LocalEpochs epochs -> ExactSums.update(epochs, state, records);
          case RoundTask.Evaluate evaluate -> ExactSums.evaluate(evaluate, state, records);
          case RoundTask.GradientStep _ -> new ExactSums.Outcome.Unfit("gradients need noise");
          case RoundTask.Figures _ -> new ExactSums.Outcome.Unfit("patients' figures need noise");
        };
    return switch (outcome) {
      case ExactSums.Outcome.Unfit(String reason) -> new Outcome.Unfit(reason);
      case ExactSums.Outcome.Sums(long[] values) -> {
        long bound = (1L << (shape.bits() - 1)) - 1;
        for (long value : values) {
          if (value > bound || value < -bound) {
            yield new Outcome.Unfit(
                "a value exceeds the layout's "
                    + shape.bits()
                    + " bits: more records than declared?");
          }
        }
        yield new Outcome.Ready(ExactVector.of(values, grant));
      }
    };
  }

  /**
   * The contribution to a private round; always one, whatever the records hold, also from an empty
   * batch. All noise is drawn before a record is looked at, and every patient is worked on whether
   * or not its coin fell, so that the duration tells nothing of the batch.
   *
   * @param coin keystream of this contribution, label "coin"
   * @param noise keystream of this contribution, label "noise"
   */
  public static Outcome.Ready noised(
      RoundShape shape, PublicState state, SiloRecords records, RandomBits coin, RandomBits noise) {
    if (!(shape.sealing() instanceof Sealing.Noised noised)) {
      throw new IllegalArgumentException("the round is exact; it needs a grant, not noise");
    }
    DrawnNoise drawn = NoiseStep.draw(noised.share(), shape.values(), noise);
    BoundedSum sum =
        switch (shape.task()) {
          case RoundTask.GradientStep step -> gradients(step, noised, state, records, coin);
          case RoundTask.Evaluate evaluate -> cells(evaluate, noised, state, records);
          case RoundTask.Figures figures -> figures(figures, noised, records);
          case RoundTask.Describe _, RoundTask.FeatureMoments _, RoundTask.LocalEpochs _ ->
              throw new IllegalArgumentException("no noised form of " + shape.task());
        };
    return new Outcome.Ready(NoiseStep.add(sum.withZeroTail(noised.zeroTail()), drawn));
  }

  private static BoundedSum gradients(
      RoundTask.GradientStep step,
      Sealing.Noised noised,
      PublicState state,
      SiloRecords records,
      RandomBits coin) {
    double[] weights = state.values(StateNames.WEIGHTS);
    Examples train = Examples.of(records.train(), records.train(), step.features(), state);
    ClippedSum sum = new ClippedSum(weights.length, step.clipNorm(), noised.share().clipUnits());
    PatientGradients.forEach(
        step.model(), weights, train, gradient -> sum.add(gradient, noised.sampling().toss(coin)));
    return sum.take();
  }

  /** Every patient's figures; the clip only catches what rounding adds to their bound. */
  private static BoundedSum figures(
      RoundTask.Figures task, Sealing.Noised noised, SiloRecords records) {
    PatientFigures figures = task.figures();
    ClippedSum sum = new ClippedSum(figures.values(), figures.reach(), noised.share().clipUnits());
    addFigures(figures, records.train(), sum);
    if (task.side() == RoundTask.Side.BOTH) {
      addFigures(figures, records.evaluation(), sum);
    }
    return sum.take();
  }

  private static void addFigures(PatientFigures figures, RecordTable table, ClippedSum sum) {
    for (int patient = 0; patient < table.patients(); patient++) {
      List<FeatureSpace.Row> rows =
          Arrays.stream(table.rowsOf(patient)).mapToObj(table::row).toList();
      sum.add(figures.ofPatient(rows));
    }
  }

  private static BoundedSum cells(
      RoundTask.Evaluate evaluate, Sealing.Noised noised, PublicState state, SiloRecords records) {
    ScoreHistogram histogram = evaluate.histogram();
    if (histogram.withLoss()) {
      throw new IllegalArgumentException("a noised evaluation carries no loss");
    }
    Examples examples =
        Examples.of(records.evaluation(), records.train(), evaluate.features(), state);
    double[] weights = state.values(StateNames.WEIGHTS);
    CellCounts counts = new CellCounts(histogram.values(), noised.share().clipUnits());
    for (int patient = 0; patient < examples.patients(); patient++) {
      int[] rows = examples.rowsOf(patient);
      int[] cells = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        cells[i] = cell(evaluate, weights, examples, rows[i]);
      }
      counts.addPatient(cells);
    }
    return counts.take();
  }

  /** The cell of a row: {@code 2 * bin + label}. */
  static int cell(RoundTask.Evaluate evaluate, double[] weights, Examples examples, int row) {
    double logit = evaluate.model().logit(weights, examples.input(row));
    return 2 * evaluate.histogram().bin(ModelShape.probability(logit)) + (int) examples.label(row);
  }
}
