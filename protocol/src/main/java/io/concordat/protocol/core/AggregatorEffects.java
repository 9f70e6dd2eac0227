package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import java.util.List;
import java.util.Optional;

/**
 * What to do after an event, in this order: commit {@code writes} in one transaction; answer the
 * caller with {@code refusal} or success; wake the polls that wait if {@code news}; run the
 * commands.
 *
 * @param news whether some node has something new to read
 */
public record AggregatorEffects(
    List<Write> writes, List<RoundCommand> commands, Optional<Refusal> refusal, boolean news) {
  /** Nothing to do. */
  public static final AggregatorEffects NONE =
      new AggregatorEffects(List.of(), List.of(), Optional.empty(), false);

  public AggregatorEffects {
    writes = List.copyOf(writes);
    commands = List.copyOf(commands);
  }
}
