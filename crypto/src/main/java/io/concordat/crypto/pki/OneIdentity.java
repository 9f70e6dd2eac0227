package io.concordat.crypto.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one identity. The JDK's own key managers want a key store, and one in memory cannot hold a
 * key that has no encoding because it lies in a token.
 */
final class OneIdentity extends X509ExtendedKeyManager {
  private static final String KEY_TYPE = "EC";

  private final TlsIdentity identity;
  private final PrivateKey key;

  OneIdentity(TlsIdentity identity) {
    this.identity = identity;
    this.key = identity.key().toJava();
  }

  /**
   * The alias, if the other side can use it: the key type fits, and one of its authorities, if it
   * names any, issued the certificate. A stranger who asks for a certificate learns nothing.
   */
  private @Nullable String fits(String[] keyTypes, Principal @Nullable [] issuers) {
    boolean type = Arrays.asList(keyTypes).contains(KEY_TYPE);
    boolean issuer =
        issuers == null
            || issuers.length == 0
            || identity.chain().stream()
                .anyMatch(c -> Arrays.asList(issuers).contains(c.getIssuerX500Principal()));
    return type && issuer ? TlsIdentity.ALIAS : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return fits(keyTypes, issuers);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return fits(keyTypes, issuers);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return fits(new String[] {keyType}, issuers);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return fits(new String[] {keyType}, issuers);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType, issuers);
  }

  private String @Nullable [] aliases(String keyType, Principal @Nullable [] issuers) {
    String alias = fits(new String[] {keyType}, issuers);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return alias.equals(TlsIdentity.ALIAS)
        ? identity.chain().toArray(X509Certificate[]::new)
        : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return alias.equals(TlsIdentity.ALIAS) ? key : null;
  }
}
