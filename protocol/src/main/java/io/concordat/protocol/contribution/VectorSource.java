package io.concordat.protocol.contribution;

import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.RoundAnnounced;

/**
 * The silo's private half: records and public state to a vector that may be sealed. The only thing
 * a node's shell computes itself.
 */
@FunctionalInterface
public interface VectorSource {
  /**
   * Computes this silo's vector for a round.
   *
   * @param announcement names job, state and layout
   * @param state the encoded public state, as this silo computed it
   * @throws RefusedException if records or training do not allow a contribution
   */
  SealedInput vector(RoundAnnounced announcement, byte[] state) throws RefusedException;

  /**
   * A vector on its way to being sealed.
   *
   * @param values the integers; exact or noised
   */
  record SealedInput(long[] values) {}
}
