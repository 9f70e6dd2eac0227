package io.concordat.homes.token;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.Durable;
import io.concordat.homes.Home;
import io.concordat.homes.NativeProgram;
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
import java.util.Optional;
import java.util.Properties;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A PKCS#11 token with keys of ours: one AES-256 key, which wraps short secrets (AES-GCM, done
 * inside the token), and TLS keys, see {@link HeldKeys}.
 *
 * <p>Which token it is stands in {@code config/pkcs11.properties} ({@code library}, {@code
 * slotIndex}, {@code tlsKey}), its PIN in {@code keys/pkcs11.pin}.
 */
public final class HardwareToken {
  private static final String ALIAS = "concordat-wrap";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int MAX_PIN_BYTES = 256;
  private static final String LIBRARY = "library";
  private static final String SLOT = "slotIndex";
  private static final String TLS_KEY = "tlsKey";
  private static final String IN_TOKEN = "token";
  private static final String IN_FILE = "file";

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

  /** Why a program of this kind cannot use the token that the home names; empty if it can. */
  public static Optional<String> unusableHere(Home home) throws IOException {
    return NativeProgram.isThisProcess() && isChosen(home)
        ? Optional.of(unusable(settings(home)))
        : Optional.empty();
  }

  /** GraalVM prepares the JDK's PKCS#11 classes while it builds, against the builder's library. */
  private static String unusable(Path where) {
    return where
        + ": a native executable opens no PKCS#11 token; run this node and its commands on Java"
        + " where a token is used (docs/hospital-it.md)";
  }

  /** Whether the home names a token. */
  public static boolean isChosen(Home home) throws IOException {
    return chosen(home).containsKey(LIBRARY);
  }

  /**
   * Opens a token and writes down that the home uses it; where its TLS keys are made stays as it
   * was. One that does not open is not written down.
   */
  public static HardwareToken choose(Home home, Path library, int slotIndex, String pin)
      throws IOException {
    Properties chosen = chosen(home);
    chosen.setProperty(LIBRARY, library.toAbsolutePath().toString());
    chosen.setProperty(SLOT, Integer.toString(slotIndex));
    HardwareToken token = open(chosen, settings(home), pin.toCharArray());
    SecretFile.write(pinFile(home), pin.getBytes(StandardCharsets.UTF_8));
    write(home, chosen);
    return token;
  }

  /** Has the home's next TLS keys made in the token that was chosen, or in files again. */
  public static void makeTlsKeys(Home home, boolean inToken) throws IOException {
    Properties chosen = chosen(home);
    chosen.setProperty(TLS_KEY, inToken ? IN_TOKEN : IN_FILE);
    write(home, chosen);
  }

  /** Whether the home's next TLS key is to be made in its token. */
  public static boolean makesTlsKeys(Home home) throws IOException {
    String where = chosen(home).getProperty(TLS_KEY, IN_FILE);
    return switch (where) {
      case IN_TOKEN -> true;
      case IN_FILE -> false;
      default ->
          throw new IOException(
              settings(home) + ": " + TLS_KEY + ": expected token or file, found " + where);
    };
  }

  private static Properties chosen(Home home) throws IOException {
    Properties chosen = new Properties();
    if (Files.exists(settings(home))) {
      chosen.load(new StringReader(Files.readString(settings(home), StandardCharsets.ISO_8859_1)));
    }
    return chosen;
  }

  private static void write(Home home, Properties chosen) throws IOException {
    StringWriter text = new StringWriter();
    chosen.store(text, null);
    Durable.publish(settings(home), text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Opens the token that the home names. */
  public static HardwareToken open(Home home) throws IOException {
    byte[] pinBytes = SecretFile.read(pinFile(home), MAX_PIN_BYTES);
    char[] pin = new String(pinBytes, StandardCharsets.UTF_8).strip().toCharArray();
    Arrays.fill(pinBytes, (byte) 0);
    return open(chosen(home), settings(home), pin);
  }

  private static HardwareToken open(Properties chosen, Path where, char[] pin) throws IOException {
    String library = chosen.getProperty(LIBRARY, "");
    String slot = chosen.getProperty(SLOT, "0");
    if (NativeProgram.isThisProcess()) {
      throw new IOException(unusable(where));
    }
    if (!Files.isRegularFile(Path.of(library)) || !slot.matches("\\d{1,4}")) {
      throw new IOException(
          where + ": expected library, a PKCS#11 module's file, and slotIndex, a number");
    }
    try {
      Provider provider = provider(library, slot);
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      return new HardwareToken(provider, store);
    } catch (GeneralSecurityException | IOException | RuntimeException failed) {
      throw new IOException(
          "the PKCS#11 token of " + library + " does not open: " + words(failed), failed);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  /** What the token itself said stands at the end of the chain of causes. */
  private static String words(Throwable failed) {
    Throwable last = failed;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String said = String.valueOf(last.getMessage());
    return last == failed ? said : failed.getMessage() + " (" + said + ")";
  }

  /**
   * The provider for one slot of one library, the same at each call of this process. It is
   * registered behind all others, since TLS finds the signer of a held key among the registered
   * ones only; last, it is asked for nothing that another provider can do.
   */
  private static synchronized Provider provider(String library, String slot) {
    String name = "concordat-" + Digests.sha256(library + "|" + slot).hex().substring(0, 16);
    Provider known = Security.getProvider("SunPKCS11-" + name);
    if (known != null) {
      return known;
    }
    Provider made =
        Security.getProvider("SunPKCS11")
            .configure(
                "--name="
                    + name
                    + "\nlibrary=\""
                    + library
                    + "\"\nslotListIndex="
                    + slot
                    + "\nattributes(generate,CKO_SECRET_KEY,CKK_AES) = {\n CKA_TOKEN = true\n"
                    + " CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n CKA_ENCRYPT = true\n"
                    + " CKA_DECRYPT = true\n}\n"
                    + "attributes(generate,CKO_PRIVATE_KEY,CKK_EC) = {\n CKA_SENSITIVE = true\n"
                    + " CKA_EXTRACTABLE = false\n CKA_SIGN = true\n}\n");
    Security.addProvider(made);
    return made;
  }

  Provider provider() {
    return provider;
  }

  KeyStore store() {
    return store;
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
