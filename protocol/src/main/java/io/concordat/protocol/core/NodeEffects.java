package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * What to do after an event: write, send, and run the commands. If {@code diskFirst}, nothing may
 * leave before these and all earlier writes are on the disk, in one transaction. Else they may
 * follow within a moment: what leaves is then only what this node would say again, word for word,
 * if it lost them.
 *
 * @param send new messages; those of earlier answers that were not reported delivered are still due
 * @param trouble what the operator must see, such as a log that contradicts itself
 */
public record NodeEffects(
    List<Write> writes,
    List<Outgoing> send,
    List<NodeCommand> commands,
    Optional<Refusal> trouble,
    boolean diskFirst) {
  public NodeEffects {
    writes = List.copyOf(writes);
    send = List.copyOf(send);
    commands = List.copyOf(commands);
  }
}
