package io.concordat.protocol.core;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.witness.QuorumVerdict;
import io.concordat.audit.witness.TrustedLog;
import io.concordat.audit.witness.WitnessMemory;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import io.concordat.protocol.witness.WitnessMachine;
import io.concordat.protocol.witness.WitnessState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A node's view of the log's heads: which of them it replayed, which have a quorum, which it
 * signed.
 */
final class Heads {
  private static final String ROW = "witness/memory";
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final NoteVerifier verifier = SignatureVerifiers.remembering();
  private WitnessState state;
  private final Map<Long, TrustedLog> logs = new HashMap<>();
  private Optional<Checkpoint> newest = Optional.empty();
  private long quorumSize;
  private Optional<Instant> asked = Optional.empty();

  Heads(NodeSetup setup, Store store, FederationLedger ledger) {
    this.setup = setup;
    this.ledger = ledger;
    WitnessMemory memory =
        store
            .get(ROW)
            .map(Heads::memory)
            .orElseGet(() -> WitnessMemory.nothingYet(setup.rules().origin()));
    state = WitnessState.started(memory, nonce());
  }

  /** The log as the policy trusts it under which a head of this size stands. */
  private TrustedLog log(long size) {
    FederationRules rules = ledger.rulesAt(size);
    return logs.computeIfAbsent(rules.version(), v -> rules.trustedLog());
  }

  private boolean witness() {
    return ledger.rules().witnesses().contains(setup.institution());
  }

  private WitnessMachine machine() {
    return new WitnessMachine(setup.institution(), log(ledger.size()).rule());
  }

  private static WitnessMemory memory(byte[] row) {
    try {
      return WitnessState.memoryFromJson(NodeCore.object(row));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored witness memory does not read", e);
    }
  }

  private String nonce() {
    byte[] nonce = new byte[32];
    setup.randomness().fill(nonce);
    return HexFormat.of().formatHex(nonce);
  }

  /**
   * Begins the inquiry again, as after a start. The time enters the nonce: a restored machine's
   * random generator may draw what it drew before, and answers to an old question are old.
   */
  void restartInquiry(Instant now) {
    byte[] when = now.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] drawn = nonce().getBytes(StandardCharsets.US_ASCII);
    state = WitnessState.started(state.memory(), Digests.sha256(drawn, when).hex());
    asked = Optional.empty();
  }

  long quorumSize() {
    return quorumSize;
  }

  /** Whether the replay has reached everything that this node has ever cosigned. */
  boolean caughtUp() {
    return ledger.size() >= state.memory().size();
  }

  /**
   * Takes a signed note. A note that is not the log's is ignored; one that is and contradicts the
   * replay stops the node.
   */
  Optional<Refusal> checkpoint(String note) {
    SignedCheckpoint signed;
    try {
      signed = SignedCheckpoint.parse(note);
    } catch (LogFormatException e) {
      return Optional.empty();
    }
    Checkpoint head = signed.checkpoint();
    if (head.size() > ledger.size()) {
      return Optional.empty();
    }
    Optional<TreeHash> replayed = ledger.rootAt(head.size());
    if (head.size() <= quorumSize && replayed.filter(head.root()::equals).isPresent()) {
      // It says what is known: further cosignatures under it change nothing.
      return Optional.empty();
    }
    QuorumVerdict verdict = log(head.size()).evaluate(signed, verifier);
    if (verdict instanceof QuorumVerdict.Refused) {
      return Optional.empty();
    }
    if (replayed.isEmpty()) {
      return Optional.empty();
    }
    if (!replayed.get().equals(head.root())) {
      return Optional.of(
          Refusal.of(
              Code.LOG_INCONSISTENT,
              "a signed checkpoint of size " + head.size() + " is of another tree"));
    }
    if (newest.isEmpty() || newest.get().size() < head.size()) {
      newest = Optional.of(head);
    }
    if (verdict instanceof QuorumVerdict.Reached) {
      quorumSize = Math.max(quorumSize, head.size());
    }
    return Optional.empty();
  }

  /** Takes a statement of another witness that the aggregator passed on. */
  void relayed(SignedStatement signed, Outbound out) {
    switch (signed.statement()) {
      case WitnessInquiry inquiry -> {
        if (witness() && spokenBy(signed, inquiry.witness())) {
          out.post(SignedStatement.sign(machine().answer(state, inquiry), setup.signer()));
        }
      }
      case WitnessAnswer answer -> {
        if (witness() && spokenBy(signed, answer.witness())) {
          state = machine().answered(state, answer);
        }
      }
      default -> {
        // Nothing else concerns heads.
      }
    }
  }

  private boolean spokenBy(SignedStatement signed, String institution) {
    return ledger.rules().witnesses().contains(institution)
        && !institution.equals(setup.institution())
        && ledger
            .rules()
            .institution(institution)
            .filter(i -> i.nodeKey().equals(signed.signer()))
            .isPresent();
  }

  /**
   * Asks, settles, cosigns: whatever is possible now.
   *
   * @param tick whether some time has passed; a head that nobody waits for is cosigned only then
   */
  Optional<Refusal> drive(Outbound out, Instant now, boolean tick) {
    if (!witness() || newest.isEmpty()) {
      return Optional.empty();
    }
    if (!state.ready()) {
      // Asked again until enough have answered: the aggregator passes questions and answers on and
      // forgets both when it restarts, and a witness that waited for a lost one would wait for
      // ever.
      if (machine().answersNeeded() > 0
          && (asked.isEmpty()
              || !now.isBefore(asked.get().plus(ASK_AGAIN))
              || now.isBefore(asked.get()))) {
        asked = Optional.of(now);
        out.postNewest("inquiry", SignedStatement.sign(machine().inquiry(state), setup.signer()));
      }
      Optional<Refusal> fork = follow(machine().settle(state, ledger::rootAt), out, now, true);
      if (fork.isPresent() || !state.ready()) {
        return fork;
      }
    }
    return tick || awaited(newest.get())
        ? follow(machine().head(state, newest.get(), ledger::rootAt), out, now, false)
        : Optional.empty();
  }

  /**
   * Whether something new below this head waits for a quorum. A manifest alone does not: the
   * records that follow it at once stand under the checkpoint that covers both.
   */
  private boolean awaited(Checkpoint head) {
    for (long index = state.memory().size(); index < head.size(); index++) {
      if (!ledger.type(index).equals(Optional.of(StatementType.COHORT_FIXED))) {
        return true;
      }
    }
    return false;
  }

  private Optional<Refusal> follow(
      WitnessMachine.Decision decision, Outbound out, Instant now, boolean settling) {
    return switch (decision) {
      case WitnessMachine.Decision.Pass() -> Optional.empty();
      case WitnessMachine.Decision.Fork(Refusal reason) -> Optional.of(reason);
      case WitnessMachine.Decision.Cosign(WitnessState next, Checkpoint head) -> {
        state = next;
        // Remembered in the transaction before the message can leave: a crash in between costs a
        // signature, the other order could cost two histories.
        out.writes.add(Write.put(ROW, next.toJson()));
        if (!settling || head.size() > 0 && newest.filter(head::equals).isPresent()) {
          out.cosignature(
              CheckpointSignatures.sign(
                      ledger.rules().witnessKey(setup.institution()),
                      setup.signer()::signForeign,
                      head,
                      now)
                  .line());
        }
        yield Optional.empty();
      }
    };
  }
}
