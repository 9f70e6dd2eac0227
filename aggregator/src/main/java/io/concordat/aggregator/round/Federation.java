package io.concordat.aggregator.round;

import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.policy.Policy;

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
    JobReader jobs) {}
