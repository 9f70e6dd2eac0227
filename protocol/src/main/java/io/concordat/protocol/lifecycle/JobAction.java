package io.concordat.protocol.lifecycle;

import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.RoundAnnounced;

/** What to do about a job now. */
public sealed interface JobAction {
  /** Nothing yet: a round is open, or silos, box keys or approvals are missing. */
  record Wait() implements JobAction {}

  /** Announce the next round. */
  record Announce(RoundAnnounced announcement, RoundState.Terms terms) implements JobAction {}

  /** End the job. */
  record End(JobEnded ended) implements JobAction {}
}
