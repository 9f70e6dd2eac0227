package io.concordat.protocol.job;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.job.AnalysisSpec.Evaluation;
import io.concordat.protocol.job.ModelSpec.Scaling;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a policy allows a job: every reason why not, from the two alone. Pure, so that the
 * submitter's dry run, the aggregator and every silo agree.
 */
public final class JobChecker {
  /** The sampler is exact to here, and its accounting holds from the lower one. */
  public static final long MAX_SIGMA = 1L << 24;

  public static final long MIN_SIGMA = 8;

  /** Below this no privacy figure is quoted: rounding of the accountant is of that order. */
  public static final BigDecimal MIN_DELTA = new BigDecimal("1e-10");

  private final JobSpecification job;
  private final Policy policy;
  private final List<Refusal> refusals = new ArrayList<>();

  private JobChecker(JobSpecification job, Policy policy) {
    this.job = job;
    this.policy = policy;
  }

  /** Every reason why the policy does not allow the job; empty if it does. */
  public static List<Refusal> check(JobSpecification job, Policy policy) {
    JobChecker checker = new JobChecker(job, policy);
    checker.run();
    return List.copyOf(checker.refusals);
  }

  /**
   * The least noise share of a silo, in integer units, for a joint multiplier: sigma^2 (n_min - c)
   * >= (z * clipUnits)^2, so that the honest of the smallest cohort alone reach z.
   */
  public static double noiseShare(long clipUnits, double noiseMultiplier, Policy policy) {
    return Math.ceil(noiseMultiplier * clipUnits / Math.sqrt(policy.cohort().honestContributors()));
  }

  /** Whether the noise that the price asks for can be sampled; to be asked once z is calibrated. */
  public static List<Refusal> checkNoise(long clipUnits, double noiseMultiplier, Policy policy) {
    double sigma = noiseShare(clipUnits, noiseMultiplier, policy);
    // Written so that NaN is refused.
    if (sigma >= MIN_SIGMA && sigma <= MAX_SIGMA) {
      return List.of();
    }
    return List.of(
        Refusal.at(
            Where.field("analysis.strategy.clipUnits"),
            Code.JOB_NOISE,
            "a silo's noise would have deviation "
                + sigma
                + ", allowed are "
                + MIN_SIGMA
                + " to "
                + MAX_SIGMA));
  }

  private void run() {
    if (job.nonce().isEmpty()) {
      refuse("nonce", Code.JOB_NONCE, "the file has none");
    }
    if (!job.federation().equals(policy.federation())) {
      refuse(
          "federation",
          Code.JOB_FEDERATION,
          "expected " + policy.federation() + ", found " + job.federation());
    }
    Optional<Dataset> dataset = policy.dataset(job.dataset());
    if (dataset.isEmpty()) {
      List<String> known = policy.datasets().stream().map(Dataset::id).toList();
      refuse("dataset", Code.JOB_DATASET, job.dataset() + " is not one of " + known);
      return;
    }
    switch (job.analysis()) {
      case AnalysisSpec.Statistics statistics -> statistics(statistics, dataset.get());
      case AnalysisSpec.Train train -> train(train, dataset.get());
    }
    privacy(dataset.get());
  }

  private void statistics(AnalysisSpec.Statistics statistics, Dataset dataset) {
    if (policy.statisticsGrant().isEmpty()) {
      refuse("analysis.kind", Code.JOB_OUTSIDE_POLICY, "the policy grants no statistics");
    }
    for (int i = 0; i < statistics.columns().size(); i++) {
      usable("analysis.columns[" + i + "]", statistics.columns().get(i), dataset);
    }
  }

  private void train(AnalysisSpec.Train train, Dataset dataset) {
    ModelSpec model = train.model();
    for (int i = 0; i < model.features().size(); i++) {
      usable("analysis.model.features[" + i + "]", model.features().get(i), dataset);
    }
    label(model, dataset);
    long parameters = parameters(model, dataset);
    Optional<AnalysisGrant.Train> grant = policy.trainGrant();
    if (grant.isEmpty()) {
      refuse("analysis.kind", Code.JOB_OUTSIDE_POLICY, "the policy grants no training");
    } else {
      granted(train, grant.get(), parameters);
    }
    boolean capped = dataset.cap().isPresent();
    switch (train.strategy()) {
      case Strategy.FedAvg fedAvg -> {
        if (capped) {
          refuse(
              "analysis.strategy.kind",
              Code.JOB_EXACT_UNDER_CAP,
              "fedavg opens exact sums and the dataset has a cap");
        }
      }
      case Strategy.DpSgd dpSgd -> {
        if (!capped) {
          refuse(
              "analysis.strategy.kind",
              Code.JOB_NOISED_WITHOUT_CAP,
              "the dataset's privacy is none");
        }
        dpSgd(dpSgd, parameters);
      }
    }
    // Silo scaling is computed from a silo's records alone, and what it does to the sum has no
    // bound for one patient; federation scaling opens noised, priced sums under a cap.
    if (capped && model.scaling() == Scaling.SILO) {
      refuse(
          "analysis.model.scaling",
          Code.JOB_SCALING,
          "silo depends on a silo's records; expected schema or federation");
    }
    train.evaluation().ifPresent(e -> evaluation(e, dataset));
  }

  private void granted(AnalysisSpec.Train train, AnalysisGrant.Train grant, long parameters) {
    if (!grant.models().contains(train.model().kind())) {
      refuse(
          "analysis.model.kind",
          Code.JOB_OUTSIDE_POLICY,
          "the policy grants " + grant.models().stream().sorted().toList());
    }
    Optional<Digest> template = train.model().template();
    if (template.isPresent()
        && policy.templates().stream().noneMatch(t -> t.digest().equals(template.get()))) {
      refuse(
          "analysis.model.template",
          Code.JOB_OUTSIDE_POLICY,
          template.get() + " is not one of the policy's templates");
    }
    if (parameters > grant.maxParameters()) {
      refuse(
          "analysis.model",
          Code.JOB_LIMIT,
          parameters + " parameters, the policy allows " + grant.maxParameters());
    }
    if (train.strategy().rounds() > grant.maxRounds()) {
      refuse(
          "analysis.strategy.rounds",
          Code.JOB_LIMIT,
          train.strategy().rounds() + " rounds, the policy allows " + grant.maxRounds());
    }
  }

  private void dpSgd(Strategy.DpSgd dpSgd, long parameters) {
    if (dpSgd.localSteps() != 1) {
      // Later local steps see the effect of one person's record on the iterate, so its influence on
      // the sum is not one clip: the opened sum of a legally clipped run moved by 998 clips.
      refuse(
          "analysis.strategy.localSteps",
          Code.JOB_LOCAL_STEPS,
          dpSgd.localSteps() + " local steps would share one noise; expected 1");
    }
    // Truncation toward zero takes up to one unit of each value: below 2^8 sqrt(d) units the
    // quantisation would eat a visible part of a clipped gradient.
    double least = 256 * Math.sqrt((double) parameters);
    if (dpSgd.clipUnits() < least || dpSgd.clipUnits() > MAX_SIGMA) {
      refuse(
          "analysis.strategy.clipUnits",
          Code.JOB_LIMIT,
          "expected "
              + (long) Math.ceil(least)
              + " to "
              + MAX_SIGMA
              + " for "
              + parameters
              + " parameters, found "
              + dpSgd.clipUnits());
    }
  }

  private void evaluation(Evaluation evaluation, Dataset dataset) {
    boolean agrees =
        switch (dataset.holdout()) {
          case Holdout.None() -> false;
          case Holdout.Fraction(BigDecimal fraction) ->
              evaluation.holdout().map(h -> h.compareTo(fraction) == 0).orElse(true);
          case Holdout.ByColumn byColumn -> evaluation.holdout().isEmpty();
        };
    if (!agrees) {
      refuse(
          "analysis.evaluation.holdout",
          Code.JOB_HOLDOUT,
          switch (dataset.holdout()) {
            case Holdout.None() -> "the dataset keeps no holdout: leave evaluation out";
            case Holdout.Fraction(BigDecimal fraction) ->
                "expected \"" + fraction.toPlainString() + "\" or policy";
            case Holdout.ByColumn(String column, List<String> values) ->
                "expected policy: the dataset's column " + column + " decides";
          });
    }
  }

  private void privacy(Dataset dataset) {
    switch (dataset.privacy()) {
      case Privacy.None() -> {
        if (job.isPrivate()) {
          refuse("privacy", Code.JOB_PRIVACY_UNEXPECTED, "the dataset's privacy is none");
        }
      }
      case Privacy.Cap cap -> {
        if (job.privacy().isEmpty()) {
          refuse("privacy", Code.JOB_PRIVACY_MISSING, "expected epsilon and delta");
          return;
        }
        JobSpecification.PrivacyTerms terms = job.privacy().get();
        if (terms.epsilon().compareTo(cap.perJobMax()) > 0) {
          refuse(
              "privacy.epsilon",
              Code.JOB_PRIVACY_CAP,
              terms.epsilon() + ", the policy allows one job " + cap.perJobMax());
        }
        if (terms.delta().compareTo(cap.delta()) > 0) {
          refuse(
              "privacy.delta",
              Code.JOB_PRIVACY_CAP,
              terms.delta() + ", the policy's is " + cap.delta());
        }
        BigDecimal tenPatients =
            BigDecimal.TEN.multiply(BigDecimal.valueOf(policy.maxPatients(dataset)));
        if (terms.delta().multiply(tenPatients).compareTo(BigDecimal.ONE) > 0) {
          refuse(
              "privacy.delta",
              Code.JOB_PRIVACY_CAP,
              terms.delta() + " is above 1 / (10 x " + policy.maxPatients(dataset) + " patients)");
        }
        if (terms.delta().compareTo(MIN_DELTA) < 0) {
          refuse("privacy.delta", Code.JOB_PRIVACY_CAP, "below " + MIN_DELTA);
        }
        if (cap.attestation() == Privacy.Attestation.REQUIRED
            && terms.attestation() == JobSpecification.Attestation.OFF) {
          refuse(
              "privacy.attestation",
              Code.JOB_ATTESTATION,
              "the policy has the noise of every job on " + dataset.id() + " measured");
        }
      }
    }
  }

  private void label(ModelSpec model, Dataset dataset) {
    String field = "analysis.model.label";
    Optional<String> source = dataset.label(model.label()).map(l -> l.column());
    if (source.isEmpty()) {
      Optional<Column> column = dataset.column(model.label());
      if (!(column.orElse(null) instanceof Column.Category category)) {
        refuse(
            field, Code.JOB_LABEL, model.label() + " is no label or category of " + dataset.id());
        return;
      }
      if (category.values().size() != 2) {
        refuse(
            field,
            Code.JOB_LABEL,
            model.label() + " has " + category.values().size() + " values, expected 2");
      }
      source = Optional.of(category.name());
    }
    if (model.features().contains(source.get())) {
      refuse(
          field,
          Code.JOB_LABEL,
          "the feature " + source.get() + " already tells the label " + model.label());
    }
  }

  private long parameters(ModelSpec model, Dataset dataset) {
    try {
      return model.parameters(dataset);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private void usable(String field, String name, Dataset dataset) {
    Optional<Column> column = dataset.column(name);
    if (column.isEmpty()) {
      refuse(field, Code.JOB_COLUMN, name + " is not a column of " + dataset.id());
    } else if (column.get() instanceof Column.Identifier) {
      refuse(field, Code.JOB_COLUMN, name + " tells persons apart and is never used");
    } else if (dataset.holdout() instanceof Holdout.ByColumn split && split.column().equals(name)) {
      refuse(field, Code.JOB_COLUMN, name + " decides the holdout and is never used");
    }
  }

  private void refuse(String field, Code code, String detail) {
    refusals.add(Refusal.at(Where.field(field), code, detail));
  }
}
