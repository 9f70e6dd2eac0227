package io.concordat.protocol.analysis;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A job as everybody runs it: what follows from its file and the policy alone.
 *
 * @param specification the file
 * @param analysis its public half
 * @param terms what ledger and machines need of it
 * @param price of a private job; empty for exact ones
 */
public record JobPlan(
    JobSpecification specification, Analysis analysis, JobTerms terms, Optional<JobPrice> price) {

  /** Prices in terms are counted in billionths of rho, rounded up. */
  private static final int PRICE_DIGITS = 9;

  /** Plans a job, or says every reason why the policy does not allow it. */
  public static Outcome<JobPlan> of(JobSpecification job, Policy policy) {
    List<Refusal> refusals = JobChecker.check(job, policy);
    if (!refusals.isEmpty()) {
      return Outcome.refused(refusals);
    }
    return price(job, policy)
        .then(price ->
            Analyses.of(job, policy, () -> Outcome.accepted(price.orElseThrow()))
                .then(analysis ->
                    Outcome.accepted(
                        new JobPlan(job, analysis, terms(job, policy, analysis, price), price))));
  }

  private static Outcome<Optional<JobPrice>> price(JobSpecification job, Policy policy) {
    return job.isPrivate()
        ? JobPrice.of(job, policy).then(price -> Outcome.accepted(Optional.of(price)))
        : Outcome.accepted(Optional.empty());
  }

  private static JobTerms terms(
      JobSpecification job, Policy policy, Analysis analysis, Optional<JobPrice> price) {
    Optional<RenyiFilter> filter =
        policy
            .dataset(job.dataset())
            .flatMap(Dataset::cap)
            .map((Privacy.Cap cap) -> RenyiFilter.forCap(cap.epsilonCap(), cap.delta()));
    List<Long> prices =
        price.isPresent() && filter.isPresent()
            ? stepPrices(price.get(), filter.get())
            : Collections.nCopies(analysis.rounds(), 0L);
    return new JobTerms(
        job.federation(),
        job.name(),
        job.dataset(),
        price.isPresent(),
        prices,
        new AnalysisProgram(analysis, policy.encryption()),
        job.analysis() instanceof AnalysisSpec.Train train
            ? train.model().template()
            : Optional.empty());
  }

  /** What each opening costs under the cap of a dataset, in billionths of rho at its order. */
  List<Long> pricesUnder(Dataset dataset) {
    Optional<RenyiFilter> filter =
        dataset.cap().map(cap -> RenyiFilter.forCap(cap.epsilonCap(), cap.delta()));
    return price.isPresent() && filter.isPresent()
        ? stepPrices(price.get(), filter.get())
        : terms.stepPrices();
  }

  private static List<Long> stepPrices(JobPrice price, RenyiFilter filter) {
    List<Long> steps = new ArrayList<>();
    for (JobPrice.Part part : price.parts()) {
      steps.addAll(Collections.nCopies(part.rounds(), units(filter, part.joint().times(1))));
    }
    return steps;
  }

  private static long units(RenyiFilter filter, GaussianRound opening) {
    BigDecimal rho = filter.price(List.of(opening));
    return rho.movePointRight(PRICE_DIGITS).setScale(0, RoundingMode.CEILING).longValueExact();
  }
}
