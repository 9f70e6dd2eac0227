package io.concordat.protocol.analysis;

import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.JobSpecification.PrivacyTerms;
import io.concordat.protocol.job.Strategy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a private job costs a patient, evaluation included, and the noise that keeps it there. Fixed
 * by the job file and the policy before the first round.
 *
 * @param noiseMultiplier z of a training round: joint deviation over one patient's reach
 * @param training each silo's share in a training round
 * @param evaluation each silo's share in the evaluation round, if there is one
 * @param sampling the rate of the training rounds
 * @param rounds training rounds
 * @param epsilon of all openings at {@code delta}, by the honest silos of the smallest cohort
 * @param delta as the job states it
 */
public record JobPrice(
    BigDecimal noiseMultiplier,
    NoiseShare training,
    Optional<NoiseShare> evaluation,
    SamplingRate sampling,
    int rounds,
    double epsilon,
    double delta) {

  /** Steps of the calibration's grid that are added at most when a share's rounding needs one. */
  private static final int RETRIES = 4;

  /**
   * Calibrates a private training job.
   *
   * @return refused where no noise keeps the job within its epsilon, or where its noise cannot be
   *     sampled
   */
  public static Outcome<JobPrice> of(JobSpecification job, Policy policy) {
    if (!(job.analysis() instanceof AnalysisSpec.Train train)
        || !(train.strategy() instanceof Strategy.DpSgd strategy)) {
      return refuse("analysis", Code.JOB_OUTSIDE_POLICY, "only private training has a price");
    }
    if (job.privacy().isEmpty()) {
      return refuse("privacy", Code.JOB_PRIVACY_MISSING, "expected epsilon and delta");
    }
    PrivacyTerms terms = job.privacy().get();
    SamplingRate sampling = SamplingRate.of(strategy.samplingRate());
    try {
      Optional<NoiseShare> evaluation =
          train
              .evaluation()
              .map(e -> share(e.noiseMultiplier(), ScoreHistogram.PATIENT_UNITS, policy));
      List<GaussianRound> fixed =
          evaluation
              .map(share -> List.of(GaussianRound.joint(share, SamplingRate.ALWAYS, 1)))
              .orElse(List.of());
      return calibrated(strategy, sampling, terms, fixed)
          .then(z -> priced(strategy, sampling, terms, evaluation, z, policy));
    } catch (IllegalArgumentException e) {
      return refuse("analysis", Code.JOB_NOISE, String.valueOf(e.getMessage()));
    }
  }

  private static NoiseShare share(BigDecimal noiseMultiplier, long clipUnits, Policy policy) {
    return NoiseShare.of(
        noiseMultiplier,
        clipUnits,
        policy.cohort().minContributors(),
        policy.cohort().maxColluding());
  }

  private static Outcome<BigDecimal> calibrated(
      Strategy.DpSgd strategy,
      SamplingRate sampling,
      PrivacyTerms terms,
      List<GaussianRound> fixed) {
    double rate =
        sampling.isAlways()
            ? 1
            : Math.nextUp((double) sampling.numerator() / sampling.denominator());
    return switch (Calibration.noiseMultiplier(
        PldAccountant.standard(),
        terms.epsilon().doubleValue(),
        terms.delta().doubleValue(),
        rate,
        strategy.rounds(),
        fixed)) {
      case Calibration.Calibrated(BigDecimal z, double _) -> Outcome.accepted(z);
      case Calibration.Unreachable(double spent) ->
          refuse(
              "privacy.epsilon",
              Code.JOB_NOISE,
              "the evaluation alone costs epsilon "
                  + spent
                  + ": raise analysis.evaluation.noiseMultiplier or epsilon");
    };
  }

  private static Outcome<JobPrice> priced(
      Strategy.DpSgd strategy,
      SamplingRate sampling,
      PrivacyTerms terms,
      Optional<NoiseShare> evaluation,
      BigDecimal calibrated,
      Policy policy) {
    BigDecimal z = calibrated;
    for (int i = 0; i < RETRIES; i++) {
      List<Refusal> noise = JobChecker.checkNoise(strategy.clipUnits(), z.doubleValue(), policy);
      if (!noise.isEmpty()) {
        return Outcome.refused(noise);
      }
      NoiseShare training = share(z, strategy.clipUnits(), policy);
      JobPrice price =
          new JobPrice(
              z, training, evaluation, sampling, strategy.rounds(), 0, terms.delta().doubleValue());
      double epsilon = PldAccountant.standard().epsilon(price.joint(), price.delta());
      if (epsilon <= terms.epsilon().doubleValue()) {
        return Outcome.accepted(
            new JobPrice(z, training, evaluation, sampling, price.rounds, epsilon, price.delta));
      }
      // The integers of a share are priced at a variance of 4 less: rarely one step of z short.
      z = z.add(BigDecimal.ONE.movePointLeft(Calibration.DIGITS));
    }
    return refuse("privacy.epsilon", Code.JOB_NOISE, "no noise share reaches the epsilon");
  }

  /** Openings of the job in order: all training rounds, then the evaluation. */
  public int openings() {
    return rounds + (evaluation.isPresent() ? 1 : 0);
  }

  /**
   * The mechanism of one opening, counted on the honest silos of the smallest cohort.
   *
   * @param opening from 0
   */
  public GaussianRound opening(int opening) {
    if (opening < rounds) {
      return GaussianRound.joint(training, sampling, 1);
    }
    return GaussianRound.joint(evaluation.orElseThrow(), SamplingRate.ALWAYS, 1);
  }

  /** The guarantee's rounds: all but the colluders are honest. */
  public List<GaussianRound> joint() {
    List<GaussianRound> all = new ArrayList<>();
    all.add(GaussianRound.joint(training, sampling, rounds));
    evaluation.ifPresent(e -> all.add(GaussianRound.joint(e, SamplingRate.ALWAYS, 1)));
    return List.copyOf(all);
  }

  /** The rounds as they protect if everybody else colludes and can open: the silo's own share. */
  public List<GaussianRound> ownShare() {
    List<GaussianRound> all = new ArrayList<>();
    all.add(GaussianRound.ownShare(training, sampling, rounds));
    evaluation.ifPresent(e -> all.add(GaussianRound.ownShare(e, SamplingRate.ALWAYS, 1)));
    return List.copyOf(all);
  }

  /** The second epsilon of every report: own share only. */
  public double ownShareEpsilon() {
    return PldAccountant.standard().epsilon(ownShare(), delta);
  }

  private static <T> Outcome<T> refuse(String field, Code code, String detail) {
    return Outcome.refused(Refusal.at(Where.field(field), code, detail));
  }
}
