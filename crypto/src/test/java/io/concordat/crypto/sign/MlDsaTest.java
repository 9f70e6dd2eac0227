package io.concordat.crypto.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's ML-DSA is a second implementation of FIPS 204: each checks what the other signed. */
final class MlDsaTest {
  private static final String DOMAIN = "concordat/test/1";
  private static final byte[] BYTES = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MESSAGE = (DOMAIN + "{\"n\":1}").getBytes(StandardCharsets.UTF_8);
  private static final SigningKey KEY = SigningKey.fromSeed(new byte[32]);

  @ParameterizedTest
  @EnumSource(MlDsaKey.Level.class)
  void signaturesHoldForAnotherImplementation(MlDsaKey.Level level) throws Exception {
    MlDsaSigner signer = KEY.mlDsa(level);
    Signature jdk = Signature.getInstance("ML-DSA");
    jdk.initVerify(jdkKey(signer.key()));
    jdk.update(MESSAGE);
    assertThat(jdk.verify(signer.sign(DOMAIN, BYTES).bytes())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(MlDsaKey.Level.class)
  void signaturesOfAnotherImplementationHoldHere(MlDsaKey.Level level) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(jdkName(level)).generateKeyPair();
    Signature jdk = Signature.getInstance("ML-DSA");
    jdk.initSign(pair.getPrivate());
    jdk.update(MESSAGE);
    byte[] encoded = pair.getPublic().getEncoded();
    MlDsaKey key =
        MlDsaKey.of(
            level, Arrays.copyOfRange(encoded, encoded.length - level.keyBytes(), encoded.length));
    assertThat(key.verify(DOMAIN, BYTES, jdk.sign())).isTrue();
  }

  @Test
  void anAlteredSignatureMessageDomainOrKeyIsRefused() throws Exception {
    MlDsaSigner signer = KEY.mlDsa(MlDsaKey.Level.ML_DSA_65);
    MlDsaSignature good = signer.sign(DOMAIN, BYTES);
    assertThat(good.holds(DOMAIN, BYTES)).isTrue();
    for (int at = 0; at < good.bytes().length; at += 331) {
      byte[] bad = good.bytes();
      bad[at] ^= 1;
      assertThat(signer.key().verify(DOMAIN, BYTES, bad)).as("byte %d", at).isFalse();
    }
    assertThat(good.holds(DOMAIN, new byte[] {1})).isFalse();
    assertThat(good.holds("concordat/other/1", BYTES)).isFalse();
    MlDsaKey other = SigningKey.fromSeed(seed(1)).mlDsa(MlDsaKey.Level.ML_DSA_65).key();
    assertThat(other.verify(DOMAIN, BYTES, good.bytes())).isFalse();
    assertThat(signer.key().verify(DOMAIN, BYTES, new byte[3308])).isFalse();
  }

  @Test
  void levelsOfOneSeedHaveKeysOfTheirOwnAndOneSeedGivesThemAgain() {
    MlDsaKey strong = KEY.mlDsa(MlDsaKey.Level.ML_DSA_65).key();
    assertThat(KEY.mlDsa(MlDsaKey.Level.ML_DSA_65).key()).isEqualTo(strong);
    assertThat(KEY.mlDsa(MlDsaKey.Level.ML_DSA_44).key().bytes())
        .isNotEqualTo(Arrays.copyOf(strong.bytes(), 1312));
    // Golden: a key named in a signed policy must come out of the same seed for ever.
    assertThat(HexFormat.of().formatHex(strong.fingerprint().bytes()))
        .isEqualTo("43963550b3ff2f293f571c177a5659b9df060ec23f9816bb72e0061502c56986");
  }

  @Test
  void aForeignMessageCannotBeOneOfOurOwn() {
    MlDsaSigner signer = KEY.mlDsa(MlDsaKey.Level.ML_DSA_44);
    assertThatThrownBy(() -> signer.signForeign(MESSAGE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(signer.key().verifyForeign(MESSAGE, signer.sign(DOMAIN, BYTES).bytes())).isFalse();
  }

  @Test
  void aPairOfKeysHasOneSpelling() throws Exception {
    PublicKeys pair = KEY.publicKeys();
    assertThat(PublicKeys.parse(pair.toString())).isEqualTo(pair);
    assertThat(PublicKeys.parse(KEY.verifyingKey().toString()).quantum())
        .isEqualTo(Optional.empty());
    for (String bad :
        new String[] {
          pair + "A",
          pair + "+" + PublicKeys.quantumText(pair.quantum().orElseThrow()),
          pair.toString().replace("+mldsa65:", "+mldsa44:"),
          pair.toString().replace("+", " "),
          KEY.verifyingKey() + "+",
          // 43 characters carry 258 bits: the last one could be spelled otherwise.
          pair.toString().substring(0, pair.toString().length() - 1) + "_"
        }) {
      assertThatThrownBy(() -> PublicKeys.parse(bad)).as(bad).isInstanceOf(DecodeException.class);
    }
  }

  private static byte[] seed(int first) {
    byte[] seed = new byte[32];
    seed[0] = (byte) first;
    return seed;
  }

  private static String jdkName(MlDsaKey.Level level) {
    return switch (level) {
      case ML_DSA_44 -> "ML-DSA-44";
      case ML_DSA_65 -> "ML-DSA-65";
    };
  }

  private static PublicKey jdkKey(MlDsaKey key) throws GeneralSecurityException, IOException {
    var oid =
        switch (key.level()) {
          case ML_DSA_44 -> NISTObjectIdentifiers.id_ml_dsa_44;
          case ML_DSA_65 -> NISTObjectIdentifiers.id_ml_dsa_65;
        };
    byte[] encoded =
        new SubjectPublicKeyInfo(new AlgorithmIdentifier(oid), key.bytes()).getEncoded();
    return KeyFactory.getInstance(jdkName(key.level()))
        .generatePublic(new X509EncodedKeySpec(encoded));
  }
}
