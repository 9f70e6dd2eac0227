package io.concordat.protocol.policy;

import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;

/**
 * The public halves of a log's key, as a policy's {@code log} names them. All three come from one
 * secret.
 *
 * @param classic key line of Ed25519: every checkpoint, every statement of the aggregator
 * @param quantum key line of ML-DSA-44: checkpoints that are handed out
 * @param release {@code mldsa65:...}: releases
 */
public record LogKeys(String classic, String quantum, String release) {

  /** Those of a key under a log's origin. */
  public static LogKeys of(String origin, SigningKey key) {
    return new LogKeys(
        NoteKey.of(origin, SignatureType.ED25519, key.verifyingKey().bytes()).line(),
        NoteKey.of(
                origin,
                SignatureType.ML_DSA_44_SUBTREE,
                key.mlDsa(MlDsaKey.Level.ML_DSA_44).key().bytes())
            .line(),
        PublicKeys.quantumText(key.mlDsa(MlDsaKey.Level.ML_DSA_65).key().fingerprint()));
  }
}
