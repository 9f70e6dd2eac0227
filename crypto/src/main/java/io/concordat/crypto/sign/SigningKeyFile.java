package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.secret.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * A signing key at rest: a PKCS#12 key store of one entry, encrypted (AES-256) and authenticated
 * under a password, in a file of mode 0600.
 *
 * <p>PKCS#12, so that {@code keytool} and {@code openssl} can show it and an institution's key
 * ceremony needs no tool of ours. The format wants a certificate beside a private key; the one in
 * it is self-signed, never expires, and is trusted by nobody: it carries the public half.
 */
public final class SigningKeyFile {
  private static final String ALIAS = "signing";
  private static final int MAX_BYTES = 64 * 1024;

  /** PKCS#8 of an Ed25519 seed without its 32 bytes (RFC 8410 7). */
  private static final byte[] PKCS8_HEAD =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private SigningKeyFile() {}

  /**
   * Writes the key, replacing what the file held.
   *
   * @param name whose key it is, as tools will show it
   */
  public static void write(Path file, SigningKey key, String name, char[] password)
      throws IOException {
    byte[] seed = key.copySeed();
    byte[] pkcs8 = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + seed.length);
    System.arraycopy(seed, 0, pkcs8, PKCS8_HEAD.length, seed.length);
    try {
      PrivateKey secret =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ALIAS, secret, password, new Certificate[] {carrier(key, name)});
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password);
      SecretFile.write(file, out.toByteArray());
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK writes Ed25519 keys into PKCS#12", e);
    } finally {
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /**
   * Reads the key.
   *
   * @throws IOException if the file cannot be read or others may read it
   * @throws DecodeException if the password is wrong or the content is no key store of this form
   */
  public static SigningKey read(Path file, char[] password) throws IOException, DecodeException {
    byte[] content = SecretFile.read(file, MAX_BYTES);
    byte[] pkcs8 = decrypt(file, content, password);
    try {
      if (pkcs8.length != PKCS8_HEAD.length + SigningKey.SEED_BYTES
          || !Arrays.equals(pkcs8, 0, PKCS8_HEAD.length, PKCS8_HEAD, 0, PKCS8_HEAD.length)) {
        throw new DecodeException(file + ": the entry \"" + ALIAS + "\" is no Ed25519 key");
      }
      byte[] seed = Arrays.copyOfRange(pkcs8, PKCS8_HEAD.length, pkcs8.length);
      try {
        return SigningKey.fromSeed(seed);
      } finally {
        Arrays.fill(seed, (byte) 0);
      }
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static byte[] decrypt(Path file, byte[] content, char[] password) throws DecodeException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(content), password);
      Key key = store.getKey(ALIAS, password);
      if (key == null || key.getEncoded() == null) {
        throw new DecodeException(file + ": no entry \"" + ALIAS + "\" in this key store");
      }
      return key.getEncoded();
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new DecodeException(file + ": wrong password", e);
      }
      throw new DecodeException(file + ": not a PKCS#12 key store", e);
    } catch (UnrecoverableKeyException e) {
      throw new DecodeException(file + ": wrong password", e);
    } catch (GeneralSecurityException e) {
      throw new DecodeException(file + ": not a key store this JDK can read", e);
    }
  }

  private static Certificate carrier(SigningKey key, String name)
      throws GeneralSecurityException, IOException {
    X500Name subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    AlgorithmIdentifier ed25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            subject,
            BigInteger.ONE,
            Date.from(Instant.EPOCH),
            // RFC 5280 4.1.2.5: the date of a certificate without a known end.
            Date.from(Instant.parse("9999-12-31T23:59:59Z")),
            subject,
            new SubjectPublicKeyInfo(ed25519, key.verifyingKey().bytes()));
    byte[] der = builder.build(new Ed25519Content(key, ed25519)).getEncoded();
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der));
  }

  /** A certificate begins with an ASN.1 tag, so the key's own domains cannot be met. */
  private record Ed25519Content(
      SigningKey key, AlgorithmIdentifier algorithm, ByteArrayOutputStream bytes)
      implements ContentSigner {
    Ed25519Content(SigningKey key, AlgorithmIdentifier algorithm) {
      this(key, algorithm, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return bytes;
    }

    @Override
    public byte[] getSignature() {
      return key.signForeign(bytes.toByteArray());
    }
  }
}
