package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.random.Randomness;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A secret Ed25519 key (RFC 8032 5.1). Not a record: it does not print, compare or copy itself, and
 * after {@link #destroy} it refuses to sign.
 */
public final class SigningKey implements Destroyable {
  /** Bytes of the secret seed, of a public key, and of half a signature. */
  public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  private final byte[] publicBytes;
  private final VerifyingKey verifyingKey;
  private boolean destroyed;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    this.publicBytes = new byte[VerifyingKey.BYTES];
    Ed25519.generatePublicKey(seed, 0, publicBytes, 0);
    try {
      this.verifyingKey = VerifyingKey.of(publicBytes);
    } catch (DecodeException e) {
      throw new InvariantViolation("a computed public key was refused", e);
    }
  }

  /** A fresh key from 32 bytes of the given source. */
  public static SigningKey generate(Randomness randomness) {
    byte[] seed = new byte[SEED_BYTES];
    randomness.fill(seed);
    return new SigningKey(seed);
  }

  /** The key of a 32-byte seed (RFC 8032's private key). The array is copied. */
  public static SigningKey fromSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException(
          "an Ed25519 seed has " + SEED_BYTES + " bytes, not " + seed.length);
    }
    return new SigningKey(seed.clone());
  }

  /** The public half. It stays readable after {@link #destroy}. */
  public VerifyingKey verifyingKey() {
    return verifyingKey;
  }

  /** The secret ML-DSA key that belongs to the same seed; it outlives {@link #destroy}. */
  public MlDsaSigner mlDsa(MlDsaKey.Level level) {
    synchronized (seed) {
      requireAlive();
      return MlDsaSigner.companion(seed, level);
    }
  }

  /** What a policy names of this signer: both public halves. */
  public PublicKeys publicKeys() {
    return new PublicKeys(
        verifyingKey, Optional.of(mlDsa(MlDsaKey.Level.ML_DSA_65).key().fingerprint()));
  }

  /**
   * Signs {@code domain || bytes}.
   *
   * @param domain {@code concordat/<type>/<digit>}, from the table of statement types
   * @return 64 bytes, always the same for the same input
   */
  public byte[] sign(String domain, byte[] bytes) {
    return signMessage(Domain.message(domain, bytes));
  }

  /**
   * Signs the bytes of a format whose first bytes are not ours to choose: a checkpoint or
   * cosignature (C2SP), an HTTP message signature's base (RFC 9421), a certificate.
   *
   * @throws IllegalArgumentException if the message begins like one of our own domains: such a
   *     signature could be shown as one on a statement nobody signed
   */
  public byte[] signForeign(byte[] message) {
    if (Domain.looksSeparated(message)) {
      throw new IllegalArgumentException(
          "a foreign message must not begin with \"" + Domain.PREFIX + "\"");
    }
    return signMessage(message);
  }

  private byte[] signMessage(byte[] message) {
    byte[] signature = new byte[VerifyingKey.SIGNATURE_BYTES];
    // The lock keeps destroy() from zeroing half the seed under a running signature.
    synchronized (seed) {
      requireAlive();
      Ed25519.sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
    }
    // It comes back in the log and with every reply that shows it.
    GoodSignatures.add(GoodSignatures.question(publicBytes, signature, message));
    return signature;
  }

  /** A copy of the secret seed, for the key file alone; the caller zeroes it. */
  byte[] copySeed() {
    synchronized (seed) {
      requireAlive();
      return seed.clone();
    }
  }

  private void requireAlive() {
    if (destroyed) {
      throw new IllegalStateException("this signing key was destroyed");
    }
  }

  @Override
  public void destroy() {
    synchronized (seed) {
      Arrays.fill(seed, (byte) 0);
      destroyed = true;
    }
  }

  @Override
  public boolean isDestroyed() {
    synchronized (seed) {
      return destroyed;
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "SigningKey of " + verifyingKey;
  }
}
