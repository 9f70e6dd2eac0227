package io.concordat.protocol.core;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.witness.QuorumVerdict;
import io.concordat.audit.witness.TrustedLog;
import io.concordat.crypto.InvariantViolation;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The aggregator's checkpoints: each size signed once, with the cosignatures gathered for it.
 *
 * <p>Several sizes gather at once. With only the newest, a log that grows faster than witnesses
 * answer would never reach a quorum.
 */
final class Notes {
  private static final int KEPT = 64;
  private static final String ROW = "checkpoint/newest";
  private static final String QUORUM_ROW = "checkpoint/quorum";

  private final AggregatorSetup setup;
  private final FederationLedger ledger;
  private final Map<Long, TrustedLog> logs = new HashMap<>();
  private final TreeMap<Long, SignedCheckpoint> notes = new TreeMap<>();
  private final NoteVerifier verifier = SignatureVerifiers.remembering();
  private Optional<SignedCheckpoint> quorum;

  Notes(AggregatorSetup setup, Store store, FederationLedger ledger) {
    this.setup = setup;
    this.ledger = ledger;
    store.get(ROW).map(Notes::read).ifPresent(n -> notes.put(n.checkpoint().size(), n));
    quorum = store.get(QUORUM_ROW).map(Notes::read);
  }

  /** The log as the policy trusts it under which a head of this size stands. */
  private TrustedLog log(long size) {
    FederationRules rules = ledger.rulesAt(size);
    return logs.computeIfAbsent(rules.version(), v -> rules.trustedLog());
  }

  private static SignedCheckpoint read(byte[] row) {
    try {
      return SignedCheckpoint.parse(row);
    } catch (LogFormatException e) {
      throw new InvariantViolation("a stored checkpoint does not read", e);
    }
  }

  /** Signs a new head. */
  Write sign(MerkleFrontier frontier, Instant now) {
    Checkpoint head = new Checkpoint(setup.rules().origin(), frontier.size(), frontier.root());
    SignatureLine own =
        CheckpointSignatures.sign(setup.rules().logKey(), setup.signer()::signForeign, head, now);
    SignedCheckpoint signed = new SignedCheckpoint(head, List.of(own));
    notes.put(head.size(), signed);
    while (notes.size() > KEPT) {
      notes.pollFirstEntry();
    }
    return Write.put(ROW, signed.toString());
  }

  /** Takes a cosignature line for whichever kept checkpoint it is good for. */
  Optional<Refusal> cosign(String from, String line, List<Write> writes) {
    SignatureLine signature;
    try {
      signature = SignatureLine.parse(line);
    } catch (LogFormatException e) {
      return Optional.of(Refusal.of(Code.STATEMENT_MALFORMED, String.valueOf(e.getMessage())));
    }
    // Newest first: nearly always it is that one.
    for (Map.Entry<Long, SignedCheckpoint> note : notes.descendingMap().entrySet()) {
      SignedCheckpoint more = note.getValue().with(List.of(signature));
      switch (log(note.getKey()).evaluate(more, verifier)) {
        case QuorumVerdict.Reached reached -> {
          if (reached.institutions().contains(from)) {
            keep(note.getKey(), more, writes);
            if (quorum.isEmpty() || quorum.get().checkpoint().size() < note.getKey()) {
              quorum = Optional.of(more);
              writes.add(Write.put(QUORUM_ROW, more.toString()));
            }
            return Optional.empty();
          }
        }
        case QuorumVerdict.Short s -> {
          if (s.institutions().contains(from)) {
            keep(note.getKey(), more, writes);
            return Optional.empty();
          }
        }
        case QuorumVerdict.Refused refused -> {
          // Not a signature over this head; an older one may be meant.
        }
      }
    }
    return Optional.of(
        Refusal.of(Code.STATEMENT_SIGNATURE, "the cosignature is good for no checkpoint kept"));
  }

  private void keep(long size, SignedCheckpoint more, List<Write> writes) {
    notes.put(size, more);
    if (size == notes.lastKey()) {
      // A witness does not cosign a head again once it was told that its line arrived.
      writes.add(Write.put(ROW, more.toString()));
    }
  }

  /** Size of the newest note, 0 before there is one. */
  long newestSize() {
    return notes.isEmpty() ? 0 : notes.lastKey();
  }

  /** The newest note that covers no more than this size. */
  String newest(long size) {
    Map.Entry<Long, SignedCheckpoint> note = notes.floorEntry(size);
    return note == null ? "" : note.getValue().toString();
  }

  /** The newest note with a quorum that covers no more than this size. */
  String quorum(long size) {
    return quorum
        .filter(q -> q.checkpoint().size() <= size)
        .map(SignedCheckpoint::toString)
        .orElse("");
  }

  /** Size of the newest note with a quorum, 0 before there is one. */
  long quorumSize() {
    return quorum.map(q -> q.checkpoint().size()).orElse(0L);
  }
}
