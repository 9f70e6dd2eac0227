package io.concordat.protocol.core;

import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.statement.StatementSigner;
import java.time.Duration;

/**
 * What an aggregator is opened with.
 *
 * @param rules the policy of the log's first entry
 * @param policies all policies it holds copies of
 * @param signer its key, which the policy names: statements and checkpoints
 */
public record AggregatorSetup(
    FederationRules rules,
    PolicyBook policies,
    JobReader jobs,
    StatementSigner signer,
    Times times) {

  /**
   * How long the aggregator waits.
   *
   * @param collecting from the announcement to the deadline
   * @param acceptanceGrace from the last contribution to fixing the cohort without the holders that
   *     have not yet sent their list
   * @param opening from the manifest to giving the round up
   */
  public record Times(Duration collecting, Duration acceptanceGrace, Duration opening) {
    /** For silos that train for minutes. */
    public static final Times USUAL =
        new Times(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofMinutes(5));
  }
}
