package io.concordat.aggregator.people;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.pki.NodeName;
import io.concordat.homes.Home;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.quarkus.arc.Unremovable;
import io.quarkus.tls.runtime.TrustStoreAndTrustOptions;
import io.quarkus.tls.runtime.TrustStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom TLS lets in: nodes whose certificate the federation's authority issued and that has not
 * ended. The JDK decides; what is added here is that a refusal in the handshake is written down,
 * since no request ever follows it that could be answered.
 */
@Unremovable
@ApplicationScoped
@Identifier("concordat")
public class NodeDoor implements TrustStoreProvider {
  private static final int SHOWN = 100;

  private final Home home;
  private final Instance<RefusedCalls> refusals;
  private final InstantSource clock;

  NodeDoor(Home home, Instance<RefusedCalls> refusals, InstantSource clock) {
    this.home = home;
    this.refusals = refusals;
    this.clock = clock;
  }

  /** Called at the start, and again with each look for a replaced key store. */
  @Override
  public TrustStoreAndTrustOptions getTrustStore(Vertx vertx) {
    try {
      List<X509Certificate> roots =
          Certificates.fromPem(Files.readString(home.authorityFile(), StandardCharsets.US_ASCII));
      KeyStore store = KeyStores.trustStore(roots);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      X509ExtendedTrustManager deciding = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
      return new TrustStoreAndTrustOptions(store, TrustOptions.wrap(new Telling(deciding, roots)));
    } catch (DecodeException bad) {
      throw new IllegalStateException(home.authorityFile() + ": " + bad.getMessage(), bad);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable.getMessage(), unreadable);
    } catch (GeneralSecurityException | ClassCastException unusual) {
      throw new IllegalStateException("this JDK checks no certificates", unusual);
    }
  }

  private void refused(X509Certificate certificate, List<X509Certificate> roots) {
    Instant now = clock.instant();
    try {
      Certificates.requireIssuedBy(certificate, roots);
    } catch (DecodeException foreign) {
      refusals
          .get()
          .noteConnection(
              Optional.empty(),
              Refusal.of(
                  Code.AUTH_FAILED,
                  "its certificate ("
                      + plain(certificate.getSubjectX500Principal().getName())
                      + ", issued by "
                      + plain(certificate.getIssuerX500Principal().getName())
                      + ") is not of the federation's authority"));
      return;
    }
    boolean ended = !Certificates.validAt(certificate, now);
    refusals
        .get()
        .noteConnection(
            institution(certificate),
            ended
                ? Refusal.of(
                    Code.AUTH_EXPIRED,
                    "its certificate is valid from "
                        + certificate.getNotBefore().toInstant()
                        + " until "
                        + certificate.getNotAfter().toInstant()
                        + ", here it is "
                        + now)
                : Refusal.of(Code.AUTH_FAILED, "its certificate is not one to dial in with"));
  }

  private static Optional<String> institution(X509Certificate certificate) {
    try {
      return Optional.of(NodeName.of(certificate).institution());
    } catch (DecodeException notANode) {
      return Optional.empty();
    }
  }

  /** A stranger chose this text: it goes into a log line in printable ASCII, and not much of it. */
  private static String plain(String name) {
    String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "...";
  }

  /** Decides as the JDK does and tells of each "no". */
  private final class Telling extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager deciding;
    private final List<X509Certificate> roots;

    Telling(X509ExtendedTrustManager deciding, List<X509Certificate> roots) {
      this.deciding = deciding;
      this.roots = roots;
    }

    private interface Decision {
      void make() throws CertificateException;
    }

    private void tell(X509Certificate[] chain, Decision decision) throws CertificateException {
      try {
        decision.make();
      } catch (CertificateException refusal) {
        Arrays.stream(chain).findFirst().ifPresent(own -> refused(own, roots));
        throw refusal;
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      tell(chain, () -> deciding.checkClientTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      tell(chain, () -> deciding.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      tell(chain, () -> deciding.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      deciding.checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      deciding.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      deciding.checkServerTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return deciding.getAcceptedIssuers();
    }
  }
}
