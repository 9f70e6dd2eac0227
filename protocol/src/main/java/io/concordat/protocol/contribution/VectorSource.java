package io.concordat.protocol.contribution;

import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;

/**
 * The silo's private half: records and public state to a vector that may be sealed. The only thing
 * a node's shell computes itself.
 */
@FunctionalInterface
public interface VectorSource {
  /**
   * Computes this silo's vector for a round.
   *
   * @param round the round as the log has it: announcement, job file, declared patients, rules
   * @param state the encoded public state, as this silo computed it
   * @param counter how many seals this node has begun, for the seed of coins and noise
   * @throws RefusedException if records or training do not allow a contribution
   * @throws IOException if records cannot be read now; it is tried again
   */
  SealableVector vector(RoundRecord round, byte[] state, long counter)
      throws RefusedException, IOException;
}
