package io.concordat.crypto.pki;

import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.random.Randomness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.operator.ContentSigner;

/**
 * A secret ECDSA P-256 key for TLS and certificates. P-256 because every inspecting proxy, load
 * balancer and hardware module of a hospital accepts it; what must convince for decades is signed
 * elsewhere.
 */
public final class TlsKey {
  private static final ECDomainParameters CURVE =
      new ECNamedDomainParameters(
          SECObjectIdentifiers.secp256r1, SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
  private static final AlgorithmIdentifier ECDSA_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  private final ECPrivateKeyParameters secret;
  private final ECPublicKeyParameters open;

  private TlsKey(BigInteger scalar) {
    this.secret = new ECPrivateKeyParameters(scalar, CURVE);
    this.open =
        new ECPublicKeyParameters(
            new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar), CURVE);
  }

  /** A fresh key; draws 32 bytes until they are a scalar in 1..n-1 (FIPS 186-5 A.2.2). */
  public static TlsKey generate(Randomness randomness) {
    byte[] draw = new byte[32];
    while (true) {
      randomness.fill(draw);
      BigInteger scalar = new BigInteger(1, draw);
      if (scalar.signum() > 0 && scalar.compareTo(CURVE.getN()) < 0) {
        return new TlsKey(scalar);
      }
    }
  }

  /** The key inside the JDK's object. */
  static TlsKey of(PrivateKey key) throws GeneralSecurityException {
    if (!(key instanceof ECPrivateKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != 256
        || !ec.getParams().getOrder().equals(CURVE.getN())) {
      throw new GeneralSecurityException("not a P-256 key");
    }
    return new TlsKey(ec.getS());
  }

  /** The same key as the JDK's TLS and key stores want it. */
  PrivateKey toJava() {
    try {
      byte[] pkcs8 = PrivateKeyInfoFactory.createPrivateKeyInfo(secret).getEncoded();
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IOException e) {
      throw new InvariantViolation("every JDK reads P-256 keys", e);
    }
  }

  SubjectPublicKeyInfo publicKeyInfo() {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(open);
    } catch (IOException e) {
      throw new InvariantViolation("a P-256 key has an encoding", e);
    }
  }

  /**
   * ECDSA with the nonce of RFC 6979: derived from key and message, so a machine cloned in between
   * repeats a signature, never a nonce under two messages (which would give the key away).
   */
  ContentSigner signer() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return ECDSA_SHA256;
      }

      @Override
      public OutputStream getOutputStream() {
        return bytes;
      }

      @Override
      public byte[] getSignature() {
        DSADigestSigner signer =
            new DSADigestSigner(
                new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
        signer.init(true, secret);
        signer.update(bytes.toByteArray(), 0, bytes.size());
        return signer.generateSignature();
      }
    };
  }

  @Override
  public String toString() {
    return "TlsKey";
  }
}
