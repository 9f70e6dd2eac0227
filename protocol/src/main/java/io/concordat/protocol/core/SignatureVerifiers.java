package io.concordat.protocol.core;

import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.VerifyingKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The signature checks that module audit asks its user for. */
public final class SignatureVerifiers {
  private static final int REMEMBERED = 1024;

  private SignatureVerifiers() {}

  /** Ed25519; every other algorithm is no good signature. */
  public static final NoteVerifier ED25519 =
      (algorithm, publicKey, message, signature) -> {
        if (algorithm != SignatureType.Algorithm.ED25519) {
          return false;
        }
        try {
          return VerifyingKey.of(publicKey).verifyForeign(message, signature);
        } catch (DecodeException e) {
          return false;
        }
      };

  /**
   * The same, remembering its last answers: a checkpoint comes again with each further cosignature,
   * and whether a signature is good does not change. Not thread-safe.
   */
  static NoteVerifier remembering() {
    LinkedHashMap<Digest, Boolean> known =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > REMEMBERED;
          }
        };
    return (algorithm, publicKey, message, signature) ->
        known.computeIfAbsent(
            // Key and signature have fixed lengths, so no two questions share these bytes.
            Digests.sha256(publicKey, signature, message),
            d -> ED25519.verify(algorithm, publicKey, message, signature));
  }
}
