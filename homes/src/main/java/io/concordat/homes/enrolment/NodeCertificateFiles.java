package io.concordat.homes.enrolment;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.pki.NodeName;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.SiloHome;
import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node's TLS key and certificate on disk, and the next ones while they are asked for.
 *
 * <p>The next key waits in {@code keys/tls-next.p12} under a certificate that opens nothing. When
 * its certificate has come, the file takes the place of {@code keys/tls.p12} in one step: a crash
 * at any point leaves a node that can still dial in, and still knows which key it asked for.
 */
public final class NodeCertificateFiles {
  private final SiloHome silo;
  private final Randomness randomness;

  public NodeCertificateFiles(SiloHome silo, Randomness randomness) {
    this.silo = silo;
    this.randomness = randomness;
  }

  private Path next() {
    return silo.home().keys().resolve("tls-next.p12");
  }

  /** The identity that connections are made with; empty before the first certificate. */
  public Optional<TlsIdentity> current() throws IOException, DecodeException {
    return load(silo.home().tlsKeyStoreFile());
  }

  private Optional<TlsIdentity> load(Path file) throws IOException, DecodeException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    char[] password = password();
    try {
      return Optional.of(TlsIdentity.load(file, password));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /** Whether a certificate was asked for that has not come yet. */
  public boolean asked() {
    return Files.exists(next());
  }

  /** The request for the next certificate; makes its key on the first call. */
  public CertificateRequest ask(String institution) throws IOException, DecodeException {
    Optional<TlsIdentity> waiting = load(next());
    if (waiting.isPresent()) {
      return waiting.get().request(institution);
    }
    TlsIdentity made = TlsIdentity.awaiting(TlsKey.generate(randomness), institution);
    char[] password = password();
    try {
      made.save(next(), password);
    } finally {
      Arrays.fill(password, '\0');
    }
    return made.request(institution);
  }

  /**
   * Takes the certificate that was asked for.
   *
   * @param pem own certificate first
   * @return the identity that is in place now
   * @throws DecodeException if it is for another key, institution, root or time
   */
  public TlsIdentity install(String pem, String institution, Instant now)
      throws IOException, DecodeException {
    List<X509Certificate> chain = Certificates.fromPem(pem);
    X509Certificate own = chain.getFirst();
    if (!NodeName.of(own).institution().equals(institution)) {
      throw new DecodeException(
          "the certificate is for " + NodeName.of(own) + ", not " + institution);
    }
    Certificates.requireIssuedBy(
        own,
        Certificates.fromPem(
            Files.readString(silo.home().authorityFile(), StandardCharsets.US_ASCII)));
    if (!Certificates.validAt(own, now)) {
      throw new DecodeException(
          "the certificate is valid from "
              + own.getNotBefore().toInstant()
              + " until "
              + own.getNotAfter().toInstant()
              + ", here it is "
              + now);
    }
    TlsIdentity waiting =
        load(next()).orElseThrow(() -> new DecodeException("no certificate was asked for"));
    TlsIdentity identity;
    try {
      identity = waiting.withChain(chain);
    } catch (IllegalArgumentException otherKey) {
      throw new DecodeException("the certificate is for another key than was asked for", otherKey);
    }
    char[] password = password();
    try {
      identity.save(silo.home().tlsKeyStoreFile(), password);
    } finally {
      Arrays.fill(password, '\0');
    }
    SecretFile.erase(next());
    return identity;
  }

  /** The password of the node's TLS key stores; made on the first call. */
  private char[] password() throws IOException {
    Path file = silo.home().tlsPasswordFile();
    if (!Files.exists(file)) {
      char[] made = KeyStores.newPassword(randomness);
      SecretFile.write(file, new String(made).getBytes(StandardCharsets.US_ASCII));
      return made;
    }
    return PasswordFile.read(silo.home(), file);
  }
}
