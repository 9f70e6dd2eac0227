package io.concordat.homes.token;

import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.homes.Home;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;

/**
 * TLS keys that are made in a token and never leave it. A key's name in the token follows from its
 * public half, so a certificate finds its key, and the file with the certificates decides alone
 * which key is in use: changing keys is replacing one file.
 *
 * <p>Bounds: at most two keys of a home lie in its token, the one in use and the one asked for.
 */
public final class HeldKeys {
  private static final String PREFIX = "concordat-tls-";
  private static final int NAME_HEX = 24;

  private final HardwareToken token;

  private HeldKeys(HardwareToken token) {
    this.token = token;
  }

  /** Those in the token that the home names. */
  public static HeldKeys open(Home home) throws IOException {
    return new HeldKeys(HardwareToken.open(home));
  }

  private static String name(X509Certificate certificate) {
    return PREFIX + Certificates.keyDigest(certificate).hex().substring(0, NAME_HEX);
  }

  /** Makes a key in the token, under a certificate that opens nothing. */
  public TlsIdentity make(String institution) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", token.provider());
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      // An object of this session only; storing it makes the one that lasts.
      KeyPair made = generator.generateKeyPair();
      TlsIdentity awaiting =
          TlsIdentity.awaiting(
              TlsKey.held(made.getPrivate(), made.getPublic(), token.provider()), institution);
      X509Certificate own = awaiting.certificate();
      token.store().setKeyEntry(name(own), made.getPrivate(), null, new X509Certificate[] {own});
      return identity(List.of(own));
    } catch (GeneralSecurityException | ProviderException failed) {
      throw new IOException("the token makes no TLS key: " + failed.getMessage(), failed);
    }
  }

  /** The identity of these certificates, whose key the token holds. */
  public TlsIdentity identity(List<X509Certificate> chain) throws IOException {
    X509Certificate own = chain.getFirst();
    try {
      if (!(token.store().getKey(name(own), null) instanceof PrivateKey key)) {
        throw new IOException("the token has no key \"" + name(own) + "\"; is it the right one?");
      }
      return new TlsIdentity(TlsKey.held(key, own.getPublicKey(), token.provider()), chain);
    } catch (GeneralSecurityException | ProviderException failed) {
      throw new IOException("the token gives no TLS key: " + failed.getMessage(), failed);
    }
  }

  /** Destroys a key that is in use no more; one that is gone is gone. */
  public void destroy(X509Certificate certificate) throws IOException {
    try {
      if (token.store().containsAlias(name(certificate))) {
        token.store().deleteEntry(name(certificate));
      }
    } catch (GeneralSecurityException | ProviderException failed) {
      throw new IOException("the token keeps a TLS key: " + failed.getMessage(), failed);
    }
  }
}
