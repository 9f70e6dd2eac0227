package io.concordat.protocol.core;

import io.concordat.protocol.ledger.FederationLedger;
import java.time.Instant;
import java.util.List;

/**
 * Everything that a node decides, in all its roles. See the package page for what the shell does.
 */
public final class NodeCore {
  private final FederationLedger ledger;

  private NodeCore(FederationLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * Opens the node from its store. The log is not there: the node asks for it from {@link
   * Cursor#START} and replays it, and does nothing else before it has reached what it knew.
   */
  public static NodeCore open(NodeSetup setup, Store store) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** Takes one event. */
  public NodeEffects handle(NodeEvent event, Instant now) {
    throw new UnsupportedOperationException("being filled in");
  }

  /** Where to poll from. */
  public Cursor cursor() {
    throw new UnsupportedOperationException("being filled in");
  }

  /** Messages that were not reported delivered yet, oldest first: to be sent after a start. */
  public List<Outgoing> undelivered() {
    throw new UnsupportedOperationException("being filled in");
  }

  /** The log, replayed. For reading. */
  public FederationLedger ledger() {
    return ledger;
  }
}
