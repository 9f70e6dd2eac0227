package io.concordat.audit.witness;

import io.concordat.audit.merkle.ConsistencyProof;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.KnownKeys;
import io.concordat.audit.note.NoteVerdict;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.witness.WitnessDecision.BadSignature;
import io.concordat.audit.witness.WitnessDecision.Cosign;
import io.concordat.audit.witness.WitnessDecision.Fault;
import io.concordat.audit.witness.WitnessDecision.KnowsOtherSize;
import io.concordat.audit.witness.WitnessDecision.OldSizeBeyondCheckpoint;
import io.concordat.audit.witness.WitnessDecision.UnknownOrigin;
import io.concordat.audit.witness.WitnessDecision.Unprocessable;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether to cosign, without doing it: a function of what the witness remembers and what it
 * is shown. INV-16: what it remembers is never answered by a smaller or another tree. The order of
 * the checks is that of c2sp.org/tlog-witness, so that an asker learns what to do next from the
 * status alone.
 */
public final class CheckpointWitness {
  private final String origin;
  private final KnownKeys logKeys;
  private final NoteVerifier verifier;

  public CheckpointWitness(String origin, KnownKeys logKeys, NoteVerifier verifier) {
    this.origin = origin;
    this.logKeys = logKeys;
    this.verifier = verifier;
  }

  /** Answers a request that carries its consistency proof. */
  public WitnessDecision decide(WitnessMemory memory, AddCheckpoint request) {
    requireOwn(memory);
    Checkpoint head = request.checkpoint().checkpoint();
    Optional<WitnessDecision> refusal = refuseStranger(request.checkpoint());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (request.oldSize() > head.size()) {
      return new OldSizeBeyondCheckpoint();
    }
    if (request.oldSize() != memory.size()) {
      return new KnowsOtherSize(memory.size());
    }
    if (falseEmptyTree(head)) {
      return new Unprocessable(Fault.FALSE_EMPTY_TREE);
    }
    if (memory.size() == 0) {
      // Everything continues the empty tree; an empty proof is the only one there is.
      return request.proof().isEmpty()
          ? cosign(memory, head)
          : new Unprocessable(Fault.PROOF_FROM_EMPTY_TREE);
    }
    if (head.size() == memory.size() && !head.root().equals(memory.root())) {
      return new Unprocessable(Fault.OTHER_ROOT_AT_KNOWN_SIZE);
    }
    return new ConsistencyProof(memory.size(), head.size(), request.proof())
            .verifies(memory.root(), head.root())
        ? cosign(memory, head)
        : new Unprocessable(Fault.NOT_A_CONTINUATION);
  }

  /**
   * The same for a node that has read every entry itself, which is stronger than any proof: it
   * knows not only that the log grew, but with what.
   *
   * @param known the frontier of the entries below the remembered head
   * @param added the entries since, up to the checkpoint's size
   */
  public WitnessDecision decideReplayed(
      WitnessMemory memory, MerkleFrontier known, List<byte[]> added, SignedCheckpoint signed) {
    requireOwn(memory);
    if (known.size() != memory.size() || !known.root().equals(memory.root())) {
      throw new IllegalArgumentException(
          "the replay stands at %d entries, the witness at %d; they must be the same tree"
              .formatted(known.size(), memory.size()));
    }
    Checkpoint head = signed.checkpoint();
    Optional<WitnessDecision> refusal = refuseStranger(signed);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (head.size() < memory.size()) {
      return new KnowsOtherSize(memory.size());
    }
    if (falseEmptyTree(head)) {
      return new Unprocessable(Fault.FALSE_EMPTY_TREE);
    }
    if (head.size() == memory.size() && !head.root().equals(memory.root())) {
      return new Unprocessable(Fault.OTHER_ROOT_AT_KNOWN_SIZE);
    }
    if (head.size() - memory.size() != added.size()
        || !known.appendAll(added).root().equals(head.root())) {
      return new Unprocessable(Fault.NOT_A_CONTINUATION);
    }
    return cosign(memory, head);
  }

  private Optional<WitnessDecision> refuseStranger(SignedCheckpoint signed) {
    if (!signed.checkpoint().origin().equals(origin)) {
      return Optional.of(new UnknownOrigin());
    }
    return switch (logKeys.verify(signed, verifier)) {
      case NoteVerdict.Verified _ -> Optional.empty();
      case NoteVerdict.BadSignature _ -> Optional.of(new BadSignature());
      case NoteVerdict.NoKnownSignature _ -> Optional.of(new BadSignature());
    };
  }

  private static boolean falseEmptyTree(Checkpoint head) {
    return head.size() == 0 && !head.root().equals(TreeHash.emptyTree());
  }

  private static Cosign cosign(WitnessMemory memory, Checkpoint head) {
    return new Cosign(memory, WitnessMemory.of(head), head);
  }

  private void requireOwn(WitnessMemory memory) {
    if (!memory.origin().equals(origin)) {
      throw new IllegalArgumentException(
          "the memory is of %s, this witness watches %s".formatted(memory.origin(), origin));
    }
  }
}
