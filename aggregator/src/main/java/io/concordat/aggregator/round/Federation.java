package io.concordat.aggregator.round;

import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;

/**
 * The agreement this aggregator serves, read and checked at its start.
 *
 * @param policy as its file says it
 * @param file the signed bytes
 * @param signatures the detached signatures
 * @param rules what replay decides by
 * @param policies every policy held here
 * @param jobs reads job files under it
 */
public record Federation(
    Policy policy,
    byte[] file,
    byte[] signatures,
    FederationRules rules,
    PolicyBook policies,
    PinnedJobReader jobs) {

  /** Everything that a job file means under this policy. */
  public JobPlan plan(byte[] jobFile) throws RefusedException {
    return jobs.plan(jobFile, policy.digest());
  }
}
