package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import java.util.List;
import java.util.Optional;

/**
 * What to do after an event: write; answer the caller with {@code refusal} or success when it is on
 * the disk, and never before; wake the polls that wait if {@code news}; run the commands.
 *
 * <p>If {@code diskFirst}, nodes may see nothing of it before these and all earlier writes are on
 * the disk, in one transaction: a new head of the log. Anything else that nodes see (boxes, a
 * quorum) came in a message whose sender has no answer yet and repeats it after a crash.
 *
 * @param news whether some node has something new to read
 */
public record AggregatorEffects(
    List<Write> writes,
    List<RoundCommand> commands,
    Optional<Refusal> refusal,
    boolean news,
    boolean diskFirst) {
  /** Nothing to do. */
  public static final AggregatorEffects NONE =
      new AggregatorEffects(List.of(), List.of(), Optional.empty(), false, false);

  public AggregatorEffects {
    writes = List.copyOf(writes);
    commands = List.copyOf(commands);
  }
}
