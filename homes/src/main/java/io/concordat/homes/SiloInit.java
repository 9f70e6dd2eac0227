package io.concordat.homes;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.SigningKeyFile;
import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * Makes a silo node's home ready to run, in as many calls as the institutions need: the node key
 * first, since the policy names it, then the signed policy, the certificate and the settings. Every
 * call keeps what an earlier one made.
 */
public final class SiloInit {
  private static final int SECRET_BYTES = 32;

  private final SiloHome silo;
  private final Randomness randomness;

  public SiloInit(Path home, Randomness randomness) {
    this.silo = new SiloHome(home);
    this.randomness = randomness;
  }

  /** Creates the folders. */
  public void createFolders() throws IOException {
    silo.home().create();
    SecretFile.createFolder(silo.boxes());
  }

  /**
   * The node's public keys, as the policy's {@code nodeKey} wants it; made on the first call
   * together with the node secret.
   *
   * @param institution whose node this is; it names the key in the key store
   */
  public PublicKeys nodeKey(String institution) throws IOException, DecodeException {
    createFolders();
    if (!Files.exists(silo.nodeSecretFile())) {
      byte[] secret = new byte[SECRET_BYTES];
      randomness.fill(secret);
      SecretFile.write(silo.nodeSecretFile(), secret);
      Arrays.fill(secret, (byte) 0);
    }
    if (!Files.exists(silo.nodeKeyFile())) {
      byte[] random = new byte[SECRET_BYTES];
      randomness.fill(random);
      char[] password =
          Base64.getUrlEncoder().withoutPadding().encodeToString(random).toCharArray();
      Arrays.fill(random, (byte) 0);
      // The password first: a key store without it would have to be thrown away.
      SecretFile.write(
          silo.nodePasswordFile(), new String(password).getBytes(StandardCharsets.US_ASCII));
      SigningKey key = SigningKey.generate(randomness);
      SigningKeyFile.write(silo.nodeKeyFile(), key, institution, password);
      Arrays.fill(password, '\0');
      key.destroy();
    }
    SigningKey key = readNodeKey(silo);
    try {
      return key.publicKeys();
    } finally {
      key.destroy();
    }
  }

  /** Opens the node key of a home. */
  public static SigningKey readNodeKey(SiloHome silo) throws IOException, DecodeException {
    char[] text = PasswordFile.read(silo.home(), silo.nodePasswordFile());
    try {
      return SigningKeyFile.read(silo.nodeKeyFile(), text);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /** The node secret of a home, 32 bytes; the caller zeroes it. */
  public static byte[] readNodeSecret(SiloHome silo) throws IOException {
    byte[] secret = SecretFile.read(silo.nodeSecretFile(), SECRET_BYTES);
    if (secret.length != SECRET_BYTES) {
      throw new IOException(
          silo.nodeSecretFile() + " has " + secret.length + " bytes, expected 32");
    }
    return secret;
  }

  /** Copies the signed policy in; the service checks it when it starts. */
  public void policy(Path file, Path signatures) throws IOException {
    createFolders();
    InitFiles.policy(silo.home(), file, signatures);
  }

  /**
   * Copies the node's certificate and key, and the authority that signs the aggregator's
   * certificate.
   */
  public void certificate(Path keyStore, String password, Path authority) throws IOException {
    createFolders();
    InitFiles.certificate(silo.home(), keyStore, password, authority);
  }

  /** Writes settings, if there are none yet; a person edits the file from then on. */
  public void settings(Map<String, String> settings) throws IOException {
    createFolders();
    InitFiles.settings(silo.home(), settings);
  }
}
