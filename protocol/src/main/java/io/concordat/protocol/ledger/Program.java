package io.concordat.protocol.ledger;

import io.concordat.crypto.DecodeException;
import java.util.SortedMap;

/**
 * A job's public half as the machines need it: states are bytes with a digest, and a public,
 * deterministic step leads from a state and an opened sum to the next state.
 */
public interface Program {
  /** The encoded state before the first round. */
  byte[] initialState();

  /** What a state asks of the next round, or that the job is finished. */
  StateShape shape(byte[] state) throws DecodeException;

  /**
   * The state after a round on {@code state} was opened.
   *
   * @param cohort the silos in the sum, each with the patients that it had declared when the job
   *     was submitted
   */
  byte[] advance(byte[] state, long[] sum, SortedMap<String, Long> cohort) throws DecodeException;
}
