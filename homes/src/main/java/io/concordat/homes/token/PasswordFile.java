package io.concordat.homes.token;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A key store's password on disk: as it is, or wrapped by the home's token. */
public final class PasswordFile {
  private static final String WRAPPED = "pkcs11:";
  private static final int MAX_BYTES = 1024;

  private PasswordFile() {}

  /** The password; the caller zeroes it. Opens the token only if the file needs it. */
  public static char[] read(Home home, Path file) throws IOException {
    byte[] bytes = SecretFile.read(file, MAX_BYTES);
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    Arrays.fill(bytes, (byte) 0);
    if (!text.startsWith(WRAPPED)) {
      return text.toCharArray();
    }
    byte[] secret = HardwareToken.open(home).unwrap(text.substring(WRAPPED.length()));
    char[] password = new String(secret, StandardCharsets.US_ASCII).toCharArray();
    Arrays.fill(secret, (byte) 0);
    return password;
  }

  /** Wraps a password that lies there plainly; one that is wrapped already stays. */
  public static boolean wrap(Home home, Path file, HardwareToken token, Randomness randomness)
      throws IOException {
    byte[] bytes = SecretFile.read(file, MAX_BYTES);
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    Arrays.fill(bytes, (byte) 0);
    if (text.startsWith(WRAPPED)) {
      return false;
    }
    String wrapped = token.wrap(text.getBytes(StandardCharsets.US_ASCII), randomness);
    // Read back before the plain one goes: a key store without its password is lost.
    if (!Arrays.equals(token.unwrap(wrapped), text.getBytes(StandardCharsets.US_ASCII))) {
      throw new IOException("the token did not give back what it wrapped; " + file + " stays");
    }
    SecretFile.write(file, (WRAPPED + wrapped).getBytes(StandardCharsets.US_ASCII));
    return true;
  }
}
