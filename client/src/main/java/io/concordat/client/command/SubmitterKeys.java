package io.concordat.client.command;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Submitter keys on disk: PKCS#8 in PEM (RFC 8410), which OpenSSL reads too, in a file only its
 * owner may read.
 */
public final class SubmitterKeys {
  /**
   * DER of everything that stands before the 32-byte seed in a PKCS#8 Ed25519 key (RFC 8410,
   * section 10.3).
   */
  private static final byte[] HEAD = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private SubmitterKeys() {}

  /**
   * The key that a command signs with: {@code key} if given, else $CONCORDAT_KEY, else the
   * profile's.
   */
  static SigningKey open(@Nullable Path key, ServerOptions server)
      throws IOException, InvalidInputException {
    if (key != null) {
      return read(key);
    }
    String environment = System.getenv("CONCORDAT_KEY");
    if (environment != null && !environment.isBlank()) {
      return read(Path.of(environment));
    }
    String remembered = Profile.read(server.profileFile()).keyFile();
    if (remembered == null) {
      throw new InvalidInputException(
          "which submitter key? Give --key FILE; 'concordat submitter init' makes one for an institution to endorse");
    }
    return read(Path.of(remembered));
  }

  /** Makes a key; an existing file is never overwritten. */
  public static SigningKey create(Path file, Randomness randomness)
      throws IOException, InvalidInputException {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    randomness.fill(seed);
    SigningKey key = SigningKey.fromSeed(seed);
    byte[] der = Arrays.copyOf(HEAD, HEAD.length + seed.length);
    System.arraycopy(seed, 0, der, HEAD.length, seed.length);
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(der)
            + "\n-----END PRIVATE KEY-----\n";
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(der, (byte) 0);
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new InvalidInputException(file + ": exists already; a key is never overwritten", e);
    }
    Files.writeString(file, pem);
    return key;
  }

  /** Reads a key file and refuses one that others may read. */
  public static SigningKey read(Path file) throws IOException, InvalidInputException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!mode.endsWith("------")) {
      throw new InvalidInputException(
          file + ": others may read this key (mode " + mode + "); run chmod 600 on it");
    }
    String body =
        Files.readString(file, StandardCharsets.US_ASCII)
            .replace("-----BEGIN PRIVATE KEY-----", "")
            .replace("-----END PRIVATE KEY-----", "")
            .replaceAll("\\s", "");
    byte[] der;
    try {
      der = Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file + ": not a PEM private key", e);
    }
    if (der.length != HEAD.length + SigningKey.SEED_BYTES
        || !Arrays.equals(der, 0, HEAD.length, HEAD, 0, HEAD.length)) {
      throw new InvalidInputException(file + ": not an Ed25519 private key (PKCS#8, RFC 8410)");
    }
    byte[] seed = Arrays.copyOfRange(der, HEAD.length, der.length);
    try {
      return SigningKey.fromSeed(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }
}
