package io.concordat.audit.note;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys somebody trusts on a note.
 *
 * <p>One public key stands under one name only: a 0x04 message does not contain the cosigner's
 * name, so a key under two names would let one signature count as two cosigners.
 */
public final class KnownKeys {
  private final List<NoteKey> keys;

  private KnownKeys(List<NoteKey> keys) {
    this.keys = keys;
  }

  public static KnownKeys of(Collection<NoteKey> keys) {
    List<NoteKey> list = List.copyOf(keys);
    for (int i = 0; i < list.size(); i++) {
      for (int j = 0; j < i; j++) {
        NoteKey a = list.get(j);
        NoteKey b = list.get(i);
        if (a.equals(b)) {
          throw new IllegalArgumentException("key " + a + " is listed twice");
        }
        if (a.sharesKeyWith(b)) {
          throw new IllegalArgumentException("one public key under two names: " + a + ", " + b);
        }
        if (a.id() == b.id() && a.name().equals(b.name())) {
          throw new IllegalArgumentException("two keys cannot be told apart: " + a);
        }
      }
    }
    return new KnownKeys(list);
  }

  public List<NoteKey> keys() {
    return keys;
  }

  /**
   * Checks every signature under a known name and id. A second good line of one key is allowed and
   * counted once, with its newest time; a second bad one rejects as a first would.
   */
  public NoteVerdict verify(SignedCheckpoint signed, NoteVerifier verifier) {
    Map<NoteKey, VerifiedSignature> good = new LinkedHashMap<>();
    for (SignatureLine line : signed.signatures()) {
      for (NoteKey key : keys) {
        if (key.made(line)) {
          Optional<VerifiedSignature> verified =
              CheckpointSignatures.verify(key, line, signed.checkpoint(), verifier);
          if (verified.isEmpty()) {
            return new NoteVerdict.BadSignature(key);
          }
          good.merge(key, verified.get(), KnownKeys::newer);
        }
      }
    }
    return good.isEmpty()
        ? new NoteVerdict.NoKnownSignature()
        : new NoteVerdict.Verified(new ArrayList<>(good.values()));
  }

  private static VerifiedSignature newer(VerifiedSignature a, VerifiedSignature b) {
    return b.second().orElse(0) > a.second().orElse(0) ? b : a;
  }
}
