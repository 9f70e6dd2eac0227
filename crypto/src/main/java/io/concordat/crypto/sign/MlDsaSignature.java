package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An ML-DSA signature with the key that made it; the key travels along because files name it by its
 * fingerprint only. Whose key it is, whoever asks must know from elsewhere.
 */
public final class MlDsaSignature {
  private final MlDsaKey key;
  private final byte[] bytes;

  MlDsaSignature(MlDsaKey key, byte[] bytes) {
    this.key = key;
    this.bytes = bytes;
  }

  /** Reads a signature of category 3; nothing is verified. */
  public static MlDsaSignature of(byte[] key, byte[] signature) throws DecodeException {
    MlDsaKey.Level level = MlDsaKey.Level.ML_DSA_65;
    if (signature.length != level.signatureBytes()) {
      throw new DecodeException(
          "a signature of "
              + level
              + " has "
              + level.signatureBytes()
              + " bytes, not "
              + signature.length);
    }
    return new MlDsaSignature(MlDsaKey.of(level, key), signature.clone());
  }

  public MlDsaKey key() {
    return key;
  }

  /** The signature, a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether it holds over {@code domain || message} by the key that came with it. */
  public boolean holds(String domain, byte[] message) {
    return key.verify(domain, message, bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MlDsaSignature that
        && key.equals(that.key)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "signature by " + key;
  }
}
