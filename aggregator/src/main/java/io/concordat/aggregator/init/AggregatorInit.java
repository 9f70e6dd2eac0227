package io.concordat.aggregator.init;

import io.concordat.aggregator.home.Home;
import io.concordat.aggregator.home.TokenText;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.crypto.sign.SigningKey;
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
  private static final int MAX_FILE_BYTES = 1 << 20;

  private final Home home;
  private final Randomness randomness;

  public AggregatorInit(Path home, Randomness randomness) {
    this.home = new Home(home);
    this.randomness = randomness;
  }

  /** Creates the folders. */
  public void createFolders() throws IOException {
    home.create();
  }

  /**
   * The log's public key as a note verifier line, as the policy's {@code log.keys} wants it; made
   * on the first call.
   *
   * @param origin the log's origin, which is also its key's name
   * @throws IOException if there is a key for another origin
   */
  public String logKey(String origin) throws IOException {
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
    NoteKey line = NoteKey.of(origin, SignatureType.ED25519, key.verifyingKey().bytes());
    key.destroy();
    byte[] text = (line.line() + "\n").getBytes(StandardCharsets.UTF_8);
    if (Files.exists(home.logKeyLineFile())
        && !Arrays.equals(Files.readAllBytes(home.logKeyLineFile()), text)) {
      throw new IOException(
          home.logKeyLineFile() + " is for another origin; one home keeps one log");
    }
    Home.writePublic(home.logKeyLineFile(), text);
    return line.line();
  }

  /** Reads the secret that {@link #logKey} made. */
  public static SigningKey readLogKey(Home home) throws IOException {
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
    Home.writePublic(home.policyFile(), read(file));
    Home.writePublic(home.policySignaturesFile(), read(signatures));
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
    SecretFile.write(home.tlsKeyStoreFile(), read(keyStore));
    SecretFile.write(home.tlsPasswordFile(), password.getBytes(StandardCharsets.UTF_8));
    Home.writePublic(home.authorityFile(), read(authority));
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
    if (Files.exists(home.settingsFile())) {
      return;
    }
    StringBuilder text = new StringBuilder("# How this one node runs. The policy is elsewhere.\n");
    new TreeMap<>(settings)
        .forEach((key, value) ->
            text.append(key).append(": \"").append(value.replace("\"", "\\\"")).append("\"\n"));
    Home.writePublic(home.settingsFile(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What is still missing before the service can start, in one sentence; empty when it can. */
  public Optional<String> missing() throws IOException {
    List<String> findings = new ArrayList<>(home.findings());
    for (Map.Entry<Path, String> needed :
        Map.of(
                home.logKeyFile(), "the log key",
                home.policyFile(), "the signed policy",
                home.policySignaturesFile(), "the policy's signatures",
                home.tlsKeyStoreFile(), "the server's certificate and key",
                home.authorityFile(), "the certificate authority")
            .entrySet()) {
      if (!Files.exists(needed.getKey())) {
        findings.add(needed.getValue() + " is missing at " + needed.getKey());
      }
    }
    return findings.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", findings));
  }

  private static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(file + " has " + size + " bytes; at most 1 MiB is expected");
    }
    return Files.readAllBytes(file);
  }
}
