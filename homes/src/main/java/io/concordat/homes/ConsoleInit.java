package io.concordat.homes;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a node's console needs: a certificate of its own and a bearer token.
 *
 * <p>The certificate is not the federation's. The console is the hospital's own door, and the
 * authority that lets nodes in at the aggregator should not be able to open it.
 */
public final class ConsoleInit {
  private static final Duration LIFE = Duration.ofDays(397);
  private static final int SECRET_BYTES = 32;

  private final SiloHome silo;
  private final Randomness randomness;

  public ConsoleInit(SiloHome silo, Randomness randomness) {
    this.silo = silo;
    this.randomness = randomness;
  }

  /**
   * Makes a new token, which replaces an earlier one at once, also in a running node.
   *
   * @return the text, which is stored nowhere
   */
  public String newToken() throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    randomness.fill(secret);
    String token = TokenText.of(secret);
    Arrays.fill(secret, (byte) 0);
    SecretFile.write(
        silo.consoleTokenFile(), TokenText.digest(token).getBytes(StandardCharsets.US_ASCII));
    return token;
  }

  /** Digest of the token in force, in hexadecimal; empty if none was made. */
  public static Optional<String> tokenDigest(SiloHome silo) throws IOException {
    if (!Files.exists(silo.consoleTokenFile())) {
      return Optional.empty();
    }
    byte[] digest = SecretFile.read(silo.consoleTokenFile(), 256);
    return Optional.of(new String(digest, StandardCharsets.US_ASCII).strip());
  }

  /** Makes key and certificate if there are none, or if half of the certificate's life is over. */
  public void certificate(Instant now) throws IOException, DecodeException {
    if (Files.exists(silo.consoleAuthorityFile()) && Files.exists(silo.consoleKeyStoreFile())) {
      String pem = Files.readString(silo.consoleAuthorityFile(), StandardCharsets.US_ASCII);
      if (now.isBefore(Certificates.renewFrom(Certificates.fromPem(pem).getFirst()))) {
        return;
      }
    }
    CertificateAuthority authority = CertificateAuthority.create("console", now, LIFE, randomness);
    TlsKey key = TlsKey.generate(randomness);
    TlsIdentity identity =
        new TlsIdentity(
            key,
            List.of(
                authority.issueServer(
                    CertificateRequest.create(key, "console"), List.of(), now, LIFE, randomness)));
    char[] password = KeyStores.newPassword(randomness);
    SecretFile.write(
        silo.consolePasswordFile(), new String(password).getBytes(StandardCharsets.US_ASCII));
    identity.save(silo.consoleKeyStoreFile(), password);
    Arrays.fill(password, '\0');
    // The authority's key is dropped here: it signs once.
    Durable.publish(
        silo.consoleAuthorityFile(),
        Certificates.toPem(authority.certificate()).getBytes(StandardCharsets.US_ASCII));
  }
}
