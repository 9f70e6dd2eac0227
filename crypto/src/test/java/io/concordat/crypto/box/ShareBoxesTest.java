package io.concordat.crypto.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShareBoxesTest {
  private static final RoundContext CONTEXT =
      RoundContext.of("{\"round\":1}".getBytes(StandardCharsets.US_ASCII));
  private static final BoxKeyPair KEYS = BoxKeyPair.generate(filled(32, 3));
  private static final byte[] SHARE = filled(512, 9);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] sealed() {
    return ShareBoxes.seal(CONTEXT, 4, 2, KEYS.publicKey(), SHARE, filled(64, 1));
  }

  @Test
  void makesTheKeysAndEncapsulationsOfTheXWingDraft() throws IOException {
    for (Map<String, byte[]> vector : Vectors.read("x-wing.txt")) {
      BoxKeyPair keys = BoxKeyPair.generate(Vectors.get(vector, "sk"));
      assertThat(keys.publicKey().bytes()).isEqualTo(Vectors.get(vector, "pk"));
      byte[] object =
          ShareBoxes.seal(CONTEXT, 0, 1, keys.publicKey(), SHARE, Vectors.get(vector, "eseed"));
      assertThat(Arrays.copyOfRange(object, 16, 16 + 1120)).isEqualTo(Vectors.get(vector, "ct"));
    }
  }

  /**
   * Bouncy Castle against the draft's own HPKE vector, whose suite differs in KDF and AEAD only.
   */
  @Test
  void composesHpkeAsItsPostQuantumDraftDoes() throws IOException, InvalidCipherTextException {
    Map<String, byte[]> vector = Vectors.read("hpke-x-wing.txt").getFirst();
    HPKE hpke =
        new HPKE(
            HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    var sender =
        hpke.setupBaseS(
            hpke.deserializePublicKey(Vectors.get(vector, "pkRm")),
            Vectors.get(vector, "info"),
            Vectors.get(vector, "ikmE"));
    assertThat(sender.getEncapsulation()).isEqualTo(Vectors.get(vector, "enc"));
    assertThat(sender.seal(Vectors.get(vector, "aad"), Vectors.get(vector, "pt")))
        .isEqualTo(Vectors.get(vector, "ct"));
  }

  /**
   * Our very suite: shared secret from the draft's vector, key schedule and cipher from the JDK.
   */
  @Test
  void agreesWithASecondReadingOfRfc9180() throws IOException, GeneralSecurityException {
    byte[] info = concat("concordat/box/1".getBytes(StandardCharsets.US_ASCII), CONTEXT.bytes());
    byte[] associated = ByteBuffer.allocate(8).putInt(4).putInt(2).array();
    for (Map<String, byte[]> vector : Vectors.read("x-wing.txt")) {
      byte[] suite = HexFormat.of().parseHex("48504b45647a00030002");
      byte[] schedule =
          concat(
              new byte[1],
              extract(suite, new byte[0], "psk_id_hash", new byte[0]),
              extract(suite, new byte[0], "info_hash", info));
      byte[] secret = extract(suite, Vectors.get(vector, "ss"), "secret", new byte[0]);
      byte[] key = expand(suite, secret, "key", schedule, 32);
      byte[] nonce = expand(suite, secret, "base_nonce", schedule, 12);
      Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
      aes.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
      aes.updateAAD(associated);
      byte[] object =
          ShareBoxes.seal(
              CONTEXT,
              4,
              2,
              BoxKeyPair.generate(Vectors.get(vector, "sk")).publicKey(),
              SHARE,
              Vectors.get(vector, "eseed"));
      assertThat(Arrays.copyOfRange(object, 16 + 1120, object.length))
          .isEqualTo(aes.doFinal(SHARE));
    }
  }

  private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] ikm)
      throws GeneralSecurityException {
    return hmac(
        salt.length == 0 ? new byte[64] : salt, concat(ascii("HPKE-v1"), suite, ascii(label), ikm));
  }

  private static byte[] expand(byte[] suite, byte[] prk, String label, byte[] info, int length)
      throws GeneralSecurityException {
    byte[] labelled =
        concat(new byte[] {0, (byte) length}, ascii("HPKE-v1"), suite, ascii(label), info);
    return Arrays.copyOf(hmac(prk, concat(labelled, new byte[] {1})), length);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(key, "HMAC"));
    return mac.doFinal(message);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void givesBouncyCastlesBytesForTheWholeSuite() throws InvalidCipherTextException {
    HPKE hpke =
        new HPKE(HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA512, HPKE.aead_AES_GCM256);
    byte[] info = concat(ascii("concordat/box/1"), CONTEXT.bytes());
    byte[] associated = ByteBuffer.allocate(8).putInt(4).putInt(2).array();
    for (int i = 0; i < 20; i++) {
      BoxKeyPair keys = BoxKeyPair.generate(filled(32, i));
      byte[] share = filled(2 + 401 * i, 7 * i);
      byte[] seed = filled(64, 100 + i);
      var pair = hpke.deserializePrivateKey(filled(32, i), null);
      assertThat(keys.publicKey().bytes()).isEqualTo(hpke.serializePublicKey(pair.getPublic()));
      var sender = hpke.setupBaseS(pair.getPublic(), info, seed.clone());
      byte[] object = ShareBoxes.seal(CONTEXT, 4, 2, keys.publicKey(), share, seed);
      byte[] sealed = Arrays.copyOfRange(object, 16 + 1120, object.length);
      assertThat(sealed).isEqualTo(sender.seal(associated, share));
      assertThat(hpke.setupBaseR(sender.getEncapsulation(), pair, info).open(associated, sealed))
          .isEqualTo(share);
    }
  }

  @Test
  void goldenBytesOfABox() {
    assertThat(KEYS.publicKey().digest().hex())
        .isEqualTo("5b8e64e6709228bd7e4ed2942858a210fa08a85e83ee31c65ef17e119f77755c");
    assertThat(Digests.sha256(sealed()).hex())
        .isEqualTo("f4542163c89458a66eb698b0dbf4156cf1c012aaf840f4c572594aa7a39564cc");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 16_384, 32_768})
  void opensWhatItSealed(int length) throws DecodeException {
    byte[] share = filled(length, 5);
    byte[] object = ShareBoxes.seal(CONTEXT, 0, 32, KEYS.publicKey(), share, filled(64, 1));
    assertThat(object).hasSize(BoxLength.ofShare(length));
    assertThat(ShareBoxes.open(CONTEXT, 0, 32, KEYS, object, length)).isEqualTo(share);
  }

  @Test
  void sealsTheSameBytesAgain() {
    assertThat(sealed()).isEqualTo(sealed());
  }

  @Test
  void staysClosedInAnotherRoundForAnotherSiloHolderOrKey() {
    byte[] object = sealed();
    RoundContext other = RoundContext.of(new byte[1]);
    BoxKeyPair stranger = BoxKeyPair.generate(filled(32, 4));
    refuses(other, 4, 2, KEYS, object);
    refuses(CONTEXT, 5, 2, KEYS, object);
    refuses(CONTEXT, 4, 3, KEYS, object);
    refuses(CONTEXT, 2, 4, KEYS, object);
    refuses(CONTEXT, 4, 2, stranger, object);
  }

  private static void refuses(
      RoundContext context, int silo, int holder, BoxKeyPair keys, byte[] object) {
    assertThatThrownBy(() -> ShareBoxes.open(context, silo, holder, keys, object, SHARE.length))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void staysClosedWhenAnyByteIsAltered() {
    byte[] object = sealed();
    for (int at = 0; at < object.length; at++) {
      byte[] altered = object.clone();
      altered[at] ^= (byte) (1 << at % 8);
      refuses(CONTEXT, 4, 2, KEYS, altered);
    }
  }

  @Test
  void staysClosedWithAnEphemeralPointOfSmallOrder() {
    byte[] object = sealed();
    Arrays.fill(object, 16 + 1088, 16 + 1120, (byte) 0);
    refuses(CONTEXT, 4, 2, KEYS, object);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 16, 1136, 1663, 1665})
  void refusesAnotherLengthBeforeOpening(int length) {
    assertThatThrownBy(() ->
            ShareBoxes.open(CONTEXT, 4, 2, KEYS, Arrays.copyOf(sealed(), length), SHARE.length))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("1664");
  }

  @Test
  void refusesAKeyWhoseLatticePartIsNotReduced() {
    byte[] encoded = KEYS.publicKey().bytes();
    encoded[0] = (byte) 0x01;
    encoded[1] = (byte) (encoded[1] & 0xf0 | 0x0d);
    assertThatThrownBy(() -> BoxPublicKey.of(encoded))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("unreduced");
  }

  @Test
  void refusesAKeyWhoseCurvePartHasSmallOrder() {
    byte[] encoded = KEYS.publicKey().bytes();
    Arrays.fill(encoded, 1184, 1216, (byte) 0);
    assertThatThrownBy(() -> BoxPublicKey.of(encoded))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("small order");
  }

  @Test
  void readsBackTheTextOfAKeyAndNoOtherSpelling() throws DecodeException {
    String text = KEYS.publicKey().toString();
    assertThat(BoxPublicKey.parse(text)).isEqualTo(KEYS.publicKey());
    for (String other : new String[] {"", text + "=", text.substring(1), text + "A", "!" + text}) {
      assertThatThrownBy(() -> BoxPublicKey.parse(other)).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void opensNothingOnceDestroyed() {
    BoxKeyPair keys = BoxKeyPair.generate(filled(32, 3));
    keys.destroy();
    assertThat(keys.isDestroyed()).isTrue();
    assertThatThrownBy(() -> ShareBoxes.open(CONTEXT, 4, 2, keys, sealed(), SHARE.length))
        .isInstanceOf(IllegalStateException.class);
  }
}
