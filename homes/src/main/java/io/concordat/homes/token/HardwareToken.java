package io.concordat.homes.token;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.Durable;
import io.concordat.homes.Home;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A PKCS#11 token with one AES-256 key of ours, which wraps short secrets (AES-GCM, done inside the
 * token).
 *
 * <p>Which token it is stands in {@code config/pkcs11.properties} ({@code library}, {@code
 * slotIndex}), its PIN in {@code keys/pkcs11.pin}.
 */
public final class HardwareToken {
  private static final String ALIAS = "concordat-wrap";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int MAX_PIN_BYTES = 256;

  private final Provider provider;
  private final KeyStore store;

  private HardwareToken(Provider provider, KeyStore store) {
    this.provider = provider;
    this.store = store;
  }

  static Path settings(Home home) {
    return home.config().resolve("pkcs11.properties");
  }

  private static Path pinFile(Home home) {
    return home.keys().resolve("pkcs11.pin");
  }

  /** Writes down which token a home uses. */
  public static void choose(Home home, Path library, int slotIndex, String pin) throws IOException {
    Properties chosen = new Properties();
    chosen.setProperty("library", library.toAbsolutePath().toString());
    chosen.setProperty("slotIndex", Integer.toString(slotIndex));
    StringWriter text = new StringWriter();
    chosen.store(text, null);
    SecretFile.write(pinFile(home), pin.getBytes(StandardCharsets.UTF_8));
    Durable.publish(settings(home), text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Opens the token that the home names. */
  public static HardwareToken open(Home home) throws IOException {
    Properties chosen = new Properties();
    chosen.load(new StringReader(Files.readString(settings(home), StandardCharsets.ISO_8859_1)));
    String library = chosen.getProperty("library", "");
    String slot = chosen.getProperty("slotIndex", "0");
    if (!Files.isRegularFile(Path.of(library)) || !slot.matches("\\d{1,4}")) {
      throw new IOException(
          settings(home) + ": expected library, a PKCS#11 module's file, and slotIndex, a number");
    }
    byte[] pinBytes = SecretFile.read(pinFile(home), MAX_PIN_BYTES);
    char[] pin = new String(pinBytes, StandardCharsets.UTF_8).strip().toCharArray();
    Arrays.fill(pinBytes, (byte) 0);
    try {
      Provider provider =
          Security.getProvider("SunPKCS11")
              .configure(
                  "--name=concordat\nlibrary=\""
                      + library
                      + "\"\nslotListIndex="
                      + slot
                      + "\nattributes(generate,CKO_SECRET_KEY,CKK_AES) = {\n CKA_TOKEN = true\n"
                      + " CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n CKA_ENCRYPT = true\n"
                      + " CKA_DECRYPT = true\n}\n");
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      return new HardwareToken(provider, store);
    } catch (GeneralSecurityException | IOException | RuntimeException failed) {
      throw new IOException(
          "the PKCS#11 token of " + settings(home) + " does not open: " + failed.getMessage(),
          failed);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  private SecretKey key(boolean make) throws GeneralSecurityException, IOException {
    if (store.getKey(ALIAS, null) instanceof SecretKey known) {
      return known;
    }
    if (!make) {
      throw new IOException("the token has no key \"" + ALIAS + "\"; is it the right one?");
    }
    KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
    generator.init(256);
    Key made = generator.generateKey();
    store.setKeyEntry(ALIAS, made, null, null);
    return (SecretKey) store.getKey(ALIAS, null);
  }

  /** Wraps a secret; makes the token's key on the first call. */
  String wrap(byte[] secret, Randomness randomness) throws IOException {
    byte[] nonce = new byte[NONCE_BYTES];
    randomness.fill(nonce);
    try {
      Cipher cipher = Cipher.getInstance(CIPHER, provider);
      cipher.init(Cipher.ENCRYPT_MODE, key(true), new GCMParameterSpec(TAG_BITS, nonce));
      byte[] sealed = cipher.doFinal(secret);
      byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    } catch (GeneralSecurityException | RuntimeException failed) {
      throw new IOException("the token does not wrap: " + failed.getMessage(), failed);
    }
  }

  /** The secret again. */
  byte[] unwrap(String wrapped) throws IOException {
    try {
      byte[] both = Base64.getUrlDecoder().decode(wrapped);
      Cipher cipher = Cipher.getInstance(CIPHER, provider);
      cipher.init(
          Cipher.DECRYPT_MODE,
          key(false),
          new GCMParameterSpec(TAG_BITS, Arrays.copyOf(both, NONCE_BYTES)));
      return cipher.doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
    } catch (GeneralSecurityException | RuntimeException failed) {
      throw new IOException("the token does not unwrap: " + failed.getMessage(), failed);
    }
  }
}
