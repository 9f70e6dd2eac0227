package io.concordat.aggregator.round;

import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;

/**
 * The agreement this aggregator serves: every version its log ran under, and which one is in force.
 *
 * <p>The log decides what is in force; this object only follows it.
 */
public final class Federation {
  private final PolicyShelf policies;
  private final PinnedJobReader jobs;
  private volatile SignedPolicy inForce;

  /** A federation whose log has not said yet which version is in force: the first. */
  public Federation(PolicyShelf policies) {
    this.policies = policies;
    this.jobs = policies.jobs();
    this.inForce = policies.oldest();
  }

  /** What the log says now. */
  public void follow(FederationRules rules) {
    inForce =
        policies
            .version(rules.version())
            .orElseThrow(() -> new InvariantViolation("no file of version " + rules.version()));
  }

  /** The policy in force. */
  public Policy policy() {
    return inForce.policy();
  }

  /** Its signed bytes. */
  public byte[] file() {
    return inForce.file();
  }

  /** The version that a job is pinned to. */
  public Policy pinned(Digest policy) {
    return policies
        .byDigest(policy)
        .orElseThrow(() -> new InvariantViolation("no file of the policy " + policy));
  }

  /** All versions held here. */
  public PolicyShelf policies() {
    return policies;
  }

  /** The rules of the log's first entry. */
  public FederationRules rules() {
    return policies.first();
  }

  /** Reads job files under the version that each is pinned to. */
  public PinnedJobReader jobs() {
    return jobs;
  }

  /** Everything that a job file would mean if it were submitted now. */
  public JobPlan plan(byte[] jobFile) throws RefusedException {
    return jobs.plan(jobFile, policy().digest());
  }

  /** Everything that a job file means under the version it is pinned to. */
  public JobPlan plan(byte[] jobFile, Digest pinned) throws RefusedException {
    return jobs.plan(jobFile, pinned);
  }
}
