package io.concordat.audit.witness;

import io.concordat.audit.note.Checkpoint;
import java.util.Set;

/** What a checkpoint's signatures amount to under a federation's rule. */
public sealed interface QuorumVerdict {
  /** Signed by the log and by enough institutions. */
  record Reached(Checkpoint checkpoint, Set<String> institutions) implements QuorumVerdict {
    public Reached {
      institutions = Set.copyOf(institutions);
    }
  }

  /** In order so far; more institutions have to cosign. */
  record Short(Checkpoint checkpoint, Set<String> institutions, int missing)
      implements QuorumVerdict {
    public Short {
      institutions = Set.copyOf(institutions);
    }
  }

  /** Not a checkpoint to wait with. */
  record Refused(Reason reason, String detail) implements QuorumVerdict {}

  /** Why a checkpoint is refused. */
  enum Reason {
    OTHER_ORIGIN,
    BAD_SIGNATURE,
    NOT_SIGNED_BY_LOG
  }
}
