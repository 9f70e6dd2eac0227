package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The log as the aggregator writes it: entries under the rules of replay, and the heads that it
 * shows.
 */
final class OwnLog {
  private static final int LEAVES_AT_ONCE = 4096;

  private final AggregatorSetup setup;
  private final FederationLedger ledger;
  private final Notes notes;
  private long published;
  private boolean urgent;

  /** Replays what the store has. */
  OwnLog(AggregatorSetup setup, Store store) {
    this.setup = setup;
    ledger = new FederationLedger(setup.rules(), setup.policies(), setup.jobs());
    while (true) {
      List<byte[]> leaves = store.leaves(ledger.size(), LEAVES_AT_ONCE);
      leaves.forEach(ledger::apply);
      if (leaves.size() < LEAVES_AT_ONCE) {
        break;
      }
    }
    notes = new Notes(setup, store, ledger);
    published = notes.newestSize();
  }

  FederationLedger ledger() {
    return ledger;
  }

  Notes notes() {
    return notes;
  }

  /** How much of the log nodes may see. */
  long published() {
    return published;
  }

  /** Appends a statement of the aggregator's own. */
  Optional<Refusal> append(Statement statement, Turn turn) {
    return append(LogEntry.AGGREGATOR, SignedStatement.sign(statement, setup.signer()), turn);
  }

  /** Appends a statement if the rules of replay take it. */
  Optional<Refusal> append(String actor, SignedStatement signed, Turn turn) {
    LogEntry entry =
        new LogEntry(
            turn.now,
            ledger.rules().federation(),
            ledger.rules().version(),
            ledger.rules().policy(),
            actor,
            signed);
    byte[] bytes = entry.bytes();
    byte[] leaf;
    try {
      leaf = LogLeaf.of(bytes);
    } catch (DecodeException tooLong) {
      return Optional.of(
          Refusal.of(Code.REQUEST_TOO_LARGE, "a log entry of " + bytes.length + " bytes"));
    }
    Optional<Refusal> refusal = ledger.check(entry);
    if (refusal.isEmpty()) {
      turn.writes.add(new Write.Append(ledger.size(), bytes));
      ledger.apply(entry, leaf);
      urgent |= !(signed.statement() instanceof OpeningRecorded record) || complete(record);
    }
    return refusal;
  }

  /** Appends what the aggregator would not write if the rules did not allow it. */
  void require(Statement statement, Turn turn) {
    append(statement, turn).ifPresent(OwnLog::neverRefused);
  }

  static void neverRefused(Refusal refusal) {
    throw new InvariantViolation("the log refuses the aggregator's own entry: " + refusal);
  }

  /** Whether every holder of the opening set has its record in the log now. */
  private boolean complete(OpeningRecorded record) {
    return ledger
        .roundOf(record.manifest())
        .filter(r -> r.records().keySet().containsAll(r.manifest().orElseThrow().fixed().openers()))
        .isPresent();
  }

  /**
   * Signs a checkpoint over everything appended and shows it. An opening record, with which nobody
   * can do anything alone, waits for those of the other holders until the next tick: one
   * checkpoint, one poll and one cosignature do for all of them.
   */
  void publish(boolean tick, Turn turn) {
    if (ledger.size() > published && (urgent || tick)) {
      published = ledger.size();
      urgent = false;
      turn.writes.add(notes.sign(ledger.frontier(), turn.now));
      turn.news = true;
      turn.diskFirst = true;
    }
  }
}
