package io.concordat.audit;

import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.NoteSigner;
import io.concordat.audit.note.NoteVerifier;
import io.concordat.audit.note.SignatureType;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Real signatures for tests: a key, its signer, and one verifier for all, on the JDK's provider.
 */
public record TestKeys(NoteKey key, NoteSigner signer) {
  private static final byte[] ED25519_PRIVATE =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final byte[] ED25519_PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] ML_DSA_44_PUBLIC =
      HexFormat.of().parseHex("30820532300b0609608648016503040311038205210" + "0");

  public static final NoteVerifier VERIFIER = TestKeys::verify;

  /** An Ed25519 key from a seed of 32 equal bytes. */
  public static TestKeys ed25519(String name, SignatureType type, int seedByte) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) seedByte);
    return ed25519(name, type, seed);
  }

  public static TestKeys ed25519(String name, SignatureType type, byte[] seed) {
    try {
      PrivateKey secret =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(concat(ED25519_PRIVATE, seed)));
      return new TestKeys(
          NoteKey.of(name, type, ed25519Public(seed)), message -> sign("Ed25519", secret, message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh ML-DSA-44 key. */
  public static TestKeys mlDsa44(String name) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 1312, encoded.length);
      return new TestKeys(
          NoteKey.of(name, SignatureType.ML_DSA_44_SUBTREE, raw),
          message -> sign("ML-DSA-44", pair.getPrivate(), message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ed25519Public(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new Seeded(seed));
    byte[] encoded = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
  }

  private static byte[] sign(String algorithm, PrivateKey secret, byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean verify(
      SignatureType.Algorithm algorithm, byte[] publicKey, byte[] message, byte[] signature) {
    String name =
        switch (algorithm) {
          case ED25519 -> "Ed25519";
          case ML_DSA_44 -> "ML-DSA-44";
        };
    byte[] prefix =
        switch (algorithm) {
          case ED25519 -> ED25519_PUBLIC;
          case ML_DSA_44 -> ML_DSA_44_PUBLIC;
        };
    try {
      PublicKey key =
          KeyFactory.getInstance(name)
              .generatePublic(new X509EncodedKeySpec(concat(prefix, publicKey)));
      Signature check = Signature.getInstance(name);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** Hands out the seed as "random" bytes, which is how the JDK's generator takes one. */
  private static final class Seeded extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    Seeded(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] out) {
      System.arraycopy(seed, 0, out, 0, out.length);
    }
  }
}
