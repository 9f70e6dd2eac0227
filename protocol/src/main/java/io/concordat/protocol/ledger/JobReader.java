package io.concordat.protocol.ledger;

import io.concordat.protocol.refusal.RefusedException;
import java.util.List;

/** Reads a job file under the rules it is pinned to. Pure: the same answer on every machine. */
public interface JobReader {
  /**
   * @param file the bytes that the submitter signed
   * @param rules the policy in force
   * @throws RefusedException if the file does not read or asks for what the policy does not allow
   */
  JobTerms read(byte[] file, FederationRules rules) throws RefusedException;

  /**
   * What the openings of a job cost under a later version's cap over the same persons. A cap's
   * units are divergences at an order that the cap itself fixes, so another cap counts in another
   * unit, and what was spent has to be counted again in that.
   *
   * @param pinned the version that the job was priced under
   * @param now the version in force
   */
  default List<Long> prices(byte[] file, FederationRules pinned, FederationRules now)
      throws RefusedException {
    return read(file, pinned).stepPrices();
  }
}
