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
import io.concordat.protocol.job.ModelSpec;
import io.concordat.protocol.job.Strategy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a private job costs a patient, scaling and evaluation included, and the noise that keeps it
 * there. Fixed by the job file and the policy before the first round.
 *
 * <p>How a job's epsilon is split: scaling and evaluation have the noise that the file names for
 * them, and the main part, training or statistics, gets the least noise with which all parts
 * together stay within the epsilon.
 *
 * @param parts in the order of their openings
 * @param epsilon of all openings at {@code delta}, by the honest silos of the smallest cohort
 * @param delta as the job states it
 */
public record JobPrice(List<Part> parts, double epsilon, double delta) {

  /** Steps of the calibration's grid that are added at most when a share's rounding needs one. */
  private static final int RETRIES = 4;

  public JobPrice {
    parts = List.copyOf(parts);
  }

  /** What a part of a job opens. */
  public enum Kind {
    SCALING,
    TRAINING,
    STATISTICS,
    EVALUATION;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its noise follows from the epsilon that the other parts leave. */
    boolean calibrated() {
      return this == TRAINING || this == STATISTICS;
    }
  }

  /**
   * Openings under one mechanism.
   *
   * @param noiseMultiplier joint deviation over one patient's reach
   * @param share each silo's share
   * @param sampling the rate at which a patient joins a round
   */
  public record Part(
      Kind kind, BigDecimal noiseMultiplier, NoiseShare share, SamplingRate sampling, int rounds) {
    /** Counted on the honest silos of the smallest cohort. */
    public GaussianRound joint() {
      return GaussianRound.joint(share, sampling, rounds);
    }

    /** Counted on the silo alone. */
    public GaussianRound ownShare() {
      return GaussianRound.ownShare(share, sampling, rounds);
    }
  }

  /** The mechanisms of a job before the main one is calibrated. */
  private record Wish(
      Optional<Part> before,
      Kind kind,
      long clipUnits,
      SamplingRate sampling,
      int rounds,
      Optional<Part> after) {
    List<Part> fixed() {
      List<Part> parts = new ArrayList<>();
      after.ifPresent(parts::add);
      before.ifPresent(parts::add);
      return parts;
    }

    List<Part> with(BigDecimal z, NoiseShare share) {
      List<Part> parts = new ArrayList<>();
      before.ifPresent(parts::add);
      parts.add(new Part(kind, z, share, sampling, rounds));
      after.ifPresent(parts::add);
      return parts;
    }
  }

  /**
   * Calibrates a private job.
   *
   * @return refused where no noise keeps the job within its epsilon, or where its noise cannot be
   *     sampled
   */
  public static Outcome<JobPrice> of(JobSpecification job, Policy policy) {
    if (job.privacy().isEmpty()) {
      return refuse("privacy", Code.JOB_PRIVACY_MISSING, "expected epsilon and delta");
    }
    PrivacyTerms terms = job.privacy().get();
    try {
      return switch (job.analysis()) {
        case AnalysisSpec.Statistics _ ->
            price(
                new Wish(
                    Optional.empty(),
                    Kind.STATISTICS,
                    PatientFigures.CLIP_UNITS,
                    SamplingRate.ALWAYS,
                    1,
                    Optional.empty()),
                terms,
                policy);
        case AnalysisSpec.Train train ->
            switch (train.strategy()) {
              case Strategy.DpSgd strategy -> price(wish(train, strategy, policy), terms, policy);
              case Strategy.FedAvg _ ->
                  refuse("analysis", Code.JOB_OUTSIDE_POLICY, "exact sums have no price");
            };
      };
    } catch (IllegalArgumentException e) {
      return refuse("analysis", Code.JOB_NOISE, String.valueOf(e.getMessage()));
    }
  }

  private static Wish wish(AnalysisSpec.Train train, Strategy.DpSgd strategy, Policy policy) {
    Optional<Part> scaling =
        train.model().scaling() == ModelSpec.Scaling.FEDERATION
            ? Optional.of(
                once(
                    Kind.SCALING,
                    strategy.scalingNoiseMultiplier(),
                    PatientFigures.CLIP_UNITS,
                    policy))
            : Optional.empty();
    Optional<Part> evaluation =
        train
            .evaluation()
            .map(e ->
                once(Kind.EVALUATION, e.noiseMultiplier(), ScoreHistogram.PATIENT_UNITS, policy));
    return new Wish(
        scaling,
        Kind.TRAINING,
        strategy.clipUnits(),
        SamplingRate.of(strategy.samplingRate()),
        strategy.rounds(),
        evaluation);
  }

  private static Part once(Kind kind, BigDecimal z, long clipUnits, Policy policy) {
    return new Part(kind, z, share(z, clipUnits, policy), SamplingRate.ALWAYS, 1);
  }

  private static NoiseShare share(BigDecimal noiseMultiplier, long clipUnits, Policy policy) {
    return NoiseShare.of(
        noiseMultiplier,
        clipUnits,
        policy.cohort().minContributors(),
        policy.cohort().maxColluding());
  }

  private static Outcome<JobPrice> price(Wish wish, PrivacyTerms terms, Policy policy) {
    SamplingRate sampling = wish.sampling();
    double rate =
        sampling.isAlways()
            ? 1
            : Math.nextUp((double) sampling.numerator() / sampling.denominator());
    return switch (Calibration.noiseMultiplier(
        PldAccountant.standard(),
        terms.epsilon().doubleValue(),
        terms.delta().doubleValue(),
        rate,
        wish.rounds(),
        wish.fixed().stream().map(Part::joint).toList())) {
      case Calibration.Calibrated(BigDecimal z, double _) -> priced(wish, z, terms, policy);
      case Calibration.Unreachable(double spent) ->
          refuse(
              "privacy.epsilon",
              Code.JOB_NOISE,
              "scaling and evaluation alone cost epsilon "
                  + spent
                  + ": raise analysis.evaluation.noiseMultiplier,"
                  + " analysis.strategy.scalingNoiseMultiplier or epsilon");
    };
  }

  private static Outcome<JobPrice> priced(
      Wish wish, BigDecimal calibrated, PrivacyTerms terms, Policy policy) {
    double delta = terms.delta().doubleValue();
    BigDecimal z = calibrated;
    for (int i = 0; i < RETRIES; i++) {
      List<Refusal> noise = JobChecker.checkNoise(wish.clipUnits(), z.doubleValue(), policy);
      if (!noise.isEmpty()) {
        return Outcome.refused(noise);
      }
      JobPrice price = new JobPrice(wish.with(z, share(z, wish.clipUnits(), policy)), 0, delta);
      double epsilon = PldAccountant.standard().epsilon(price.joint(), delta);
      if (epsilon <= terms.epsilon().doubleValue()) {
        return Outcome.accepted(new JobPrice(price.parts(), epsilon, delta));
      }
      // The integers of a share are priced at a variance of 4 less: rarely one step of z short.
      z = z.add(BigDecimal.ONE.movePointLeft(Calibration.DIGITS));
    }
    return refuse("privacy.epsilon", Code.JOB_NOISE, "no noise share reaches the epsilon");
  }

  /** The part of a kind, if the job has one. */
  public Optional<Part> part(Kind kind) {
    return parts.stream().filter(p -> p.kind() == kind).findFirst();
  }

  /** The part whose noise was calibrated. */
  public Part main() {
    return parts.stream().filter(p -> p.kind().calibrated()).findFirst().orElseThrow();
  }

  /** z of the main part. */
  public BigDecimal noiseMultiplier() {
    return main().noiseMultiplier();
  }

  /** Each silo's share in a round of the main part. */
  public NoiseShare training() {
    return main().share();
  }

  /** Each silo's share in the evaluation round, if there is one. */
  public Optional<NoiseShare> evaluation() {
    return part(Kind.EVALUATION).map(Part::share);
  }

  /** Openings of the job. */
  public int openings() {
    return parts.stream().mapToInt(Part::rounds).sum();
  }

  /**
   * The part to which one opening belongs.
   *
   * @param opening from 0
   */
  public Part partOf(int opening) {
    int before = 0;
    for (Part part : parts) {
      before += part.rounds();
      if (opening < before) {
        return part;
      }
    }
    throw new IllegalArgumentException("the job has " + before + " openings");
  }

  /**
   * The mechanism of one opening, counted on the honest silos of the smallest cohort.
   *
   * @param opening from 0
   */
  public GaussianRound opening(int opening) {
    return partOf(opening).joint().times(1);
  }

  /** The guarantee's rounds: all but the colluders are honest. */
  public List<GaussianRound> joint() {
    return parts.stream().map(Part::joint).toList();
  }

  /** The rounds as they protect if everybody else colludes and can open: the silo's own share. */
  public List<GaussianRound> ownShare() {
    return parts.stream().map(Part::ownShare).toList();
  }

  /** The second epsilon of every report: own share only. */
  public double ownShareEpsilon() {
    return PldAccountant.standard().epsilon(ownShare(), delta);
  }

  /** What one part would cost if it were all. */
  public double epsilonOf(Part part) {
    return PldAccountant.standard().epsilon(List.of(part.joint()), delta);
  }

  private static <T> Outcome<T> refuse(String field, Code code, String detail) {
    return Outcome.refused(Refusal.at(Where.field(field), code, detail));
  }
}
