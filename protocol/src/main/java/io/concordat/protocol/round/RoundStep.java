package io.concordat.protocol.round;

import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Statement;
import java.util.List;
import java.util.Optional;

/**
 * What a round made of an event.
 *
 * @param state to be stored before anything else happens
 * @param append statements for the log, in the same transaction
 * @param commands work to start afterwards
 * @param refusal the answer to whoever caused the event, if it is a no
 */
public record RoundStep(
    RoundState state,
    List<Statement> append,
    List<RoundCommand> commands,
    Optional<Refusal> refusal) {
  public RoundStep {
    append = List.copyOf(append);
    commands = List.copyOf(commands);
  }

  static RoundStep refused(RoundState state, Refusal refusal) {
    return new RoundStep(state, List.of(), List.of(), Optional.of(refusal));
  }
}
