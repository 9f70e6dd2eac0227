package io.concordat.crypto.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignatureTest {
  private static final byte[] BYTES = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
  private static final SigningKey KEY = SigningKey.fromSeed(new byte[32]);

  /** RFC 8032 7.1, tests 1 to 3 and "SHA(abc)". */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '', e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
          4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72, 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
          c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82, 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
          833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42, ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f, dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
          """)
  void signsTheVectorsOfRfc8032(String seed, String publicKey, String message, String signature)
      throws DecodeException {
    HexFormat hex = HexFormat.of();
    SigningKey key = SigningKey.fromSeed(hex.parseHex(seed));
    byte[] bytes = hex.parseHex(message);
    assertThat(hex.formatHex(key.verifyingKey().bytes())).isEqualTo(publicKey);
    assertThat(hex.formatHex(key.signForeign(bytes))).isEqualTo(signature);
    assertThat(key.verifyingKey().verifyForeign(bytes, hex.parseHex(signature))).isTrue();
  }

  @Test
  void refusesASignatureUnderAnotherDomain() {
    byte[] signature = KEY.sign("concordat/round/1", BYTES);
    assertThat(KEY.verifyingKey().verify("concordat/round/1", BYTES, signature)).isTrue();
    assertThat(KEY.verifyingKey().verify("concordat/round/2", BYTES, signature)).isFalse();
    assertThat(KEY.verifyingKey().verify("concordat/manifest/1", BYTES, signature)).isFalse();
  }

  @Test
  void refusesEveryFlippedBit() {
    byte[] signature = KEY.sign("concordat/round/1", BYTES);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] altered = signature.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(KEY.verifyingKey().verify("concordat/round/1", BYTES, altered)).isFalse();
    }
    for (int bit = 0; bit < 8 * BYTES.length; bit++) {
      byte[] altered = BYTES.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(KEY.verifyingKey().verify("concordat/round/1", altered, signature)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65, 128})
  void refusesASignatureOfAnotherLength(int length) {
    assertThat(KEY.verifyingKey().verify("concordat/round/1", BYTES, new byte[length])).isFalse();
  }

  @Test
  void signsTheDomainThenTheBytes() {
    // Made with Python's cryptography: Ed25519PrivateKey.from_private_bytes(bytes(32))
    //   .sign(b'concordat/round/1{"n":1}')
    assertThat(HexFormat.of().formatHex(KEY.sign("concordat/round/1", BYTES)))
        .isEqualTo(
            "3e7853c45763558e1deb750e066801d9b4d8748f8b6200d6a71832a0950ea97b8bc216ea4bc274a5c0ecb021f492aab6a088aee64d7b13ab3f5919ae84ad830e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "round",
        "concordat/round/10",
        "concordat/round/0",
        "concordat/round",
        "concordat//1",
        "concordat/Round/1",
        "concordat/a/b/1",
        "concordat/round/1\n",
        "Concordat/round/1",
        "concordat/-round/1"
      })
  void knowsNoDomainOfAnotherForm(String domain) {
    assertThatThrownBy(() -> KEY.sign(domain, BYTES)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void signsNoForeignMessageThatBeginsLikeOurs() {
    byte[] forged = "concordat/round/1{}".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> KEY.signForeign(forged)).isInstanceOf(IllegalArgumentException.class);
    byte[] real = KEY.sign("concordat/round/1", "{}".getBytes(StandardCharsets.US_ASCII));
    assertThat(KEY.verifyingKey().verifyForeign(forged, real)).isFalse();
  }

  @Test
  void signsNothingOnceDestroyed() {
    SigningKey key = SigningKey.fromSeed(new byte[32]);
    key.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(() -> key.sign("concordat/round/1", BYTES))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takesItsSeedFromTheGivenSource() {
    SigningKey key = SigningKey.generate(out -> java.util.Arrays.fill(out, (byte) 0));
    assertThat(key.verifyingKey()).isEqualTo(KEY.verifyingKey());
    assertThat(key.toString()).contains(key.verifyingKey().toString());
  }

  @Test
  void readsBackTheTextOfAKey() throws DecodeException {
    String text = KEY.verifyingKey().toString();
    assertThat(text).isEqualTo("ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik");
    assertThat(VerifyingKey.parse(text)).isEqualTo(KEY.verifyingKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ed25519:",
        "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2i",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2il",
        "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2/k",
        "ed448:11O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"
      })
  void refusesOtherSpellingsOfAKey(String text) {
    assertThatThrownBy(() -> VerifyingKey.parse(text)).isInstanceOf(DecodeException.class);
  }

  /** The identity, a point of order 8, one with a torsion part, a non-canonical y, no point. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0200000000000000000000000000000000000000000000000000000000000000"
      })
  void refusesPointsOutsideThePrimeOrderGroup(String hex) {
    assertThatThrownBy(() -> VerifyingKey.of(HexFormat.of().parseHex(hex)))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void hasAShortFingerprintForTheTelephone() {
    assertThat(KEY.verifyingKey().shortFingerprint().text())
        .matches("([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}");
  }

  /** What was found good once is not computed again; every other triple still is. */
  @Test
  void aRememberedSignatureMakesNoOtherPass() throws DecodeException {
    SigningKey other =
        SigningKey.fromSeed(
            new byte[] {
              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
              1, 1, 1
            });
    byte[] signature = KEY.sign("concordat/round/1", BYTES);
    for (int time = 0; time < 3; time++) {
      VerifyingKey read = VerifyingKey.of(KEY.verifyingKey().bytes());
      assertThat(read.verify("concordat/round/1", BYTES, signature)).isTrue();
      assertThat(read.verify("concordat/round/2", BYTES, signature)).isFalse();
      assertThat(other.verifyingKey().verify("concordat/round/1", BYTES, signature)).isFalse();
      byte[] altered = signature.clone();
      altered[40] ^= 1;
      assertThat(read.verify("concordat/round/1", BYTES, altered)).isFalse();
    }
  }
}
