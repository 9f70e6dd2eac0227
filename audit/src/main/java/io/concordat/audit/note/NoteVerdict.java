package io.concordat.audit.note;

import java.util.List;

/** What the signatures of a checkpoint are worth to someone who knows certain keys. */
public sealed interface NoteVerdict {
  /** At least one known key signed well and none badly; each key appears once. */
  record Verified(List<VerifiedSignature> signatures) implements NoteVerdict {
    public Verified {
      signatures = List.copyOf(signatures);
    }

    public boolean isBy(NoteKey key) {
      return signatures.stream().anyMatch(signature -> signature.key().equals(key));
    }
  }

  /** A line under a known name and id that this key did not sign: the whole note is refused. */
  record BadSignature(NoteKey key) implements NoteVerdict {}

  /** Nobody known signed. */
  record NoKnownSignature() implements NoteVerdict {}
}
