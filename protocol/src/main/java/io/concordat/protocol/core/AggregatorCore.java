package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.statement.ContributionHeader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything that an aggregator decides. See the package page for what the shell does. */
public final class AggregatorCore {
  private final FederationLedger ledger;

  private AggregatorCore(FederationLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * Opens the aggregator from its store: an empty one begins a new log. Effects that a start brings
   * (commands to run again) come with the first {@link AggregatorEvent.Tick}.
   */
  public static AggregatorCore open(AggregatorSetup setup, Store store) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** Takes one event. */
  public AggregatorEffects handle(AggregatorEvent event, Instant now) {
    return handle(List.of(event), now);
  }

  /**
   * Takes several events at once: one transaction, one checkpoint. The refusal, if any, is that of
   * the first event that was refused; give events that need an answer of their own alone.
   */
  public AggregatorEffects handle(List<AggregatorEvent> events, Instant now) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** What a node has not seen yet, or empty if the poll should wait. Changes nothing. */
  public Optional<WorkReply> work(String institution, Cursor after) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** A header of a round that is open, for the intake of its chunks. */
  public Optional<ContributionHeader> header(Digest contribution) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** Whether this contribution's ciphertext is complete. */
  public boolean complete(Digest contribution) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** What anybody may fetch again about a round that opened: the material of its opening. */
  public Optional<WorkItem.Opening> opening(Digest manifest) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** The newest checkpoint with all cosignatures gathered so far; empty before the first entry. */
  public String checkpoint() {
    throw new UnsupportedOperationException("being filled in");
  }

  /** The log, replayed. For reading. */
  public FederationLedger ledger() {
    return ledger;
  }
}
