package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * What to do after an event, in this order: commit {@code writes} in one transaction; then send and
 * run the commands, in any order.
 *
 * @param send new messages; those of earlier answers that were not reported delivered are still due
 * @param trouble what the operator must see, such as a log that contradicts itself
 */
public record NodeEffects(
    List<Write> writes,
    List<Outgoing> send,
    List<NodeCommand> commands,
    Optional<Refusal> trouble) {
  public NodeEffects {
    writes = List.copyOf(writes);
    send = List.copyOf(send);
    commands = List.copyOf(commands);
  }
}
