package io.concordat.protocol.plan;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.privacy.vector.Quantiser;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.FedAvgAnalysis;
import io.concordat.protocol.analysis.LocalTraining;
import io.concordat.protocol.analysis.StatisticsAnalysis;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.Strategy;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Reads a job file, checks it against the policy and works out what it means: which rounds, how
 * much noise, what price.
 *
 * <p>The last few plans are kept: calibrating noise takes a good part of a second, and a job is
 * read at submission, at each restart and by every dry run.
 */
public final class JobPlanner implements JobReader {
  private static final int KEPT_PLANS = 64;

  private final Policy policy;
  private final Map<Key, JobPlan> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, JobPlan> eldest) {
          return size() > KEPT_PLANS;
        }
      };

  private record Key(Digest file, SortedMap<String, Long> patients) {}

  /** Plans under one policy. */
  public JobPlanner(Policy policy) {
    this.policy = policy;
  }

  @Override
  public JobTerms read(byte[] file, FederationRules rules) throws RefusedException {
    return read(file, rules, dataset -> Collections.emptySortedMap());
  }

  @Override
  public JobTerms read(
      byte[] file, FederationRules rules, Function<String, SortedMap<String, Long>> declared)
      throws RefusedException {
    if (!rules.policy().equals(policy.digest())) {
      throw new RefusedException(
          Refusal.of(Code.POLICY_MISMATCH, "the job is pinned to policy " + rules.policy()));
    }
    return plan(file, declared).terms();
  }

  /**
   * Everything that a job means.
   *
   * @param declared dataset to patients by silo, as the log says where the job enters it
   * @throws RefusedException with every reason why the policy does not allow it
   */
  public JobPlan plan(byte[] file, Function<String, SortedMap<String, Long>> declared)
      throws RefusedException {
    var read = io.concordat.protocol.job.JobReader.read("job", file);
    if (!read.refusals().isEmpty()) {
      throw new RefusedException(read.refusals());
    }
    JobSpecification job = read.orThrow();
    List<Refusal> refusals = JobChecker.check(job, policy);
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
    SortedMap<String, Long> patients = new TreeMap<>(declared.apply(job.dataset()));
    Key key = new Key(Digests.sha256(file), patients);
    synchronized (kept) {
      JobPlan known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    JobPlan plan = work(job, patients);
    synchronized (kept) {
      kept.put(key, plan);
    }
    return plan;
  }

  private JobPlan work(JobSpecification job, SortedMap<String, Long> patients)
      throws RefusedException {
    Dataset dataset = policy.dataset(job.dataset()).orElseThrow();
    return switch (job.analysis()) {
      case AnalysisSpec.Statistics statistics ->
          exact(
              job,
              new StatisticsAnalysis(
                  Features.described(statistics.columns(), dataset),
                  policy
                      .statisticsGrant()
                      .map(AnalysisGrant.Statistics::minCellCount)
                      .orElseThrow(),
                  dataset.maxPatientsPerSilo()));
      case AnalysisSpec.Train train ->
          switch (train.strategy()) {
            case Strategy.FedAvg fedAvg -> exact(job, fedAvg(train, fedAvg, dataset));
            case Strategy.DpSgd dpSgd -> {
              PrivatePlan plan = PrivatePlan.of(job, train, dpSgd, dataset, policy, patients);
              yield new JobPlan(
                  job,
                  plan.analysis(),
                  terms(job, plan.analysis(), plan.prices()),
                  OptionalDouble.of(plan.epsilon()));
            }
          };
    };
  }

  private JobPlan exact(JobSpecification job, Analysis analysis) {
    List<Long> prices = LongStream.range(0, analysis.rounds()).map(_ -> 0).boxed().toList();
    return new JobPlan(job, analysis, terms(job, analysis, prices), OptionalDouble.empty());
  }

  private JobTerms terms(JobSpecification job, Analysis analysis, List<Long> prices) {
    return new JobTerms(
        job.federation(),
        job.name(),
        job.dataset(),
        job.isPrivate(),
        prices,
        new AnalysisProgram(
            analysis,
            policy.encryption().maxCohort(),
            policy.encryption().parameters().flatMap(ParameterSet::byId)));
  }

  private static Analysis fedAvg(AnalysisSpec.Train train, Strategy.FedAvg how, Dataset dataset) {
    FeatureSpace features = Features.of(train.model(), dataset);
    return new FedAvgAnalysis(
        new FedAvgAnalysis.Plan(
            features,
            Features.shape(train.model(), features.dimension()),
            how.rounds(),
            new LocalTraining(
                how.localEpochs(),
                how.batch(),
                how.learningRate().doubleValue(),
                how.momentum().doubleValue(),
                how.weightDecay().doubleValue(),
                train.model().seed()),
            new Quantiser(how.encoding().range().doubleValue(), how.encoding().bits()),
            train.evaluation().isPresent(),
            dataset.maxPatientsPerSilo()));
  }
}
