package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the events that an aggregator takes together have brought about so far. */
final class Turn {
  /** When they are taken. */
  final Instant now;

  final List<Write> writes = new ArrayList<>();
  final List<RoundCommand> commands = new ArrayList<>();

  /** Whether some node has something new to read. */
  boolean news;

  /** Whether the writes must be on the disk before any node reads it. */
  boolean diskFirst;

  Turn(Instant now) {
    this.now = now;
  }

  AggregatorEffects effects(Optional<Refusal> refusal) {
    return new AggregatorEffects(writes, commands, refusal, news, diskFirst);
  }
}
