package io.concordat.protocol.job;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is to be computed. */
public sealed interface AnalysisSpec {

  /** The kind's name, as policies grant it. */
  String kind();

  /**
   * Counts, means, variances and histograms of number columns, counts of each value of category
   * columns.
   *
   * @param columns each once, in the order of the result
   * @param bins of a histogram of every number column; 0 for none
   */
  record Statistics(List<String> columns, int bins) implements AnalysisSpec {
    public Statistics {
      columns = List.copyOf(columns);
      if (columns.isEmpty() || Set.copyOf(columns).size() != columns.size()) {
        throw new IllegalArgumentException("statistics name each column once");
      }
      if (bins < 0 || bins == 1) {
        throw new IllegalArgumentException("a histogram has at least two bins");
      }
    }

    @Override
    public String kind() {
      return "statistics";
    }
  }

  /** A model fitted over rounds. */
  record Train(ModelSpec model, Strategy strategy, Optional<Evaluation> evaluation)
      implements AnalysisSpec {
    @Override
    public String kind() {
      return "train";
    }
  }

  /** Figures of a model on the holdout, opened as sums. */
  enum Metric {
    ACCURACY("accuracy"),
    AUC("auc"),
    LOSS("loss"),
    BRIER("brier"),
    CALIBRATION("calibration");

    private final String text;

    Metric(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<Metric> byText(String text) {
      return Arrays.stream(values()).filter(m -> m.text.equals(text)).findFirst();
    }
  }

  /**
   * One evaluation, after the last round.
   *
   * @param holdout the fraction kept out, stated again so that the file says what was measured; or
   *     empty for "whatever the policy's dataset says"
   * @param noiseMultiplier joint noise of the evaluation's sum in a private job, over the
   *     sensitivity of one person
   */
  record Evaluation(
      Optional<java.math.BigDecimal> holdout,
      Set<Metric> metrics,
      java.math.BigDecimal noiseMultiplier) {
    public Evaluation {
      metrics = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(metrics));
      if (metrics.isEmpty()) {
        throw new IllegalArgumentException("an evaluation names a metric");
      }
    }
  }
}
