package io.concordat.crypto.box;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * A holder's key pair for the boxes of one job and epoch. All of it follows from 32 secret bytes
 * (X-Wing's decapsulation key), which live in one file outside the database; when that file is
 * overwritten no stored box opens again.
 */
public final class BoxKeyPair implements Destroyable {
  /** Length of the secret. */
  public static final int SECRET_BYTES = 32;

  private final byte[] secret;
  private final BoxPublicKey publicKey;
  private @Nullable XWingPrivateKeyParameters expanded;

  private BoxKeyPair(byte[] secret) {
    this.secret = secret;
    AsymmetricCipherKeyPair pair = HpkeBase.keyPair(secret);
    this.publicKey =
        BoxPublicKey.computed(((XWingPublicKeyParameters) pair.getPublic()).getEncoded());
    this.expanded = (XWingPrivateKeyParameters) pair.getPrivate();
  }

  /** The pair of 32 secret bytes, fresh from a source or read back from their file. Copied. */
  public static BoxKeyPair generate(byte[] secret) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a box key's secret has " + SECRET_BYTES + " bytes, not " + secret.length);
    }
    return new BoxKeyPair(secret.clone());
  }

  /** The half that is published. It stays readable after {@link #destroy}. */
  public BoxPublicKey publicKey() {
    return publicKey;
  }

  /**
   * The key as HPKE wants it. Bouncy Castle's objects cannot be wiped, so none is kept after {@link
   * #destroy}.
   */
  XWingPrivateKeyParameters expanded() {
    synchronized (secret) {
      XWingPrivateKeyParameters key = expanded;
      if (key == null) {
        throw new IllegalStateException("this box key was destroyed");
      }
      return key;
    }
  }

  @Override
  public void destroy() {
    synchronized (secret) {
      Arrays.fill(secret, (byte) 0);
      expanded = null;
    }
  }

  @Override
  public boolean isDestroyed() {
    synchronized (secret) {
      return expanded == null;
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "BoxKeyPair of " + publicKey.digest();
  }
}
