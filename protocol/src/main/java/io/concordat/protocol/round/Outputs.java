package io.concordat.protocol.round;

import io.concordat.protocol.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a step puts out, collected while it is taken. */
final class Outputs {
  final List<Statement> append = new ArrayList<>();
  final List<RoundCommand> commands = new ArrayList<>();

  /** The step that leads to this draft. */
  RoundStep step(RoundState.Draft d) {
    return new RoundStep(d.freeze(), append, commands, Optional.empty());
  }
}
