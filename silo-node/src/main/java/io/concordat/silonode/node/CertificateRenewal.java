package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.CertificateAsk;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.Dialler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Asks for the next certificate when half of the present one's life is over, or its key is to move
 * into a token, and dials with it as soon as it has come: no restart, no job that waits. It also
 * takes up a key store that somebody replaced on disk.
 *
 * <p>The certificate is asked for again at each turn until it comes; asking twice is the same.
 */
final class CertificateRenewal implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CertificateRenewal.class);

  private final String institution;
  private final NodeTls tls;
  private final Dialler dialler;
  private final AggregatorLink link;
  private final SigningKey nodeKey;
  private final NodeCertificateFiles files;
  private final InstantSource clock;
  private final Duration every;
  private final Thread thread;
  private FileTime read = FileTime.fromMillis(0);
  private volatile Optional<X509Certificate> present = Optional.empty();
  private Optional<String> told = Optional.empty();

  CertificateRenewal(
      SiloHome silo,
      String institution,
      NodeTls tls,
      Dialler dialler,
      AggregatorLink link,
      SigningKey nodeKey,
      Randomness randomness,
      InstantSource clock,
      Duration every) {
    this.institution = institution;
    this.tls = tls;
    this.dialler = dialler;
    this.link = link;
    this.nodeKey = nodeKey;
    this.files = new NodeCertificateFiles(silo, randomness);
    this.clock = clock;
    this.every = every;
    this.thread = Thread.ofVirtual().name("renewal").unstarted(this::run);
  }

  void start() throws IOException, DecodeException {
    read = Files.getLastModifiedTime(files.currentFile());
    present = Optional.of(tls.identity().certificate());
    thread.start();
  }

  /** What is wrong with the present certificate, in a sentence. */
  Optional<String> trouble() {
    Instant now = clock.instant();
    return present
        .filter(certificate -> !Certificates.validAt(certificate, now))
        .map(certificate ->
            "This node's TLS certificate is valid from "
                + certificate.getNotBefore().toInstant()
                + " until "
                + certificate.getNotAfter().toInstant()
                + ", here it is "
                + now.truncatedTo(ChronoUnit.SECONDS)
                + ": compare the clock, or ask the aggregator's operator for a new invitation and"
                + " run 'concordat silo init --bootstrap FILE'.");
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        once();
        Thread.sleep(every);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private void once() throws InterruptedException {
    try {
      takeUp();
      TlsIdentity identity = tls.identity();
      present = Optional.of(identity.certificate());
      tell();
      if (!files.due(identity, clock.instant())) {
        return;
      }
      link.askCertificate(
          CertificateAsk.sign(files.ask(institution), nodeKey.verifyingKey(), nodeKey::sign)
              .json());
      Optional<String> issued = link.certificate();
      if (issued.isPresent()) {
        TlsIdentity next = files.install(issued.get(), institution, clock.instant());
        takeUp();
        LOG.infof(
            "New TLS certificate, valid until %s%s",
            next.certificate().getNotAfter().toInstant(),
            next.isHeld() ? "; the token holds its key" : "");
      }
    } catch (IOException | DecodeException failed) {
      LOG.warnf("The TLS certificate was not renewed; tried again: %s", failed.getMessage());
    }
  }

  /**
   * One line for each certificate that cannot be used. The aggregator says so, too, but its alert
   * may be lost when the connection closes.
   */
  private void tell() {
    Optional<String> trouble = trouble();
    if (trouble.isPresent() && told.isEmpty()) {
      LOG.warn(trouble.get());
    }
    told = trouble;
  }

  /** Dials with what the key store has now, if it was written since it was last read. */
  private void takeUp() throws IOException, DecodeException {
    FileTime written = Files.getLastModifiedTime(files.currentFile());
    if (!written.equals(read)) {
      dialler.use(tls.context());
      present = Optional.of(tls.identity().certificate());
      read = written;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
