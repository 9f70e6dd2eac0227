package io.concordat.homes;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.policy.LogKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a home ready to run, in as many calls as the institutions need: the log key first, since
 * the policy names it, then the signed policy and the certificate.
 *
 * <p>Every call keeps what an earlier one made. A log key is never replaced: a new one would be a
 * new log.
 */
public final class AggregatorInit {
  private final AggregatorHome home;
  private final Randomness randomness;

  public AggregatorInit(Path home, Randomness randomness) {
    this.home = new AggregatorHome(home);
    this.randomness = randomness;
  }

  /** Creates the folders. */
  public void createFolders() throws IOException {
    home.home().create();
  }

  /**
   * The log's public keys, as the policy's {@code log} wants them; made on the first call.
   *
   * @param origin the log's origin, which is also its key's name
   * @throws IOException if there is a key for another origin
   */
  public LogKeys logKey(String origin) throws IOException {
    createFolders();
    Path file = home.logKeyFile();
    if (!Files.exists(file)) {
      byte[] seed = new byte[SigningKey.SEED_BYTES];
      randomness.fill(seed);
      try {
        SecretFile.write(file, seed);
      } finally {
        Arrays.fill(seed, (byte) 0);
      }
    }
    SigningKey key = readLogKey(home);
    LogKeys keys = LogKeys.of(origin, key);
    key.destroy();
    if (Files.exists(home.logKeyLineFile())
        && !Files.readAllLines(home.logKeyLineFile()).getFirst().equals(keys.classic())) {
      throw new IOException(
          home.logKeyLineFile() + " is for another origin; one home keeps one log");
    }
    String text = String.join("\n", keys.classic(), keys.quantum(), keys.release(), "");
    Durable.publish(home.logKeyLineFile(), text.getBytes(StandardCharsets.UTF_8));
    return keys;
  }

  /** Reads the secret that {@link #logKey} made. */
  public static SigningKey readLogKey(AggregatorHome home) throws IOException {
    byte[] seed = SecretFile.read(home.logKeyFile(), SigningKey.SEED_BYTES);
    if (seed.length != SigningKey.SEED_BYTES) {
      throw new IOException(home.logKeyFile() + " has " + seed.length + " bytes, expected 32");
    }
    try {
      return SigningKey.fromSeed(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /**
   * Copies the signed policy in. The service checks it at its start; here only its size is looked
   * at.
   *
   * @param signatures the detached signatures beside it
   */
  public void policy(Path file, Path signatures) throws IOException {
    createFolders();
    InitFiles.policy(home.home(), file, signatures);
  }

  /**
   * Copies the server's certificate and key, and the authority that signs nodes' certificates.
   *
   * @param keyStore PKCS#12 with the server's key and chain
   * @param password of the key store
   * @param authority PEM of the authority's certificate; its key never comes here
   */
  public void certificate(Path keyStore, String password, Path authority) throws IOException {
    createFolders();
    InitFiles.certificate(home.home(), keyStore, password, authority);
  }

  /**
   * Makes tokens for the first people; the service takes their digests in at its next start.
   *
   * @param roleByName for each name one of data-scientist, compliance-officer, operator
   * @return token text by name, shown once and stored nowhere
   */
  public Map<String, String> tokens(Map<String, String> roleByName) throws IOException {
    createFolders();
    Path file = home.firstTokensFile();
    List<String> lines =
        new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
    Map<String, String> shown = new TreeMap<>();
    for (Map.Entry<String, String> person : roleByName.entrySet()) {
      byte[] random = new byte[32];
      randomness.fill(random);
      String token = TokenText.of(random);
      shown.put(person.getKey(), token);
      lines.add(person.getKey() + "\t" + person.getValue() + "\t" + TokenText.digest(token));
    }
    SecretFile.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    return shown;
  }

  /** Writes settings, if there are none yet; a person edits the file from then on. */
  public void settings(Map<String, String> settings) throws IOException {
    createFolders();
    InitFiles.settings(home.home(), settings);
  }

  /** What is still missing before the service can start, in one sentence; empty when it can. */
  public Optional<String> missing() throws IOException {
    List<String> findings = new ArrayList<>(home.home().findings());
    for (Map.Entry<Path, String> needed :
        Map.of(
                home.logKeyFile(), "the log key",
                home.home().policyFile(), "the signed policy",
                home.home().policySignaturesFile(), "the policy's signatures",
                home.home().tlsKeyStoreFile(), "the server's certificate and key",
                home.home().authorityFile(), "the certificate authority")
            .entrySet()) {
      if (!Files.exists(needed.getKey())) {
        findings.add(needed.getValue() + " is missing at " + needed.getKey());
      }
    }
    return findings.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", findings));
  }
}
