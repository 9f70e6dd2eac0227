package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.util.Arrays;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.jspecify.annotations.Nullable;

/**
 * A public ML-DSA key (FIPS 204), pure, with an empty context.
 *
 * <p>It stands beside an Ed25519 key and never instead of one: whoever wants to forge what both
 * signed has to break both. Files name it by its {@link #fingerprint}, since the key itself is 40
 * times as long as one of Ed25519 and has to be read by people.
 */
public final class MlDsaKey {
  /** Strengths in use, with the lengths that FIPS 204 table 2 gives. */
  public enum Level {
    /** Category 2: signatures on checkpoints, whose format knows no other. */
    ML_DSA_44(1312, 2420, MLDSAParameters.ml_dsa_44),
    /** Category 3: policies, endorsements, releases. */
    ML_DSA_65(1952, 3309, MLDSAParameters.ml_dsa_65);

    private final int keyBytes;
    private final int signatureBytes;
    private final MLDSAParameters parameters;

    Level(int keyBytes, int signatureBytes, MLDSAParameters parameters) {
      this.keyBytes = keyBytes;
      this.signatureBytes = signatureBytes;
      this.parameters = parameters;
    }

    public int keyBytes() {
      return keyBytes;
    }

    public int signatureBytes() {
      return signatureBytes;
    }

    MLDSAParameters parameters() {
      return parameters;
    }
  }

  private final Level level;
  private final byte[] encoded;

  private MlDsaKey(Level level, byte[] encoded) {
    this.level = level;
    this.encoded = encoded;
  }

  /** Every string of the right length is a key (FIPS 204, algorithm 23). */
  public static MlDsaKey of(Level level, byte[] encoded) throws DecodeException {
    if (encoded.length != level.keyBytes) {
      throw new DecodeException(
          "a key of " + level + " has " + level.keyBytes + " bytes, not " + encoded.length);
    }
    return new MlDsaKey(level, encoded.clone());
  }

  public Level level() {
    return level;
  }

  /** A copy of the encoded key. */
  public byte[] bytes() {
    return encoded.clone();
  }

  /** SHA-256 of the encoded key: its name wherever people read. */
  public Digest fingerprint() {
    return Digests.sha256(encoded);
  }

  /** Whether {@code signature} is this key's over {@code domain || bytes}. */
  public boolean verify(String domain, byte[] bytes, byte[] signature) {
    return verifyMessage(Domain.message(domain, bytes), signature);
  }

  /** Whether {@code signature} is this key's over a message of a foreign format. */
  public boolean verifyForeign(byte[] message, byte[] signature) {
    return !Domain.looksSeparated(message) && verifyMessage(message, signature);
  }

  private boolean verifyMessage(byte[] message, byte[] signature) {
    if (signature.length != level.signatureBytes) {
      return false;
    }
    MLDSASigner verifier = new MLDSASigner();
    verifier.init(false, new MLDSAPublicKeyParameters(level.parameters, encoded));
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MlDsaKey key
        && level == key.level
        && Arrays.equals(encoded, key.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return level + " " + fingerprint();
  }
}
