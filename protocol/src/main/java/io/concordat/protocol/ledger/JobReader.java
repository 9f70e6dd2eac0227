package io.concordat.protocol.ledger;

import io.concordat.protocol.refusal.RefusedException;

/** Reads a job file under the rules it is pinned to. Pure: the same answer on every machine. */
public interface JobReader {
  /**
   * @param file the bytes that the submitter signed
   * @param rules the policy in force
   * @throws RefusedException if the file does not read or asks for what the policy does not allow
   */
  JobTerms read(byte[] file, FederationRules rules) throws RefusedException;
}
