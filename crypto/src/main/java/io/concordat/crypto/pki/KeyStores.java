package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * PKCS#12 stores as the JDK writes them since 16: entries under PBES2 with AES-256 and
 * HMAC-SHA-256, the whole under HmacPBESHA256. Only stores from one's own disk are read, never one
 * that a peer sent.
 */
public final class KeyStores {
  static final int MAX_BYTES = 1 << 20;

  private KeyStores() {}

  /**
   * A password for a store that a machine opens: 192 bits as 32 characters. Against these no number
   * of iterations matters, so the JDK's stays.
   */
  public static char[] newPassword(Randomness randomness) {
    byte[] bytes = new byte[24];
    randomness.fill(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).toCharArray();
  }

  /** Writes the certificates a peer may chain to. */
  public static void saveTrust(Path file, List<X509Certificate> roots, char[] password)
      throws IOException {
    SecretFile.write(file, encode(trustStore(roots), password));
  }

  /** A trust store in memory, for {@link javax.net.ssl.TrustManagerFactory}. */
  public static KeyStore trustStore(List<X509Certificate> roots) {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("a trust store needs at least one certificate");
    }
    try {
      KeyStore store = empty();
      for (int i = 0; i < roots.size(); i++) {
        store.setCertificateEntry("root-" + i, roots.get(i));
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK keeps certificates in PKCS#12", e);
    }
  }

  /** Reads the certificates of a trust store, in the order of their names. */
  public static List<X509Certificate> loadTrust(Path file, char[] password)
      throws IOException, DecodeException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new DecodeException(file + ": a trust store has at most " + MAX_BYTES + " bytes");
    }
    KeyStore store = decode(file, Files.readAllBytes(file), password);
    List<X509Certificate> roots = new ArrayList<>();
    try {
      List<String> aliases = Collections.list(store.aliases());
      Collections.sort(aliases);
      for (String alias : aliases) {
        Certificate certificate = store.getCertificate(alias);
        if (store.isCertificateEntry(alias) && certificate instanceof X509Certificate x509) {
          roots.add(x509);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("a loaded store lists its entries", e);
    }
    if (roots.isEmpty()) {
      throw new DecodeException(file + ": no trusted certificate in this store");
    }
    return List.copyOf(roots);
  }

  static KeyStore empty() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new InvariantViolation("every JDK has PKCS#12", e);
    }
  }

  static byte[] encode(KeyStore store, char[] password) throws IOException {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password);
      return out.toByteArray();
    } catch (GeneralSecurityException e) {
      throw new InvariantViolation("every JDK writes PKCS#12", e);
    }
  }

  static KeyStore decode(Path file, byte[] content, char[] password) throws DecodeException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(content), password);
      return store;
    } catch (IOException e) {
      throw new DecodeException(
          e.getCause() instanceof UnrecoverableKeyException
              ? file + ": wrong password"
              : file + ": not a PKCS#12 key store",
          e);
    } catch (GeneralSecurityException e) {
      throw new DecodeException(file + ": not a key store this JDK can read", e);
    }
  }
}
