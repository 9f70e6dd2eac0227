package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * A federation's certificate authority. It opens TLS doors and nothing else; its key is kept by the
 * person who runs enrolment, never on the aggregator.
 */
public final class CertificateAuthority {
  /** How long a node's or server's certificate lasts; nodes renew at half of it. */
  public static final Duration LEAF_LIFE = Duration.ofDays(30);

  /** How long the root lasts. */
  public static final Duration ROOT_LIFE = Duration.ofDays(3653);

  /** A receiver's clock may be behind by this much without refusing a new certificate. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private final TlsIdentity identity;
  private final String federation;

  private CertificateAuthority(TlsIdentity identity, String federation) {
    this.identity = identity;
    this.federation = federation;
  }

  /** Makes the root of a federation. */
  public static CertificateAuthority create(
      String federation, Instant now, Duration life, Randomness randomness) {
    String checked = new NodeName(federation, "root").federation();
    TlsKey key = TlsKey.generate(randomness);
    X500Name name = subject(rootName(checked));
    try {
      X509v3CertificateBuilder builder =
          builder(name, name, key.publicKeyInfo(), now, life, randomness);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(Extension.subjectKeyIdentifier, false, keyId(key.publicKeyInfo()));
      X509Certificate certificate = Certificates.toJava(builder.build(key.signer()));
      return new CertificateAuthority(new TlsIdentity(key, List.of(certificate)), checked);
    } catch (IOException e) {
      throw new InvariantViolation("extensions of a certificate have an encoding", e);
    }
  }

  private static String rootName(String federation) {
    return federation + " root";
  }

  /** Reads an authority that {@link #save} wrote. */
  public static CertificateAuthority load(Path file, char[] password)
      throws IOException, DecodeException {
    TlsIdentity identity = TlsIdentity.load(file, password);
    X509Certificate certificate = identity.certificate();
    String name =
        NodeName.commonName(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()));
    if (certificate.getBasicConstraints() < 0 || !name.endsWith(" root")) {
      throw new DecodeException(file + ": this key store holds no federation's root");
    }
    try {
      String federation = name.substring(0, name.length() - " root".length());
      return new CertificateAuthority(identity, new NodeName(federation, "root").federation());
    } catch (IllegalArgumentException e) {
      throw new DecodeException(file + ": the root's name is no federation's", e);
    }
  }

  /** Writes key and certificate into an owner-only PKCS#12 file. */
  public void save(Path file, char[] password) throws IOException {
    identity.save(file, password);
  }

  /** The root's certificate, which goes into trust stores. */
  public X509Certificate certificate() {
    return identity.certificate();
  }

  public String federation() {
    return federation;
  }

  /**
   * A certificate with which a node may call the aggregator. The caller has compared short
   * fingerprints with the institution.
   *
   * @throws DecodeException if the request asks for another name than the institution enrolled
   */
  public X509Certificate issueNode(
      CertificateRequest request,
      String institution,
      Instant now,
      Duration life,
      Randomness randomness)
      throws DecodeException {
    NodeName name = new NodeName(federation, institution);
    if (!request.commonName().equals(institution)) {
      throw new DecodeException(
          "the request is for \"" + request.commonName() + "\", not for " + institution);
    }
    return issue(
        institution,
        request.publicKeyInfo(),
        KeyPurposeId.id_kp_clientAuth,
        List.of(new GeneralName(GeneralName.uniformResourceIdentifier, name.uri())),
        now,
        life,
        randomness);
  }

  /**
   * A certificate for something that listens: the aggregator, or a node's console.
   *
   * @param hosts DNS names and IP addresses under which it is reached; localhost, 127.0.0.1 and ::1
   *     are added
   */
  public X509Certificate issueServer(
      CertificateRequest request,
      List<String> hosts,
      Instant now,
      Duration life,
      Randomness randomness)
      throws DecodeException {
    List<String> all = new ArrayList<>(hosts);
    for (String local : List.of("localhost", "127.0.0.1", "::1")) {
      if (!all.contains(local)) {
        all.add(local);
      }
    }
    List<GeneralName> names = new ArrayList<>();
    for (String host : all) {
      names.add(HostName.of(host));
    }
    return issue(
        request.commonName(),
        request.publicKeyInfo(),
        KeyPurposeId.id_kp_serverAuth,
        names,
        now,
        life,
        randomness);
  }

  private X509Certificate issue(
      String commonName,
      SubjectPublicKeyInfo key,
      KeyPurposeId purpose,
      List<GeneralName> names,
      Instant now,
      Duration life,
      Randomness randomness) {
    try {
      X509v3CertificateBuilder builder =
          builder(subject(rootName(federation)), subject(commonName), key, now, life, randomness);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      builder.addExtension(Extension.subjectKeyIdentifier, false, keyId(key));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(keyId(identity.key().publicKeyInfo()).getKeyIdentifier()));
      return Certificates.toJava(builder.build(identity.key().signer()));
    } catch (IOException e) {
      throw new InvariantViolation("extensions of a certificate have an encoding", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      SubjectPublicKeyInfo key,
      Instant now,
      Duration life,
      Randomness randomness) {
    if (life.isNegative() || life.isZero()) {
      throw new IllegalArgumentException("a certificate's life is positive, not " + life);
    }
    Instant start = now.truncatedTo(ChronoUnit.SECONDS);
    return new X509v3CertificateBuilder(
        issuer,
        serial(randomness),
        Date.from(start.minus(BACKDATED)),
        Date.from(start.plus(life)),
        subject,
        key);
  }

  /** 126 bits of the source under a leading 01: positive, 16 bytes, unique without any counter. */
  private static BigInteger serial(Randomness randomness) {
    byte[] bytes = new byte[16];
    randomness.fill(bytes);
    bytes[0] = (byte) (bytes[0] & 0x3f | 0x40);
    return new BigInteger(1, bytes);
  }

  /** RFC 7093 2, method 1: the first 160 bits of SHA-256 over the key's bits. */
  private static SubjectKeyIdentifier keyId(SubjectPublicKeyInfo key) {
    byte[] digest = Digests.sha256(key.getPublicKeyData().getBytes()).bytes();
    return new SubjectKeyIdentifier(Arrays.copyOf(digest, 20));
  }

  static X500Name subject(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }
}
