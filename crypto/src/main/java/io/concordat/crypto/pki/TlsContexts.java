package io.concordat.crypto.pki;

import io.concordat.crypto.InvariantViolation;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS contexts of the JDK from an identity and the roots a peer may chain to. */
public final class TlsContexts {
  private TlsContexts() {}

  /** For a side that shows a certificate and checks the other's. TLS 1.3 only. */
  public static SSLContext mutual(TlsIdentity identity, List<X509Certificate> roots) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {new OneIdentity(identity)}, trust(roots).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK makes a TLS context of these", e);
    }
  }

  /** For a client without a certificate, such as a person's command line. TLS 1.3 only. */
  public static SSLContext client(List<X509Certificate> roots) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, trust(roots).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK makes a TLS context of these", e);
    }
  }

  private static TrustManagerFactory trust(List<X509Certificate> roots)
      throws GeneralSecurityException {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(KeyStores.trustStore(roots));
    return trust;
  }
}
