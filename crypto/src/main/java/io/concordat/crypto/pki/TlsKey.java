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
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
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
 *
 * <p>The secret is here, or in a hardware token that signs with it and does not give it out.
 */
public final class TlsKey {
  private static final ECDomainParameters CURVE =
      new ECNamedDomainParameters(
          SECObjectIdentifiers.secp256r1, SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
  private static final AlgorithmIdentifier ECDSA_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  private final Secret secret;
  private final SubjectPublicKeyInfo open;

  private sealed interface Secret {
    /** Here. */
    record Known(ECPrivateKeyParameters scalar) implements Secret {}

    /** In a token, behind a handle that the token's provider understands. */
    record Held(PrivateKey handle, Provider token) implements Secret {}
  }

  private TlsKey(Secret secret, SubjectPublicKeyInfo open) {
    this.secret = secret;
    this.open = open;
  }

  private static TlsKey known(BigInteger scalar) {
    ECPublicKeyParameters open =
        new ECPublicKeyParameters(
            new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar), CURVE);
    try {
      return new TlsKey(
          new Secret.Known(new ECPrivateKeyParameters(scalar, CURVE)),
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(open));
    } catch (IOException e) {
      throw new InvariantViolation("a P-256 key has an encoding", e);
    }
  }

  /**
   * A key that a token holds.
   *
   * @param handle the token's private key; it need not have an encoding
   * @param open its public half
   * @param token the provider that signs with the handle. For TLS it must be among the JDK's
   *     registered providers, since the handshake looks the signer up by the handle
   * @throws GeneralSecurityException unless it is a P-256 key
   */
  public static TlsKey held(PrivateKey handle, PublicKey open, Provider token)
      throws GeneralSecurityException {
    if (!(open instanceof ECPublicKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != 256
        || !ec.getParams().getOrder().equals(CURVE.getN())) {
      throw new GeneralSecurityException("not a P-256 key");
    }
    return new TlsKey(
        new Secret.Held(handle, token), SubjectPublicKeyInfo.getInstance(open.getEncoded()));
  }

  /** A fresh key; draws 32 bytes until they are a scalar in 1..n-1 (FIPS 186-5 A.2.2). */
  public static TlsKey generate(Randomness randomness) {
    byte[] draw = new byte[32];
    while (true) {
      randomness.fill(draw);
      BigInteger scalar = new BigInteger(1, draw);
      if (scalar.signum() > 0 && scalar.compareTo(CURVE.getN()) < 0) {
        return known(scalar);
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
    return known(ec.getS());
  }

  /** Whether it lies in a token, so that no file can hold it. */
  public boolean isHeld() {
    return secret instanceof Secret.Held;
  }

  /** The same key as the JDK's TLS wants it; of a token's key, the handle. */
  PrivateKey toJava() {
    return switch (secret) {
      case Secret.Held held -> held.handle();
      case Secret.Known known -> {
        try {
          byte[] pkcs8 = PrivateKeyInfoFactory.createPrivateKeyInfo(known.scalar()).getEncoded();
          yield KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IOException e) {
          throw new InvariantViolation("every JDK reads P-256 keys", e);
        }
      }
    };
  }

  SubjectPublicKeyInfo publicKeyInfo() {
    return open;
  }

  /**
   * ECDSA with the nonce of RFC 6979: derived from key and message, so a machine cloned in between
   * repeats a signature, never a nonce under two messages (which would give the key away). A token
   * draws nonces by its own means.
   *
   * <p>A token that does not sign, because it was pulled or its PIN locked, shows as {@link
   * ProviderException}.
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
        return sign(bytes.toByteArray());
      }
    };
  }

  private byte[] sign(byte[] message) {
    return switch (secret) {
      case Secret.Known known -> {
        DSADigestSigner signer =
            new DSADigestSigner(
                new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
        signer.init(true, known.scalar());
        signer.update(message, 0, message.length);
        yield signer.generateSignature();
      }
      case Secret.Held held -> {
        try {
          Signature signer = Signature.getInstance("SHA256withECDSA", held.token());
          signer.initSign(held.handle());
          signer.update(message);
          yield signer.sign();
        } catch (GeneralSecurityException e) {
          throw new ProviderException("the token does not sign", e);
        }
      }
    };
  }

  @Override
  public String toString() {
    return "TlsKey";
  }
}
