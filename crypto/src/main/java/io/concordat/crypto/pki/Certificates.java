package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.ShortFingerprint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;

/** What is read off a certificate, and its PEM form. */
public final class Certificates {

  private Certificates() {}

  static X509Certificate toJava(X509CertificateHolder holder) {
    try {
      return fromDer(holder.getEncoded());
    } catch (DecodeException | IOException e) {
      throw new InvariantViolation("a certificate just made is a certificate", e);
    }
  }

  private static X509Certificate fromDer(byte[] der) throws DecodeException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new DecodeException("not an X.509 certificate", e);
    }
  }

  /** One certificate as PEM text. */
  public static String toPem(X509Certificate certificate) {
    try {
      return Pem.write("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new InvariantViolation("a parsed certificate has an encoding", e);
    }
  }

  /** Every certificate of a PEM text, in its order; at least one. */
  public static List<X509Certificate> fromPem(String text) throws DecodeException {
    List<X509Certificate> found = new ArrayList<>();
    for (byte[] der : Pem.read("CERTIFICATE", text)) {
      found.add(fromDer(der));
    }
    if (found.isEmpty()) {
      throw new DecodeException("no \"-----BEGIN CERTIFICATE-----\" found");
    }
    return List.copyOf(found);
  }

  /**
   * The short form of a certificate's public key, for a telephone call. It is the key's, so that
   * the request, the certificate and each renewal under the same key read alike.
   */
  public static ShortFingerprint shortFingerprint(X509Certificate certificate) {
    return ShortFingerprint.of(certificate.getPublicKey().getEncoded());
  }

  /** What a roster revokes it by: SHA-256 of the public key, the same across renewals. */
  public static Digest keyDigest(X509Certificate certificate) {
    return Digests.sha256(certificate.getPublicKey().getEncoded());
  }

  /**
   * Refuses a certificate that none of these roots has signed. Its dates and purpose are looked at
   * elsewhere.
   */
  public static void requireIssuedBy(X509Certificate certificate, List<X509Certificate> roots)
      throws DecodeException {
    for (X509Certificate root : roots) {
      if (certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
        try {
          certificate.verify(root.getPublicKey());
          return;
        } catch (GeneralSecurityException notThisOne) {
          // Two roots may bear one name; another may be the issuer.
        }
      }
    }
    throw new DecodeException("the certificate was not issued by the federation's authority");
  }

  /** Whether it may be used at this time: not before its first, not after its last second. */
  public static boolean validAt(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /** Half of its life: from then on a node asks for the next one. */
  public static Instant renewFrom(X509Certificate certificate) {
    Instant first = certificate.getNotBefore().toInstant();
    return first.plus(Duration.between(first, certificate.getNotAfter().toInstant()).dividedBy(2));
  }

  /** Whole days until it ends, 0 on its last day, negative once it has ended. */
  public static long daysLeft(X509Certificate certificate, Instant now) {
    return Math.floorDiv(
        Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds(), 86_400L);
  }
}
