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
import io.concordat.homes.token.HardwareToken;
import io.concordat.homes.token.HeldKeys;
import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProviderException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node's TLS key and certificate on disk, and the next ones while they are asked for.
 *
 * <p>A key lies in a key store file ({@code .p12}), or in the home's token, and then a file of its
 * certificates ({@code .pem}) stands for it. The next key waits in {@code keys/tls-next.p12} or
 * {@code .pem} under a certificate that opens nothing. When its certificate has come, it takes the
 * place of {@code keys/tls.*} in one step: a crash at any point leaves a node that can still dial
 * in, and still knows which key it asked for.
 */
public final class NodeCertificateFiles {
  private static final int MAX_PEM_BYTES = 64 << 10;

  private final SiloHome silo;
  private final Randomness randomness;

  public NodeCertificateFiles(SiloHome silo, Randomness randomness) {
    this.silo = silo;
    this.randomness = randomness;
  }

  private Path next() {
    return silo.home().keys().resolve("tls-next.p12");
  }

  private Path nextHeld() {
    return silo.home().keys().resolve("tls-next.pem");
  }

  /**
   * A token's signatures differ each time; the request that was sent is the one that is repeated.
   */
  private Path nextRequest() {
    return silo.home().keys().resolve("tls-next.request");
  }

  /** The file that says which identity is in use; it is replaced whenever that changes. */
  public Path currentFile() {
    return Files.exists(silo.home().tlsHeldFile())
        ? silo.home().tlsHeldFile()
        : silo.home().tlsKeyStoreFile();
  }

  /** The identity that connections are made with; empty before the first certificate. */
  public Optional<TlsIdentity> current() throws IOException, DecodeException {
    return load(currentFile());
  }

  private Optional<TlsIdentity> load(Path file) throws IOException, DecodeException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (file.toString().endsWith(".pem")) {
      return Optional.of(HeldKeys.open(silo.home()).identity(certificates(file)));
    }
    char[] password = password();
    try {
      return Optional.of(TlsIdentity.load(file, password));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static List<X509Certificate> certificates(Path file) throws IOException, DecodeException {
    byte[] text = SecretFile.read(file, MAX_PEM_BYTES);
    try {
      return Certificates.fromPem(new String(text, StandardCharsets.US_ASCII));
    } catch (DecodeException bad) {
      throw new DecodeException(file + ": " + bad.getMessage(), bad);
    }
  }

  /** Writes an identity where its key allows. */
  private void save(TlsIdentity identity, Path keyStore, Path held) throws IOException {
    if (identity.isHeld()) {
      StringBuilder pem = new StringBuilder();
      identity.chain().forEach(certificate -> pem.append(Certificates.toPem(certificate)));
      SecretFile.write(held, pem.toString().getBytes(StandardCharsets.US_ASCII));
      return;
    }
    char[] password = password();
    try {
      identity.save(keyStore, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /** Whether a certificate was asked for that has not come yet. */
  public boolean asked() {
    return Files.exists(next()) || Files.exists(nextHeld());
  }

  /**
   * Whether it is time to ask for the next certificate: half of the present one's life is over, or
   * its key lies elsewhere than the home's keys are to be made, or one was asked for already.
   */
  public boolean due(TlsIdentity present, Instant now) throws IOException {
    return asked()
        || !now.isBefore(Certificates.renewFrom(present.certificate()))
        || present.isHeld() != HardwareToken.makesTlsKeys(silo.home());
  }

  /** The request for the next certificate; makes its key on the first call. */
  public CertificateRequest ask(String institution) throws IOException, DecodeException {
    try {
      Optional<TlsIdentity> waiting = waiting();
      if (waiting.isPresent()) {
        return request(waiting.get(), institution);
      }
      TlsIdentity made =
          HardwareToken.makesTlsKeys(silo.home())
              ? HeldKeys.open(silo.home()).make(institution)
              : TlsIdentity.awaiting(TlsKey.generate(randomness), institution);
      save(made, next(), nextHeld());
      return request(made, institution);
    } catch (ProviderException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  private CertificateRequest request(TlsIdentity waiting, String institution)
      throws IOException, DecodeException {
    if (!waiting.isHeld()) {
      return waiting.request(institution);
    }
    if (!Files.exists(nextRequest())) {
      SecretFile.write(
          nextRequest(), waiting.request(institution).toPem().getBytes(StandardCharsets.US_ASCII));
    }
    return CertificateRequest.fromPem(
        new String(SecretFile.read(nextRequest(), MAX_PEM_BYTES), StandardCharsets.US_ASCII));
  }

  private Optional<TlsIdentity> waiting() throws IOException, DecodeException {
    return load(Files.exists(nextHeld()) ? nextHeld() : next());
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
        waiting().orElseThrow(() -> new DecodeException("no certificate was asked for"));
    TlsIdentity identity;
    try {
      identity = waiting.withChain(chain);
    } catch (IllegalArgumentException otherKey) {
      throw new DecodeException("the certificate is for another key than was asked for", otherKey);
    }
    replace(identity);
    return identity;
  }

  /** The new identity first, then what it replaces, then the note that it was asked for. */
  private void replace(TlsIdentity identity) throws IOException, DecodeException {
    Path before = currentFile();
    Optional<X509Certificate> heldBefore =
        before.equals(silo.home().tlsHeldFile())
            ? Optional.of(certificates(before).getFirst())
            : Optional.empty();
    save(identity, silo.home().tlsKeyStoreFile(), silo.home().tlsHeldFile());
    SecretFile.erase(identity.isHeld() ? silo.home().tlsKeyStoreFile() : silo.home().tlsHeldFile());
    // The request before the key that it is of: one left over would be sent for the next key.
    SecretFile.erase(nextRequest());
    SecretFile.erase(next());
    SecretFile.erase(nextHeld());
    if (heldBefore.isPresent()
        && !heldBefore.get().getPublicKey().equals(identity.certificate().getPublicKey())) {
      // A crash before this leaves a key in the token that no certificate is in use for.
      HeldKeys.open(silo.home()).destroy(heldBefore.get());
    }
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
