package io.concordat.homes;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The folder a federation's certificate authority lives in, on a machine of its own.
 *
 * <pre>
 * ca.p12        the root's key; ca.password opens it
 * ca.pem        the root's certificate, for everybody
 * </pre>
 */
public record AuthorityFolder(Path folder) {
  private static final int MAX_PASSWORD_BYTES = 1024;

  private Path store() {
    return folder.resolve("ca.p12");
  }

  private Path password() {
    return folder.resolve("ca.password");
  }

  /** What every institution gets. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /** Whether an authority is there already; its key is never replaced. */
  public boolean exists() {
    return Files.exists(store());
  }

  /** Writes a new authority, readable by its owner only. */
  public void save(CertificateAuthority authority, Randomness randomness) throws IOException {
    SecretFile.createFolder(folder);
    char[] password = KeyStores.newPassword(randomness);
    SecretFile.write(password(), new String(password).getBytes(StandardCharsets.US_ASCII));
    authority.save(store(), password);
    Arrays.fill(password, '\0');
    Files.writeString(certificate(), Certificates.toPem(authority.certificate()));
  }

  /** The authority with its key. */
  public CertificateAuthority open() throws IOException, DecodeException {
    byte[] text = SecretFile.read(password(), MAX_PASSWORD_BYTES);
    char[] password = new String(text, StandardCharsets.US_ASCII).toCharArray();
    try {
      return CertificateAuthority.load(store(), password);
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(password, '\0');
    }
  }
}
