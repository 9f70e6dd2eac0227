package io.concordat.protocol.analysis;

import io.concordat.crypto.rlwe.Layout;
import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.ModelSpec;
import io.concordat.protocol.job.Strategy;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * From a job file and a policy to the analysis that runs. A function of these two alone, so that
 * every machine builds the same one; whether the policy allows the job is {@link
 * io.concordat.protocol.job.JobChecker}'s question and must be asked first.
 */
public final class Analyses {
  /** Vectors of this length are attested unless the job says no: a sixteenth longer at most. */
  public static final int ATTESTED_BY_DEFAULT = 16 * NoiseAttestation.COORDINATES;

  private Analyses() {}

  /** The job's analysis, or why it has none. */
  public static Outcome<Analysis> of(JobSpecification job, Policy policy) {
    return of(job, policy, () -> JobPrice.of(job, policy));
  }

  /**
   * The same, where the price is known or will be asked for.
   *
   * @param price asked for by private jobs only
   */
  static Outcome<Analysis> of(
      JobSpecification job, Policy policy, Supplier<Outcome<JobPrice>> price) {
    Optional<Dataset> dataset = policy.dataset(job.dataset());
    if (dataset.isEmpty()) {
      return refuse("dataset", Code.JOB_DATASET, job.dataset() + " is not in the policy");
    }
    Outcome<Analysis> analysis =
        switch (job.analysis()) {
          case AnalysisSpec.Statistics statistics ->
              dataset.get().cap().isPresent()
                  ? price.get().then(priced -> noised(statistics, dataset.get(), priced))
                  : statistics(statistics, dataset.get(), policy);
          case AnalysisSpec.Train train -> train(train, dataset.get(), policy, price);
        };
    return analysis.then(a -> layoutsFit(attested(a, job, dataset.get()), policy));
  }

  /**
   * With zero tails where the policy or the job wants them or, by default, where they hardly
   * lengthen it.
   */
  private static Analysis attested(Analysis analysis, JobSpecification job, Dataset dataset) {
    boolean required =
        dataset.cap().filter(cap -> cap.attestation() == Privacy.Attestation.REQUIRED).isPresent();
    boolean wanted =
        job.privacy()
            .map(terms ->
                switch (terms.attestation()) {
                  case ON -> true;
                  // The job checker refuses this where the policy requires it.
                  case OFF -> required;
                  case AUTO -> required || longest(analysis) >= ATTESTED_BY_DEFAULT;
                })
            .orElse(false);
    return wanted ? new AttestedAnalysis(analysis) : analysis;
  }

  private static int longest(Analysis analysis) {
    PublicState state = analysis.initialState();
    int longest = 0;
    // Scaling, main part and evaluation differ; a middle round is of the main part.
    for (int round : new int[] {0, analysis.rounds() / 2, analysis.rounds() - 1}) {
      PublicState there = state.toBuilder().scalar(StateNames.ROUND, round).build();
      longest = Math.max(longest, analysis.shape(there).values());
    }
    return longest;
  }

  private static Outcome<Analysis> noised(
      AnalysisSpec.Statistics spec, Dataset dataset, JobPrice price) {
    List<PatientFigures.Figure> figures = new ArrayList<>();
    for (String name : spec.columns()) {
      switch (dataset.column(name).orElse(new Column.Identifier("unknown"))) {
        case Column.Number n -> {
          double min = n.min().doubleValue();
          double max = n.max().doubleValue();
          figures.add(
              PatientFigures.Figure.Spread.around(
                  name, min, max, n.center().doubleValue(), n.scale().doubleValue()));
          if (spec.bins() > 0) {
            figures.add(new PatientFigures.Figure.Bins(name, min, max, spec.bins()));
          }
        }
        case Column.Category category ->
            figures.add(new PatientFigures.Figure.Cells(name, category.values()));
        case Column.Identifier _ -> {
          return refuse("analysis.columns", Code.JOB_COLUMN, name + " cannot be described");
        }
      }
    }
    return Outcome.accepted(
        new NoisedStatisticsAnalysis(
            new PatientFigures(figures), price.training(), dataset.maxPatientsPerSilo()));
  }

  private static Outcome<Analysis> statistics(
      AnalysisSpec.Statistics spec, Dataset dataset, Policy policy) {
    List<DescribedColumn> columns = new ArrayList<>();
    for (String name : spec.columns()) {
      switch (dataset.column(name).orElse(new Column.Identifier("unknown"))) {
        case Column.Number number -> {
          double min = number.min().doubleValue();
          double max = number.max().doubleValue();
          columns.add(new DescribedColumn.Number(name, min, max));
          if (spec.bins() > 0) {
            columns.add(new DescribedColumn.Histogram(name, min, max, spec.bins()));
          }
        }
        case Column.Category category ->
            columns.add(new DescribedColumn.Category(name, category.values()));
        case Column.Identifier _ -> {
          return refuse("analysis.columns", Code.JOB_COLUMN, name + " cannot be described");
        }
      }
    }
    int smallestCell =
        policy.statisticsGrant().map(AnalysisGrant.Statistics::minCellCount).orElse(1);
    return Outcome.accepted(
        new StatisticsAnalysis(columns, smallestCell, dataset.maxPatientsPerSilo()));
  }

  private static Outcome<Analysis> train(
      AnalysisSpec.Train spec, Dataset dataset, Policy policy, Supplier<Outcome<JobPrice>> price) {
    return featureSpace(spec.model(), dataset)
        .then(features ->
            switch (spec.strategy()) {
              case Strategy.FedAvg fedAvg ->
                  Outcome.accepted(fedAvg(spec, fedAvg, features, dataset));
              case Strategy.DpSgd dpSgd ->
                  price
                      .get()
                      .then(priced ->
                          Outcome.accepted(dpSgd(spec, dpSgd, features, dataset, policy, priced)));
            });
  }

  private static Analysis fedAvg(
      AnalysisSpec.Train spec, Strategy.FedAvg strategy, FeatureSpace features, Dataset dataset) {
    return new FedAvgAnalysis(
        new FedAvgAnalysis.Plan(
            features,
            modelShape(spec.model(), features),
            strategy.rounds(),
            new LocalTraining(
                strategy.localEpochs(),
                strategy.batch(),
                strategy.learningRate().doubleValue(),
                strategy.momentum().doubleValue(),
                strategy.weightDecay().doubleValue(),
                spec.model().seed()),
            new Quantiser(strategy.encoding().range().doubleValue(), strategy.encoding().bits()),
            spec.evaluation().isPresent(),
            dataset.maxPatientsPerSilo()));
  }

  private static Analysis dpSgd(
      AnalysisSpec.Train spec,
      Strategy.DpSgd strategy,
      FeatureSpace features,
      Dataset dataset,
      Policy policy,
      JobPrice price) {
    return new DpSgdAnalysis(
        new DpSgdAnalysis.Plan(
            features,
            modelShape(spec.model(), features),
            strategy.rounds(),
            SamplingRate.of(strategy.samplingRate()),
            strategy.clipNorm().doubleValue(),
            strategy.optimizer().learningRate().doubleValue(),
            strategy.optimizer().momentum().doubleValue(),
            switch (strategy.average()) {
              case NONE -> DpSgdAnalysis.Averaging.NONE;
              case TAIL -> DpSgdAnalysis.Averaging.TAIL;
              case ALL -> DpSgdAnalysis.Averaging.ALL;
            },
            price.training(),
            price.part(JobPrice.Kind.SCALING).map(JobPrice.Part::share),
            price.evaluation(),
            spec.model().seed(),
            trainShare(dataset),
            dataset.maxPatientsPerSilo(),
            policy.maxPatients(dataset)));
  }

  private static double trainShare(Dataset dataset) {
    return switch (dataset.holdout()) {
      case Holdout.Fraction(BigDecimal fraction) -> 1 - fraction.doubleValue();
      case Holdout.None() -> 1;
      case Holdout.ByColumn _ -> 1;
    };
  }

  /** The architecture that a job names over its features. */
  static ModelShape modelShape(ModelSpec model, FeatureSpace features) {
    return switch (model) {
      case ModelSpec.Logistic _ -> new ModelShape.Logistic(features.dimension());
      case ModelSpec.Mlp mlp -> new ModelShape.Mlp(features.dimension(), mlp.hidden());
      case ModelSpec.Graph graph -> new ModelShape.Graph(features.dimension(), graph.graph());
    };
  }

  /**
   * The inputs of a job's model: number columns as they are, each category without its first value.
   */
  public static Outcome<FeatureSpace> featureSpace(ModelSpec model, Dataset dataset) {
    List<Feature> features = new ArrayList<>();
    for (String name : model.features()) {
      switch (dataset.column(name).orElse(new Column.Identifier("unknown"))) {
        case Column.Number number ->
            features.add(
                new Feature.Number(
                    name,
                    number.min().doubleValue(),
                    number.max().doubleValue(),
                    number.center().doubleValue(),
                    number.scale().doubleValue()));
        case Column.Category category -> {
          for (String value : category.values().subList(1, category.values().size())) {
            features.add(new Feature.Level(name, value));
          }
        }
        case Column.Identifier _ -> {
          return refuse("analysis.model.features", Code.JOB_COLUMN, name + " is no feature");
        }
      }
    }
    return label(model.label(), dataset)
        .then(label ->
            Outcome.accepted(
                new FeatureSpace(
                    features,
                    label,
                    switch (model.scaling()) {
                      case SCHEMA -> FeatureSpace.Scaling.SCHEMA;
                      case FEDERATION -> FeatureSpace.Scaling.FEDERATION;
                      case SILO -> FeatureSpace.Scaling.SILO;
                    })));
  }

  private static Outcome<LabelRule> label(String name, Dataset dataset) {
    var declared = dataset.label(name);
    if (declared.isPresent()) {
      return Outcome.accepted(
          new LabelRule.Levels(declared.get().column(), declared.get().positive()));
    }
    if (dataset.column(name).orElse(null) instanceof Column.Category category
        && category.values().size() == 2) {
      return Outcome.accepted(new LabelRule.Levels(name, List.of(category.values().get(1))));
    }
    return refuse(
        "analysis.model.label",
        Code.JOB_LABEL,
        name + " is no label and no category of two values");
  }

  /** Every round's vector must have a layout under the policy's largest cohort. */
  private static Outcome<Analysis> layoutsFit(Analysis analysis, Policy policy) {
    PublicState state = analysis.initialState();
    for (int round = 0; round < analysis.rounds(); round++) {
      RoundShape shape = analysis.shape(state.toBuilder().scalar(StateNames.ROUND, round).build());
      try {
        Layout layout = Layouts.of(shape, policy.encryption());
        if (layout.values() != shape.values()) {
          throw new IllegalArgumentException("layout of another length");
        }
      } catch (IllegalArgumentException e) {
        return refuse(
            "analysis", Code.JOB_LIMIT, "round " + round + " has no layout: " + e.getMessage());
      }
    }
    return Outcome.accepted(analysis);
  }

  private static <T> Outcome<T> refuse(String field, Code code, String detail) {
    return Outcome.refused(Refusal.at(Where.field(field), code, detail));
  }
}
