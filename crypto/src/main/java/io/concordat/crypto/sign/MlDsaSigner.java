package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.random.Hkdf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * The ML-DSA companion of a {@link SigningKey}: a secret key expanded from the same 32 bytes.
 *
 * <p>One secret for both, so that a key store, a token and a key ceremony stay what they are. It
 * costs nothing against the attacker whom ML-DSA is for: breaking Ed25519 gives its scalar, half of
 * SHA-512 of the seed (RFC 8032 5.1.5), and from there back to the seed lies a preimage of 256
 * bits, which a quantum computer finds no faster than in 2^128 steps (Grover, 1996). Whoever steals
 * the seed itself has both keys, as whoever steals a file with two keys.
 *
 * <p>Signatures are deterministic (FIPS 204 3.4 permits it), as those of Ed25519.
 */
public final class MlDsaSigner {
  private final MlDsaKey key;
  private final MLDSAPrivateKeyParameters secret;

  private MlDsaSigner(MlDsaKey key, MLDSAPrivateKeyParameters secret) {
    this.key = key;
    this.secret = secret;
  }

  /** The companion of a seed; each level has a key of its own. */
  static MlDsaSigner companion(byte[] seed, MlDsaKey.Level level) {
    String label =
        switch (level) {
          case ML_DSA_44 -> "concordat/ml-dsa-44/1";
          case ML_DSA_65 -> "concordat/ml-dsa-65/1";
        };
    byte[] xi = Hkdf.sha512(seed, label.getBytes(StandardCharsets.US_ASCII), 32);
    try {
      MLDSAPrivateKeyParameters secret = new MLDSAPrivateKeyParameters(level.parameters(), xi);
      return new MlDsaSigner(MlDsaKey.of(level, secret.getPublicKey()), secret);
    } catch (DecodeException e) {
      throw new InvariantViolation("a computed public key was refused", e);
    } finally {
      Arrays.fill(xi, (byte) 0);
    }
  }

  /** The public half. */
  public MlDsaKey key() {
    return key;
  }

  /** Signs {@code domain || bytes}. */
  public MlDsaSignature sign(String domain, byte[] bytes) {
    return new MlDsaSignature(key, signMessage(Domain.message(domain, bytes)));
  }

  /**
   * Signs the message of a foreign format, such as a checkpoint's.
   *
   * @throws IllegalArgumentException if it begins like one of our own
   */
  public byte[] signForeign(byte[] message) {
    if (Domain.looksSeparated(message)) {
      throw new IllegalArgumentException(
          "a foreign message must not begin with \"" + Domain.PREFIX + "\"");
    }
    return signMessage(message);
  }

  private byte[] signMessage(byte[] message) {
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, secret);
    signer.update(message, 0, message.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new InvariantViolation("an ML-DSA signature of a sound key failed", e);
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "MlDsaSigner of " + key;
  }
}
