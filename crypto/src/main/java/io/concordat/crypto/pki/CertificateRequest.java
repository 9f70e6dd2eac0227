package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.sign.ShortFingerprint;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;

/**
 * A node's request for its certificate (PKCS#10): its name and its public key, signed by that key.
 * The authority takes these two things from it and nothing else: purposes, alternative names and
 * dates are the authority's to decide, so attributes in a request have no effect.
 */
public final class CertificateRequest {
  private static final String LABEL = "CERTIFICATE REQUEST";
  private static final int MAX_DER = 8192;

  private final PKCS10CertificationRequest request;
  private final String commonName;

  private CertificateRequest(PKCS10CertificationRequest request, String commonName) {
    this.request = request;
    this.commonName = commonName;
  }

  /** A request for this key under this common name: a node's institution, or a server's name. */
  public static CertificateRequest create(TlsKey key, String commonName) {
    PKCS10CertificationRequest request =
        new PKCS10CertificationRequestBuilder(
                CertificateAuthority.subject(commonName), key.publicKeyInfo())
            .build(key.signer());
    return new CertificateRequest(request, commonName);
  }

  /**
   * Reads a request somebody sent.
   *
   * @throws DecodeException unless it is one P-256 request with one common name, whose signature
   *     shows that the sender has the key
   */
  public static CertificateRequest fromPem(String text) throws DecodeException {
    List<byte[]> blocks = Pem.read(LABEL, text);
    if (blocks.size() != 1) {
      throw new DecodeException("expected one certificate request, found " + blocks.size());
    }
    byte[] der = blocks.get(0);
    if (der.length > MAX_DER) {
      throw new DecodeException(
          "a certificate request has at most " + MAX_DER + " bytes, not " + der.length);
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
      if (!Arrays.equals(request.toASN1Structure().getEncoded("DER"), der)) {
        throw new DecodeException("the request is not in canonical DER");
      }
      requireP256(request.getSubjectPublicKeyInfo());
      if (!X9ObjectIdentifiers.ecdsa_with_SHA256.equals(
          request.getSignatureAlgorithm().getAlgorithm())) {
        throw new DecodeException("the request must be signed by ECDSA with SHA-256");
      }
      if (!request.isSignatureValid(
          new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
              .build(PublicKeyFactory.createKey(request.getSubjectPublicKeyInfo())))) {
        throw new DecodeException("the request is not signed by the key in it");
      }
      X500Name subject = request.getSubject();
      String name = NodeName.commonName(subject);
      if (name.isEmpty() || name.length() > 64 || subject.getRDNs().length != 1) {
        throw new DecodeException("the request's subject must be one common name");
      }
      return new CertificateRequest(request, name);
    } catch (IOException
        | PKCSException
        | OperatorCreationException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException e) {
      // Bouncy Castle's ASN.1 types report malformed structures by these unchecked exceptions too.
      throw new DecodeException("not a PKCS#10 certificate request", e);
    }
  }

  private static void requireP256(SubjectPublicKeyInfo info) throws DecodeException {
    if (!X9ObjectIdentifiers.id_ecPublicKey.equals(info.getAlgorithm().getAlgorithm())
        || !(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
        || !SECObjectIdentifiers.secp256r1.equals(curve)) {
      throw new DecodeException("the request's key must be ECDSA P-256");
    }
  }

  /** The name the node asks for. */
  public String commonName() {
    return commonName;
  }

  SubjectPublicKeyInfo publicKeyInfo() {
    return request.getSubjectPublicKeyInfo();
  }

  /** The short form both sides read to each other before the authority signs. */
  public ShortFingerprint shortFingerprint() {
    try {
      return ShortFingerprint.of(publicKeyInfo().getEncoded());
    } catch (IOException e) {
      throw new InvariantViolation("a parsed key has an encoding", e);
    }
  }

  /** The request as PEM text. */
  public String toPem() {
    try {
      return Pem.write(LABEL, request.getEncoded());
    } catch (IOException e) {
      throw new InvariantViolation("a parsed request has an encoding", e);
    }
  }
}
