package io.concordat.crypto.box;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.random.Hkdf;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyGenerationParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyPairGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;

/**
 * HPKE's base mode (RFC 9180, sections 5.1 and 5.2) for one message under X-Wing (0x647a),
 * HKDF-SHA-512 and AES-256-GCM: the encapsulation is Bouncy Castle's, HMAC and the cipher are the
 * JDK's. Bouncy Castle has the whole of it too, with a cipher in plain Java, which was half of a
 * box's time; the tests hold both to the same bytes.
 */
final class HpkeBase {
  private static final byte[] SUITE =
      HexFormat.of().parseHex("48504b45" + "647a" + "0003" + "0002");
  private static final byte[] VERSION = "HPKE-v1".getBytes(US_ASCII);
  private static final byte[] NOTHING = new byte[0];
  private static final int HASH_BYTES = 64;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** Base mode has no pre-shared key: the hash of its empty name never changes. */
  private static final byte[] NO_PSK_ID = extract(NOTHING, "psk_id_hash", NOTHING);

  /** An encapsulation and the message sealed under its secret. */
  record Sealed(byte[] encapsulation, byte[] message) {}

  private HpkeBase() {}

  /** The key pair that 32 secret bytes stand for. */
  static AsymmetricCipherKeyPair keyPair(byte[] secret) {
    XWingKeyPairGenerator generator = new XWingKeyPairGenerator();
    generator.init(new XWingKeyGenerationParameters(new SeedStream(secret)));
    return generator.generateKeyPair();
  }

  /**
   * Seals one message.
   *
   * @param seed all randomness of the encapsulation: 32 bytes for ML-KEM, 32 for X25519
   */
  static Sealed seal(
      XWingPublicKeyParameters key, byte[] info, byte[] associated, byte[] message, byte[] seed) {
    SecretWithEncapsulation shared =
        new XWingKEMGenerator(new SeedStream(seed)).generateEncapsulated(key);
    byte[] secret = shared.getSecret();
    try {
      return new Sealed(
          shared.getEncapsulation(),
          cipher(Cipher.ENCRYPT_MODE, secret, info, associated).doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("sealing cannot fail", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * Opens one message.
   *
   * @throws AEADBadTagException if it was not sealed so
   * @throws IllegalStateException if the X25519 part is a point of small order
   */
  static byte[] open(
      XWingPrivateKeyParameters key,
      byte[] encapsulation,
      byte[] info,
      byte[] associated,
      byte[] sealed)
      throws AEADBadTagException {
    byte[] secret = new XWingKEMExtractor(key).extractSecret(encapsulation);
    try {
      return cipher(Cipher.DECRYPT_MODE, secret, info, associated).doFinal(sealed);
    } catch (AEADBadTagException forged) {
      throw forged;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("the platform must have AES-GCM", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static Cipher cipher(int mode, byte[] shared, byte[] info, byte[] associated)
      throws GeneralSecurityException {
    byte[] schedule =
        ByteBuffer.allocate(1 + 2 * HASH_BYTES)
            .put((byte) 0)
            .put(NO_PSK_ID)
            .put(extract(NOTHING, "info_hash", info))
            .array();
    byte[] secret = extract(shared, "secret", NOTHING);
    byte[] key = expand(secret, "key", schedule, KEY_BYTES);
    byte[] nonce = expand(secret, "base_nonce", schedule, NONCE_BYTES);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(associated);
      return cipher;
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /** LabeledExtract (RFC 9180, section 4). */
  private static byte[] extract(byte[] salt, String label, byte[] input) {
    byte[] name = label.getBytes(US_ASCII);
    byte[] labelled =
        ByteBuffer.allocate(VERSION.length + SUITE.length + name.length + input.length)
            .put(VERSION)
            .put(SUITE)
            .put(name)
            .put(input)
            .array();
    return Hkdf.extract(salt.length == 0 ? new byte[HASH_BYTES] : salt, labelled);
  }

  /** LabeledExpand (RFC 9180, section 4). */
  private static byte[] expand(byte[] key, String label, byte[] info, int length) {
    byte[] name = label.getBytes(US_ASCII);
    byte[] labelled =
        ByteBuffer.allocate(2 + VERSION.length + SUITE.length + name.length + info.length)
            .putShort((short) length)
            .put(VERSION)
            .put(SUITE)
            .put(name)
            .put(info)
            .array();
    return Hkdf.expand(key, labelled, length);
  }

  /** Gives out a seed once, in order, where Bouncy Castle asks for randomness. */
  private static final class SeedStream extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient ByteBuffer seed;

    SeedStream(byte[] seed) {
      super(null, null);
      this.seed = ByteBuffer.wrap(seed);
    }

    @Override
    public void nextBytes(byte[] out) {
      // More than the seed has is never asked for; if it were, this throws.
      seed.get(out);
    }
  }
}
