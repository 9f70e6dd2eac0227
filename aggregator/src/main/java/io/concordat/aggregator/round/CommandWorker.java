package io.concordat.aggregator.round;

import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import java.io.IOException;

/**
 * Does the heavy work of a round: adding, fingerprinting, opening. Reads and writes blobs; decides
 * nothing.
 */
@FunctionalInterface
public interface CommandWorker {
  /**
   * Runs one command to its end.
   *
   * @throws IOException if the disk failed; the command is run again later
   */
  RoundEvent run(RoundCommand command) throws IOException;
}
