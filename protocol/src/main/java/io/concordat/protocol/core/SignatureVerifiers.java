package io.concordat.protocol.core;

import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;

/** The signature checks that module audit asks its user for. */
public final class SignatureVerifiers {
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
}
