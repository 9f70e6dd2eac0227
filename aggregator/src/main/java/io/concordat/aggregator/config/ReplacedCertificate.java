package io.concordat.aggregator.config;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.homes.Home;
import io.concordat.homes.token.PasswordFile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes up the aggregator's certificate when its file was replaced; open connections stay.
 *
 * <p>The framework's own periodic reload would set TLS up again each time whether or not anything
 * changed, and a connection that comes in that moment is dropped (seen under load: Vert.x finds no
 * TLS settings while new ones are being made). So it is done when there is a reason.
 */
@ApplicationScoped
public class ReplacedCertificate {
  private static final Logger LOG = Logger.getLogger(ReplacedCertificate.class);
  private static final String NAME = "concordat";
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Home home;
  private final InstantSource clock;
  private final TlsConfigurationRegistry registry;
  private final Event<CertificateUpdatedEvent> updated;
  private final Thread thread = Thread.ofVirtual().name("certificate").unstarted(this::run);

  ReplacedCertificate(
      Home home,
      InstantSource clock,
      TlsConfigurationRegistry registry,
      Event<CertificateUpdatedEvent> updated) {
    this.home = home;
    this.clock = clock;
    this.registry = registry;
    this.updated = updated;
  }

  void start(@Observes StartupEvent started) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent stopping) {
    thread.interrupt();
  }

  private void run() {
    List<FileTime> read = List.of();
    Optional<String> told = Optional.empty();
    while (true) {
      try {
        List<FileTime> now = written();
        if (!read.isEmpty() && !now.equals(read)) {
          takeUp();
        }
        read = now;
        Optional<String> trouble = trouble();
        if (!trouble.equals(told)) {
          trouble.ifPresent(LOG::warn);
        }
        told = trouble;
      } catch (DecodeException | IOException | RuntimeException failed) {
        // The connections go on with what there was; looked at again in a moment.
        LOG.warnf("The replaced certificate was not taken up: %s", failed.getMessage());
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  /**
   * What keeps every node and person away. They see it at their end; whoever mends it reads here.
   */
  private Optional<String> trouble() throws IOException, DecodeException {
    X509Certificate own = certificate();
    return Certificates.validAt(own, clock.instant())
        ? Optional.empty()
        : Optional.of(
            "This aggregator's certificate is valid from "
                + own.getNotBefore().toInstant()
                + " until "
                + own.getNotAfter().toInstant()
                + ": nodes and people refuse it. Put in a new one: 'concordat pki server' at the"
                + " authority, 'concordat aggregator init --tls FILE' here");
  }

  private X509Certificate certificate() throws IOException, DecodeException {
    char[] password = PasswordFile.read(home, home.tlsPasswordFile());
    try {
      return TlsIdentity.load(home.tlsKeyStoreFile(), password).certificate();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private List<FileTime> written() throws IOException {
    return List.of(
        Files.getLastModifiedTime(home.tlsKeyStoreFile()),
        Files.getLastModifiedTime(home.authorityFile()));
  }

  private void takeUp() {
    TlsConfiguration tls =
        registry
            .get(NAME)
            .orElseThrow(() -> new IllegalStateException("no TLS configuration " + NAME));
    if (tls.reload()) {
      updated.fire(new CertificateUpdatedEvent(NAME, tls));
      LOG.info("Certificate replaced; new connections see the new one");
    }
  }
}
