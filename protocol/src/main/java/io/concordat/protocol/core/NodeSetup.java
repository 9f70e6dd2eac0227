package io.concordat.protocol.core;

import io.concordat.crypto.random.Randomness;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.statement.StatementSigner;

/**
 * What a node is opened with.
 *
 * @param institution its id; the policy says which roles it has
 * @param rules the policy of the log's first entry, from the node's own copy
 * @param site what the institution's own overlay says beyond the policy
 * @param signer the node key
 * @param randomness for the nonce of a witness's inquiry
 * @param inlineBytes longest ciphertext that travels with its header; a longer one follows in
 *     chunks
 */
public record NodeSetup(
    String institution,
    FederationRules rules,
    PolicyBook policies,
    JobReader jobs,
    SiteRules site,
    StatementSigner signer,
    Randomness randomness,
    int inlineBytes) {
  /** A node with the services' bound, {@link Outgoing#INLINE_BYTES}. */
  public NodeSetup(
      String institution,
      FederationRules rules,
      PolicyBook policies,
      JobReader jobs,
      SiteRules site,
      StatementSigner signer,
      Randomness randomness) {
    this(institution, rules, policies, jobs, site, signer, randomness, Outgoing.INLINE_BYTES);
  }

  /** Such a node without an overlay. */
  public NodeSetup(
      String institution,
      FederationRules rules,
      PolicyBook policies,
      JobReader jobs,
      StatementSigner signer,
      Randomness randomness) {
    this(institution, rules, policies, jobs, SiteRules.NONE, signer, randomness);
  }
}
