package io.concordat.verify;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.KnownKeys;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.NoteVerdict;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.note.VerifiedSignature;
import io.concordat.audit.tile.DirectoryLogFiles;
import io.concordat.audit.tile.LogCheck;
import io.concordat.audit.tile.TileReader;
import io.concordat.audit.witness.QuorumRule;
import io.concordat.audit.witness.QuorumVerdict;
import io.concordat.audit.witness.TrustedLog;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.policy.Policy;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whose log this is, who vouched for it, and whether its files are that log. */
final class LogStage {
  static final String SIGNED = "The log's head is signed by the log";
  static final String LASTING = "The log's head is signed with ML-DSA as well";
  static final String QUORUM = "Enough independent witnesses cosigned the log's head";
  static final String COMPLETE = "The log is complete: no entry altered, missing or added";

  private static final int MAX_NOTE_BYTES = 1 << 16;

  private static final NoteVerifier VERIFIER =
      (algorithm, publicKey, message, signature) -> {
        try {
          return switch (algorithm) {
            case ED25519 -> VerifyingKey.of(publicKey).verifyForeign(message, signature);
            case ML_DSA_44 ->
                MlDsaKey.of(MlDsaKey.Level.ML_DSA_44, publicKey).verifyForeign(message, signature);
          };
        } catch (DecodeException noKey) {
          return false;
        }
      };

  private LogStage() {}

  /**
   * The policy whose keys and witnesses the head must have: the one that the newest entry names.
   * Nothing is verified yet; replay demands of each entry that it names the policy in force there.
   */
  static Policy governing(PackFiles pack, TreeMap<Integer, Policy> versions) {
    Policy newest = versions.lastEntry().getValue();
    try {
      Optional<byte[]> note = pack.read(PackLayout.CHECKPOINT, MAX_NOTE_BYTES);
      if (note.isEmpty()) {
        return newest;
      }
      long size = SignedCheckpoint.parse(note.get()).checkpoint().size();
      byte[] leaf =
          new TileReader(DirectoryLogFiles.rebuildable(pack.root()), size).entry(size - 1);
      LogEntry last = LogEntry.read(pack.entry(leaf));
      return versions.values().stream()
          .filter(p -> p.digest().equals(last.policy()))
          .findFirst()
          .orElse(newest);
    } catch (IOException | DecodeException | IllegalArgumentException unreadable) {
      // The checks that follow say what is wrong with it.
      return newest;
    }
  }

  /** The checkpoint that all further checks stand on; empty if there is none to stand on. */
  static Optional<Checkpoint> run(PackFiles pack, Policy policy, List<Check> checks)
      throws IOException {
    Optional<byte[]> note;
    try {
      note = pack.read(PackLayout.CHECKPOINT, MAX_NOTE_BYTES);
    } catch (DecodeException tooLong) {
      checks.add(Check.failed(SIGNED, String.valueOf(tooLong.getMessage())));
      return Optional.empty();
    }
    if (note.isEmpty()) {
      checks.add(Check.failed(SIGNED, "not in the pack: " + PackLayout.CHECKPOINT));
      return Optional.empty();
    }
    SignedCheckpoint signed;
    TrustedLog log;
    try {
      signed = SignedCheckpoint.parse(note.get());
      log = trusted(policy);
    } catch (LogFormatException | IllegalArgumentException e) {
      checks.add(Check.failed(SIGNED, "the checkpoint does not read: " + e.getMessage()));
      return Optional.empty();
    }
    Checkpoint head = signed.checkpoint();
    String which = "head of " + head.size() + " entries of " + head.origin();
    int needed = log.rule().quorum();
    switch (log.evaluate(signed, VERIFIER)) {
      case QuorumVerdict.Refused(var _, String detail) -> {
        checks.add(Check.failed(SIGNED, which + ": " + detail));
        return Optional.empty();
      }
      case QuorumVerdict.Short(var _, var institutions, int missing) -> {
        checks.add(Check.passed(SIGNED, which + ", by the key in the policy"));
        checks.add(
            Check.failed(
                QUORUM,
                "cosigned by "
                    + sorted(institutions)
                    + ", needed are "
                    + needed
                    + " institutions; "
                    + missing
                    + " missing"));
      }
      case QuorumVerdict.Reached(var _, var institutions) -> {
        checks.add(Check.passed(SIGNED, which + ", by the key in the policy"));
        checks.add(
            Check.passed(
                QUORUM,
                institutions.size() + " of at least " + needed + ": " + sorted(institutions)));
      }
    }
    checks.add(lasting(signed, policy));
    checks.add(complete(pack, head));
    return Optional.of(head);
  }

  /** A head that is handed out carries the log's ML-DSA signature, where the policy names a key. */
  private static Check lasting(SignedCheckpoint signed, Policy policy) {
    Optional<NoteKey> named = ownKeys(policy, SignatureType.ML_DSA_44_SUBTREE).findFirst();
    if (named.isEmpty()) {
      return Check.passed(LASTING, "the policy names no such key of the log: Ed25519 alone");
    }
    return switch (KnownKeys.of(List.of(named.get())).verify(signed, VERIFIER)) {
      case NoteVerdict.Verified(List<VerifiedSignature> signatures) ->
          Check.passed(
              LASTING,
              "ML-DSA-44 by "
                  + named.get()
                  + ", made "
                  + Instant.ofEpochSecond(signatures.getFirst().second().orElse(0)));
      case NoteVerdict.NoKnownSignature() ->
          Check.failed(LASTING, "there is no signature by " + named.get());
      case NoteVerdict.BadSignature(NoteKey key) ->
          Check.failed(LASTING, "the signature in the name of " + key + " is false");
    };
  }

  private static Stream<NoteKey> ownKeys(Policy policy, SignatureType type) {
    return policy.log().keys().stream()
        .map(line -> {
          try {
            return NoteKey.parse(line);
          } catch (LogFormatException read) {
            throw new IllegalArgumentException("the reader let a bad key line pass", read);
          }
        })
        .filter(key -> key.type() == type);
  }

  private static Check complete(PackFiles pack, Checkpoint head) throws IOException {
    Tally files = new Tally(COMPLETE);
    for (LogCheck.Finding finding :
        LogCheck.findings(DirectoryLogFiles.rebuildable(pack.root()), head, 10)) {
      files.fault(finding.path(), finding.what());
    }
    return files.check(
        "all "
            + head.size()
            + " entries hashed again; the root is the signed one, "
            + head.root().base64());
  }

  private static String sorted(java.util.Set<String> institutions) {
    return String.join(", ", new java.util.TreeSet<>(institutions));
  }

  /** Witnesses cosign under the log's origin, a slash and their id, with their node keys. */
  static TrustedLog trusted(Policy policy) {
    // Quorums rest on Ed25519, with which every checkpoint is signed; ML-DSA has its own check.
    List<NoteKey> own = ownKeys(policy, SignatureType.ED25519).toList();
    Map<String, List<NoteKey>> witnesses = new TreeMap<>();
    policy
        .witnessKeys()
        .forEach((id, key) ->
            witnesses.put(
                id,
                List.of(
                    NoteKey.of(
                        policy.log().origin() + "/" + id,
                        SignatureType.COSIGNATURE_V1,
                        key.bytes()))));
    return TrustedLog.of(
        policy.log().origin(),
        own,
        witnesses,
        new QuorumRule(
            witnesses.size(), policy.keyHolders().maxCorrupt(), policy.log().witnessQuorum()));
  }
}
