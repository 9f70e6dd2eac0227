package io.concordat.protocol.analysis;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads, checks and prices a job under the policy that it is pinned to: the one road from a file's
 * bytes to terms, for aggregator, silos, holders and verifiers.
 */
public final class PinnedJobReader implements JobReader {
  /** Prices are counted in billionths of rho, rounded up. */
  private static final int PRICE_DIGITS = 9;

  /** Calibration may take a second; replay and announcement ask for the same few jobs again. */
  private static final int REMEMBERED = 64;

  private final Function<Digest, Optional<Policy>> policies;
  private final Map<Digest, Map.Entry<Digest, JobTerms>> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(
                Map.Entry<Digest, Map.Entry<Digest, JobTerms>> eldest) {
              return size() > REMEMBERED;
            }
          });

  /**
   * @param policies the node's own, checked policies by digest of their files
   */
  public PinnedJobReader(Function<Digest, Optional<Policy>> policies) {
    this.policies = policies;
  }

  @Override
  public JobTerms read(byte[] file, FederationRules rules) throws RefusedException {
    Digest digest = Digests.sha256(file);
    var before = remembered.get(digest);
    if (before != null && before.getKey().equals(rules.policy())) {
      return before.getValue();
    }
    Policy policy =
        policies
            .apply(rules.policy())
            .orElseThrow(() ->
                new RefusedException(
                    Refusal.of(
                        Code.JOB_OUTSIDE_POLICY, "this node has no policy " + rules.policy())));
    JobSpecification job = io.concordat.protocol.job.JobReader.read("job", file).orThrow();
    JobTerms terms = terms(job, policy).orThrow();
    remembered.put(digest, Map.entry(rules.policy(), terms));
    return terms;
  }

  /** The terms of a job that the policy allows. */
  public static Outcome<JobTerms> terms(JobSpecification job, Policy policy) {
    List<Refusal> refusals = JobChecker.check(job, policy);
    if (!refusals.isEmpty()) {
      return Outcome.refused(refusals);
    }
    return Analyses.of(job, policy)
        .then(analysis ->
            stepPrices(job, policy, analysis)
                .then(prices ->
                    Outcome.accepted(
                        new JobTerms(
                            job.federation(),
                            job.name(),
                            job.dataset(),
                            job.isPrivate(),
                            prices,
                            new AnalysisProgram(analysis, policy.encryption())))));
  }

  private static Outcome<List<Long>> stepPrices(
      JobSpecification job, Policy policy, Analysis analysis) {
    Optional<Privacy.Cap> cap = policy.dataset(job.dataset()).flatMap(Dataset::cap);
    if (cap.isEmpty()) {
      return Outcome.accepted(Collections.nCopies(analysis.rounds(), 0L));
    }
    RenyiFilter filter = RenyiFilter.forCap(cap.get().epsilonCap(), cap.get().delta());
    return JobPrice.of(job, policy)
        .then(price -> {
          List<Long> steps = new ArrayList<>();
          for (int opening = 0; opening < price.openings(); opening++) {
            steps.add(
                opening > 0 && opening < price.rounds()
                    ? steps.getFirst()
                    : Long.valueOf(units(filter, price, opening)));
          }
          return Outcome.accepted(List.copyOf(steps));
        });
  }

  private static long units(RenyiFilter filter, JobPrice price, int opening) {
    BigDecimal rho = filter.price(List.of(price.opening(opening)));
    return rho.movePointRight(PRICE_DIGITS).setScale(0, RoundingMode.CEILING).longValueExact();
  }
}
