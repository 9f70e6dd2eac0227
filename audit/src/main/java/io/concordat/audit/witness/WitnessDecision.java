package io.concordat.audit.witness;

import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.NoteSigner;
import io.concordat.audit.note.SignatureLine;
import java.time.Instant;

/** What a witness answers to a checkpoint; every refusal leaves its memory as it is. */
public sealed interface WitnessDecision {
  /** The status c2sp.org/tlog-witness gives the answer over HTTP. */
  int httpStatus();

  /**
   * Cosign, after remembering.
   *
   * <p>In one atomic step the store compares its memory with {@code expected} and replaces it by
   * {@code persist}; only then is anything signed. If it finds another memory, some other request
   * came between and this decision is void: decide again. A crash after persisting costs one
   * signature, which the next identical request gets; a crash before costs nothing.
   */
  record Cosign(WitnessMemory expected, WitnessMemory persist, Checkpoint checkpoint)
      implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 200;
    }

    /** To be called once {@link #persist} is durable, for each key of the witness. */
    public SignatureLine sign(NoteKey key, NoteSigner signer, Instant time) {
      if (!key.type().dated()) {
        throw new IllegalArgumentException("not a cosigner's key: " + key);
      }
      return CheckpointSignatures.sign(key, signer, checkpoint, time);
    }
  }

  /** A log this witness was never asked to watch. */
  record UnknownOrigin() implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 404;
    }
  }

  /** No key of the log signed, or a signature in the name of one is false. */
  record BadSignature() implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 403;
    }
  }

  /** The proof is said to start beyond its end. */
  record OldSizeBeyondCheckpoint() implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 400;
    }
  }

  /** The witness stands elsewhere; the body of the answer is the size it knows and a newline. */
  record KnowsOtherSize(long knownSize) implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 409;
    }
  }

  /**
   * The log signed something that does not continue what the witness knows, or was not shown to.
   */
  record Unprocessable(Fault fault) implements WitnessDecision {
    @Override
    public int httpStatus() {
      return 422;
    }
  }

  /** Why a signed checkpoint is not cosigned. */
  enum Fault {
    /** Size 0 with a root other than the empty tree's. */
    FALSE_EMPTY_TREE,
    /** From nothing there is nothing to prove, so hashes here are somebody's mistake or trick. */
    PROOF_FROM_EMPTY_TREE,
    /** The head that is already cosigned, with another root: a fork, signed by the log. */
    OTHER_ROOT_AT_KNOWN_SIZE,
    /** The proof, or the entries replayed, do not lead from the known head to this one. */
    NOT_A_CONTINUATION
  }
}
