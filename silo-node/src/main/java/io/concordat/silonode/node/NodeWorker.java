package io.concordat.silonode.node;

import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeEvent;
import java.io.IOException;
import java.util.Optional;

/** Does the heavy work of a node: vectors, ciphertexts, shares. Decides nothing. */
@FunctionalInterface
public interface NodeWorker {
  /**
   * Runs one command to its end.
   *
   * @return its answer, if it has one
   * @throws IOException if disk or network failed; the command is run again later
   */
  Optional<NodeEvent> run(NodeCommand command) throws IOException;
}
