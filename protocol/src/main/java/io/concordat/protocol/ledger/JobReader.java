package io.concordat.protocol.ledger;

import io.concordat.protocol.refusal.RefusedException;
import java.util.SortedMap;
import java.util.function.Function;

/** Reads a job file under the rules it is pinned to. Pure: the same answer on every machine. */
public interface JobReader {
  /**
   * @param file the bytes that the submitter signed
   * @param rules the policy in force
   * @throws RefusedException if the file does not read or asks for what the policy does not allow
   */
  JobTerms read(byte[] file, FederationRules rules) throws RefusedException;

  /**
   * The same, where the job also depends on how many patients the silos have declared.
   *
   * @param declared dataset to patients by silo, as the log says where the job enters it
   */
  default JobTerms read(
      byte[] file, FederationRules rules, Function<String, SortedMap<String, Long>> declared)
      throws RefusedException {
    return read(file, rules);
  }
}
