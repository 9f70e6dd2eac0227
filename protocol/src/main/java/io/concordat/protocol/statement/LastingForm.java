package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.protocol.json.JsonObject;
import java.util.Optional;

/** An ML-DSA signature with its key, as a member {@code mldsa} of whatever it stands beside. */
public final class LastingForm {
  private static final String NAME = "mldsa";

  private LastingForm() {}

  /** The member's object. */
  public static JsonObject json(MlDsaSignature signature) {
    return JsonObject.builder()
        .put("key", signature.key().bytes())
        .put("signature", signature.bytes())
        .build();
  }

  /** The object's second signature, if it has one. Nothing is verified. */
  public static Optional<MlDsaSignature> read(JsonObject o) throws DecodeException {
    if (!o.has(NAME)) {
      return Optional.empty();
    }
    JsonObject second = o.object(NAME).only("key", "signature");
    MlDsaKey.Level level = MlDsaKey.Level.ML_DSA_65;
    return Optional.of(
        MlDsaSignature.of(
            second.bytes("key", level.keyBytes()),
            second.bytes("signature", level.signatureBytes())));
  }
}
