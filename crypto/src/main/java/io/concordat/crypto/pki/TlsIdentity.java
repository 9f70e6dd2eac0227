package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.secret.SecretFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** A TLS key with its certificate chain, own certificate first. Not a record: it holds a secret. */
public final class TlsIdentity {
  /** The entry's name in the key store. */
  public static final String ALIAS = "tls";

  private final TlsKey key;
  private final List<X509Certificate> chain;

  /**
   * Joins a key and its chain.
   *
   * @throws IllegalArgumentException if the first certificate is for another key
   */
  public TlsIdentity(TlsKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an identity has at least its own certificate");
    }
    try {
      if (!Arrays.equals(
          chain.get(0).getPublicKey().getEncoded(), key.publicKeyInfo().getEncoded())) {
        throw new IllegalArgumentException("the certificate is for another key");
      }
    } catch (IOException e) {
      throw new InvariantViolation("a P-256 key has an encoding", e);
    }
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  /**
   * A key whose certificate has yet to come, in a form that can be saved: the certificate in it is
   * the key's own and ended in 1970, so no TLS partner takes it for one.
   */
  public static TlsIdentity awaiting(TlsKey key, String commonName) {
    X500Name subject = CertificateAuthority.subject(commonName);
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            subject,
            BigInteger.ONE,
            Date.from(Instant.EPOCH),
            Date.from(Instant.EPOCH.plusSeconds(1)),
            subject,
            key.publicKeyInfo());
    return new TlsIdentity(key, List.of(Certificates.toJava(builder.build(key.signer()))));
  }

  /** A request for a certificate of this key: the first, or the next at half-life. */
  public CertificateRequest request(String commonName) {
    return CertificateRequest.create(key, commonName);
  }

  /** The same key with the chain that was issued for it. */
  public TlsIdentity withChain(List<X509Certificate> issued) {
    return new TlsIdentity(key, issued);
  }

  TlsKey key() {
    return key;
  }

  /** Whether a token holds the key, so that no file can. */
  public boolean isHeld() {
    return key.isHeld();
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Own certificate first, then its issuers. */
  public List<X509Certificate> chain() {
    return chain;
  }

  private KeyStore toKeyStore(char[] password) {
    if (key.isHeld()) {
      throw new InvariantViolation("a key that a token holds was about to be written to a file");
    }
    try {
      KeyStore store = KeyStores.empty();
      store.setKeyEntry(ALIAS, key.toJava(), password, chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK keeps P-256 keys in PKCS#12", e);
    }
  }

  /** Writes an owner-only PKCS#12 file that Quarkus, the JDK and openssl read. */
  public void save(Path file, char[] password) throws IOException {
    SecretFile.write(file, KeyStores.encode(toKeyStore(password), password));
  }

  /** Reads what {@link #save} wrote: the first P-256 key entry with its chain. */
  public static TlsIdentity load(Path file, char[] password) throws IOException, DecodeException {
    KeyStore store = KeyStores.decode(file, SecretFile.read(file, KeyStores.MAX_BYTES), password);
    try {
      Key key = store.getKey(ALIAS, password);
      Certificate[] chain = store.getCertificateChain(ALIAS);
      if (!(key instanceof PrivateKey secret) || chain == null) {
        throw new DecodeException(file + ": no key entry \"" + ALIAS + "\"");
      }
      return new TlsIdentity(
          TlsKey.of(secret), Arrays.stream(chain).map(X509Certificate.class::cast).toList());
    } catch (GeneralSecurityException | ClassCastException | IllegalArgumentException e) {
      throw new DecodeException(file + ": the entry \"" + ALIAS + "\" cannot be used", e);
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity of " + certificate().getSubjectX500Principal();
  }
}
