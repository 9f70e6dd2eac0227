package io.concordat.protocol.plan;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.protocol.analysis.DpSgdAnalysis;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.ScoreHistogram;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.Strategy;
import io.concordat.protocol.policy.Cohort;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A private training job: noise calibrated so that training and evaluation together keep to the
 * job's epsilon, and each opening's price at the cap's order.
 *
 * <p>All of it follows from public numbers. What a silo really has in a batch or a split is never
 * used: that would be a release nobody paid for.
 */
record PrivatePlan(DpSgdAnalysis analysis, List<Long> prices, double epsilon) {

  /**
   * One step of the calibration's grid is added to the calibrated multiplier. A discrete Gaussian
   * of variance v is priced as a continuous one of variance v - 4; with clip D the step adds 2 z
   * D^2 10^-4 to v, more than 4 from D = 256 and z = 0.31 on, and the checker asks for D >= 256.
   */
  private static final BigDecimal MARGIN = BigDecimal.ONE.movePointLeft(Calibration.DIGITS);

  static PrivatePlan of(
      JobSpecification job,
      AnalysisSpec.Train train,
      Strategy.DpSgd how,
      Dataset dataset,
      Policy policy,
      SortedMap<String, Long> patients)
      throws RefusedException {
    if (patients.isEmpty()) {
      throw refused(
          "dataset",
          Code.JOB_DATASET,
          "no silo has declared how many patients it has in " + dataset.id());
    }
    JobSpecification.PrivacyTerms terms = job.privacy().orElseThrow();
    Cohort cohort = policy.cohort();
    SamplingRate rate = SamplingRate.of(how.samplingRate());
    Optional<NoiseShare> evaluationNoise =
        train.evaluation().isPresent()
            ? Optional.of(evaluationNoise(train.evaluation().get(), cohort))
            : Optional.empty();
    List<GaussianRound> fixed =
        evaluationNoise.stream()
            .map(share -> GaussianRound.joint(share, SamplingRate.ALWAYS, 1))
            .toList();
    BigDecimal multiplier = calibrate(terms, how, fixed).add(MARGIN);
    List<Refusal> noise = JobChecker.checkNoise(how.clipUnits(), multiplier.doubleValue(), policy);
    if (!noise.isEmpty()) {
      throw new RefusedException(noise);
    }
    NoiseShare share =
        NoiseShare.of(multiplier, how.clipUnits(), cohort.minContributors(), cohort.maxColluding());
    GaussianRound step = GaussianRound.joint(share, rate, 1);
    List<GaussianRound> all = new ArrayList<>(fixed);
    all.add(step.times(how.rounds()));
    double epsilon = PldAccountant.standard().epsilon(all, terms.delta().doubleValue());
    return new PrivatePlan(
        analysis(train, how, dataset, rate, share, evaluationNoise, patients),
        prices(RulesOfPolicy.filter(dataset), step, how.rounds(), fixed),
        epsilon);
  }

  private static NoiseShare evaluationNoise(AnalysisSpec.Evaluation evaluation, Cohort cohort)
      throws RefusedException {
    try {
      return NoiseShare.of(
          evaluation.noiseMultiplier(),
          ScoreHistogram.PATIENT_UNITS,
          cohort.minContributors(),
          cohort.maxColluding());
    } catch (IllegalArgumentException outside) {
      throw refused(
          "analysis.evaluation.noiseMultiplier",
          Code.JOB_NOISE,
          String.valueOf(outside.getMessage()));
    }
  }

  private static BigDecimal calibrate(
      JobSpecification.PrivacyTerms terms, Strategy.DpSgd how, List<GaussianRound> fixed)
      throws RefusedException {
    Calibration.Outcome outcome =
        Calibration.noiseMultiplier(
            PldAccountant.standard(),
            terms.epsilon().doubleValue(),
            terms.delta().doubleValue(),
            how.samplingRate().doubleValue(),
            how.rounds(),
            fixed);
    return switch (outcome) {
      case Calibration.Calibrated calibrated -> calibrated.noiseMultiplier();
      case Calibration.Unreachable(double fixedEpsilon) ->
          throw refused(
              "privacy.epsilon",
              Code.JOB_NOISE,
              "the evaluation alone costs epsilon " + fixedEpsilon + ", no noise is enough");
    };
  }

  private static List<Long> prices(
      RenyiFilter filter, GaussianRound step, int rounds, List<GaussianRound> fixed) {
    long price = RulesOfPolicy.ceilingUnits(filter.price(List.of(step)));
    List<Long> prices = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      prices.add(price);
    }
    for (GaussianRound evaluation : fixed) {
      prices.add(RulesOfPolicy.ceilingUnits(filter.price(List.of(evaluation))));
    }
    return prices;
  }

  private static DpSgdAnalysis analysis(
      AnalysisSpec.Train train,
      Strategy.DpSgd how,
      Dataset dataset,
      SamplingRate rate,
      NoiseShare share,
      Optional<NoiseShare> evaluationNoise,
      SortedMap<String, Long> patients) {
    FeatureSpace features = Features.of(train.model(), dataset);
    return new DpSgdAnalysis(
        new DpSgdAnalysis.Plan(
            features,
            Features.shape(train.model(), features.dimension()),
            how.rounds(),
            rate,
            how.clipNorm().doubleValue(),
            how.optimizer().learningRate().doubleValue(),
            how.optimizer().momentum().doubleValue(),
            switch (how.average()) {
              case NONE -> DpSgdAnalysis.Averaging.NONE;
              case TAIL -> DpSgdAnalysis.Averaging.TAIL;
              case ALL -> DpSgdAnalysis.Averaging.ALL;
            },
            share,
            evaluationNoise,
            trainPatients(dataset, patients),
            evaluationPatients(dataset, patients),
            dataset.maxPatientsPerSilo()));
  }

  /**
   * The public divisor of each silo's gradient: the declared patients less the public fraction that
   * is held out. How many a column holds out is not public, so there all patients are counted; that
   * scales the step, which the learning rate absorbs, and costs no privacy.
   */
  private static Map<String, Long> trainPatients(
      Dataset dataset, SortedMap<String, Long> patients) {
    Map<String, Long> train = new TreeMap<>();
    patients.forEach((silo, declared) ->
        train.put(silo, Math.max(1, declared - heldOut(dataset.holdout(), declared))));
    return train;
  }

  /** An upper guess from public numbers; only the number of score bins depends on it. */
  private static long evaluationPatients(Dataset dataset, SortedMap<String, Long> patients) {
    long total = patients.values().stream().mapToLong(Long::longValue).sum();
    return switch (dataset.holdout()) {
      case Holdout.None _ -> total;
      case Holdout.Fraction _ -> heldOut(dataset.holdout(), total);
      case Holdout.ByColumn _ -> total / 3;
    };
  }

  private static long heldOut(Holdout holdout, long patients) {
    return switch (holdout) {
      case Holdout.None _, Holdout.ByColumn _ -> 0;
      case Holdout.Fraction(BigDecimal fraction) ->
          fraction
              .multiply(BigDecimal.valueOf(patients))
              .setScale(0, RoundingMode.HALF_UP)
              .longValueExact();
    };
  }

  private static RefusedException refused(String field, Code code, String detail) {
    return new RefusedException(Refusal.at(Where.field(field), code, detail));
  }
}
