package io.concordat.protocol.analysis;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads, checks and prices a job under the policy that it is pinned to: the one road from a file's
 * bytes to terms, for aggregator, silos, holders and verifiers.
 *
 * <p>The last few plans are kept: calibration may take a second, and replay, restarts and dry runs
 * ask for the same few jobs again.
 */
public final class PinnedJobReader implements JobReader {
  private static final int REMEMBERED = 64;

  private final Function<Digest, Optional<Policy>> policies;
  private final Map<Key, JobPlan> remembered =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, JobPlan> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Key(Digest file, Digest policy) {}

  /**
   * @param policies the node's own, checked policies by digest of their files
   */
  public PinnedJobReader(Function<Digest, Optional<Policy>> policies) {
    this.policies = policies;
  }

  @Override
  public JobTerms read(byte[] file, FederationRules rules) throws RefusedException {
    return plan(file, rules.policy()).terms();
  }

  @Override
  public List<Long> prices(byte[] file, FederationRules pinned, FederationRules now)
      throws RefusedException {
    JobPlan plan = plan(file, pinned.policy());
    Policy later = policy(now.policy());
    Optional<Dataset> same =
        policy(pinned.policy())
            .dataset(plan.specification().dataset())
            .flatMap(d ->
                later.datasets().stream()
                    .filter(o -> o.budgetScope().equals(d.budgetScope()) && o.cap().isPresent())
                    .findFirst());
    return same.map(plan::pricesUnder).orElse(plan.terms().stepPrices());
  }

  private Policy policy(Digest digest) throws RefusedException {
    return policies
        .apply(digest)
        .orElseThrow(() ->
            new RefusedException(
                Refusal.of(Code.POLICY_MISMATCH, "this node has no policy " + digest)));
  }

  /**
   * Everything that a job means under a policy.
   *
   * @param policy digest of the policy file
   * @throws RefusedException with every reason why the file does not read or the policy does not
   *     allow it
   */
  public JobPlan plan(byte[] file, Digest policy) throws RefusedException {
    Key key = new Key(Digests.sha256(file), policy);
    synchronized (remembered) {
      JobPlan known = remembered.get(key);
      if (known != null) {
        return known;
      }
    }
    Policy found = policy(policy);
    JobPlan plan =
        io.concordat.protocol.job.JobReader.read("job", file)
            .then(job -> JobPlan.of(job, found))
            .orThrow();
    synchronized (remembered) {
      remembered.put(key, plan);
    }
    return plan;
  }
}
