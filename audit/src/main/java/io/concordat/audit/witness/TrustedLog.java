package io.concordat.audit.witness;

import io.concordat.audit.note.KnownKeys;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.NoteVerdict;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.note.VerifiedSignature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A log as the members agreed to trust it: its origin, its own keys, whose cosignatures count, and
 * how many institutions are enough.
 *
 * <p>An institution counts once, however many nodes and keys it has, and a key or key name belongs
 * to one institution; otherwise one member could make a quorum out of itself.
 */
public final class TrustedLog {
  private final String origin;
  private final KnownKeys logKeys;
  private final KnownKeys allKeys;
  private final Map<NoteKey, String> institutionByKey;
  private final QuorumRule rule;

  private TrustedLog(
      String origin,
      KnownKeys logKeys,
      KnownKeys allKeys,
      Map<NoteKey, String> institutionByKey,
      QuorumRule rule) {
    this.origin = origin;
    this.logKeys = logKeys;
    this.allKeys = allKeys;
    this.institutionByKey = institutionByKey;
    this.rule = rule;
  }

  /**
   * @param logKeys types 0x01 and 0x06, at least one
   * @param witnesses by institution, types 0x04 and 0x06, at least one key each
   */
  public static TrustedLog of(
      String origin,
      Collection<NoteKey> logKeys,
      Map<String, ? extends Collection<NoteKey>> witnesses,
      QuorumRule rule) {
    if (logKeys.isEmpty()) {
      throw new IllegalArgumentException("a log without keys of its own cannot be trusted");
    }
    for (NoteKey key : logKeys) {
      if (key.type() == SignatureType.COSIGNATURE_V1) {
        throw new IllegalArgumentException("a cosigner's key as the log's own: " + key);
      }
    }
    if (witnesses.size() != rule.witnesses()) {
      throw new IllegalArgumentException(
          "the rule counts %d witnesses, the list %d"
              .formatted(rule.witnesses(), witnesses.size()));
    }
    List<NoteKey> all = new ArrayList<>(logKeys);
    Map<NoteKey, String> institutionByKey = new HashMap<>();
    Map<String, String> institutionByName = new HashMap<>();
    witnesses.forEach((institution, keys) -> {
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("witness " + institution + " has no key");
      }
      for (NoteKey key : keys) {
        if (!key.type().dated()) {
          throw new IllegalArgumentException("not a cosigner's key: " + key);
        }
        String other = institutionByName.putIfAbsent(key.name(), institution);
        if (other != null && !other.equals(institution)) {
          throw new IllegalArgumentException(
              "%s and %s share the key name %s".formatted(other, institution, key.name()));
        }
        all.add(key);
        institutionByKey.put(key, institution);
      }
    });
    // KnownKeys refuses a public key that stands twice, across log and witnesses alike.
    KnownKeys allKeys = KnownKeys.of(all);
    return new TrustedLog(
        origin, KnownKeys.of(logKeys), allKeys, Map.copyOf(institutionByKey), rule);
  }

  public String origin() {
    return origin;
  }

  public QuorumRule rule() {
    return rule;
  }

  /** The log's own keys, all that a witness looks at. */
  public KnownKeys logKeys() {
    return logKeys;
  }

  public QuorumVerdict evaluate(SignedCheckpoint signed, NoteVerifier verifier) {
    if (!signed.checkpoint().origin().equals(origin)) {
      return new QuorumVerdict.Refused(
          QuorumVerdict.Reason.OTHER_ORIGIN,
          "expected origin %s, found %s".formatted(origin, signed.checkpoint().origin()));
    }
    return switch (allKeys.verify(signed, verifier)) {
      case NoteVerdict.BadSignature(NoteKey key) ->
          new QuorumVerdict.Refused(
              QuorumVerdict.Reason.BAD_SIGNATURE,
              "a signature in the name of " + key + " is false");
      case NoteVerdict.NoKnownSignature() -> notSignedByLog();
      case NoteVerdict.Verified verified -> count(signed, verified.signatures());
    };
  }

  private QuorumVerdict count(SignedCheckpoint signed, List<VerifiedSignature> signatures) {
    Set<String> institutions = new TreeSet<>();
    Set<NoteKey> byLog = new HashSet<>();
    for (VerifiedSignature signature : signatures) {
      String institution = institutionByKey.get(signature.key());
      if (institution == null) {
        byLog.add(signature.key());
      } else {
        institutions.add(institution);
      }
    }
    if (byLog.isEmpty()) {
      return notSignedByLog();
    }
    int missing = rule.quorum() - institutions.size();
    return missing <= 0
        ? new QuorumVerdict.Reached(signed.checkpoint(), institutions)
        : new QuorumVerdict.Short(signed.checkpoint(), institutions, missing);
  }

  private static QuorumVerdict notSignedByLog() {
    return new QuorumVerdict.Refused(
        QuorumVerdict.Reason.NOT_SIGNED_BY_LOG, "no signature by a key of the log");
  }
}
