package io.concordat.protocol.witness;

import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.witness.QuorumRule;
import io.concordat.audit.witness.WitnessMemory;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** A witness as a pure function over heads that the node has replayed itself. */
public final class WitnessMachine {
  private final String self;
  private final QuorumRule rule;

  /** The witness of one institution under a federation's rule. */
  public WitnessMachine(String self, QuorumRule rule) {
    this.self = self;
    this.rule = rule;
  }

  /** What to do about a head: remember it and then cosign, wait, or stop for good. */
  public sealed interface Decision {
    /** Store the state, then sign. */
    record Cosign(WitnessState state, Checkpoint head) implements Decision {}

    /** Nothing to sign. */
    record Pass() implements Decision {}

    /** The log contradicts what was cosigned. */
    record Fork(Refusal reason) implements Decision {}
  }

  /**
   * Decides about a head whose root the node has recomputed from the entries.
   *
   * @param replayed the root at a size, as the node replayed it; empty for sizes it does not know
   */
  public Decision head(
      WitnessState state, Checkpoint head, LongFunction<Optional<TreeHash>> replayed) {
    WitnessMemory memory = state.memory();
    // Replaying from the first entry, the node passes the remembered size: the same tree must stand
    // there, else the log was rewritten under a head that this witness has signed.
    if (head.size() >= memory.size()) {
      Optional<TreeHash> root = replayed.apply(memory.size());
      if (root.isPresent() && !root.get().equals(memory.root())) {
        return new Decision.Fork(
            Refusal.of(
                Code.LOG_INCONSISTENT,
                "another tree at size " + memory.size() + " than was cosigned"));
      }
      if (root.isEmpty()) {
        return new Decision.Pass();
      }
    }
    if (!state.ready() || head.size() <= memory.size()) {
      return new Decision.Pass();
    }
    WitnessMemory next = new WitnessMemory(memory.origin(), head.size(), head.root());
    return new Decision.Cosign(new WitnessState(next, state.nonce(), state.answers(), true), head);
  }

  /** The question to ask after a start. */
  public WitnessInquiry inquiry(WitnessState state) {
    return new WitnessInquiry(self, state.nonce());
  }

  /** The answer to another witness. It is given at any time: it names only what is stored. */
  public WitnessAnswer answer(WitnessState state, WitnessInquiry inquiry) {
    return new WitnessAnswer(
        self,
        inquiry.witness(),
        inquiry.nonce(),
        state.memory().size(),
        HexFormat.of().formatHex(state.memory().root().bytes()));
  }

  /** Takes an answer whose signature is that witness's; others' nonces are ignored. */
  public WitnessState answered(WitnessState state, WitnessAnswer answer) {
    if (state.ready()
        || answer.witness().equals(self)
        || !answer.asker().equals(self)
        || !answer.nonce().equals(state.nonce())) {
      return state;
    }
    TreeMap<String, WitnessAnswer> answers = new TreeMap<>(state.answers());
    answers.put(answer.witness(), answer);
    return new WitnessState(state.memory(), state.nonce(), answers, false);
  }

  /** Answers needed from others; all of them where the federation is too small for the rule. */
  public int answersNeeded() {
    return Math.min(rule.answersAfterStart(), rule.witnesses() - 1);
  }

  /**
   * Whether the answers allow cosigning now: enough of them, and every head they name lies on the
   * replayed log. A head beyond the replay is waited for; one beside it is a fork.
   */
  public Decision settle(WitnessState state, LongFunction<Optional<TreeHash>> replayed) {
    if (state.ready() || state.answers().size() < answersNeeded()) {
      return new Decision.Pass();
    }
    for (WitnessAnswer answer : state.answers().values()) {
      Optional<TreeHash> root = replayed.apply(answer.size());
      if (root.isEmpty()) {
        return new Decision.Pass();
      }
      if (!HexFormat.of().formatHex(root.get().bytes()).equals(answer.root())) {
        return new Decision.Fork(
            Refusal.of(
                Code.LOG_INCONSISTENT,
                answer.witness() + " cosigned another tree at size " + answer.size()));
      }
    }
    Optional<TreeHash> own = replayed.apply(state.memory().size());
    if (own.isEmpty()) {
      return new Decision.Pass();
    }
    if (!own.get().equals(state.memory().root())) {
      return new Decision.Fork(
          Refusal.of(Code.LOG_INCONSISTENT, "another tree than this witness cosigned"));
    }
    // What the largest answer names was cosigned by an honest witness; whatever this one signed
    // before its disk was set back is on the same branch, and only growth from here is signed.
    long size = state.memory().size();
    TreeHash root = state.memory().root();
    for (WitnessAnswer answer : state.answers().values()) {
      if (answer.size() > size) {
        size = answer.size();
        root = replayed.apply(size).orElseThrow();
      }
    }
    WitnessMemory memory = new WitnessMemory(state.memory().origin(), size, root);
    return new Decision.Cosign(
        new WitnessState(memory, state.nonce(), state.answers(), true),
        new Checkpoint(memory.origin(), size, root));
  }
}
