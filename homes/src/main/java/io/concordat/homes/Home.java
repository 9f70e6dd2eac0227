package io.concordat.homes;

import io.concordat.crypto.secret.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder one process lives in, an aggregator or a silo node.
 *
 * <pre>
 * config/application.yaml   settings of this node
 * config/policy.yaml        the policy it was started with, and policy.yaml.sig
 * keys/                     0700; every file in it 0600
 * db/  blobs/  log/         what the service writes
 * endpoint.json             the real ports, written at start
 * lock                      held by the running process
 * </pre>
 */
public record Home(Path root) {
  private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  public Home {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * The home that the arguments, the environment and the platform's habit name, in this order.
   *
   * @param argument value of {@code --home}, or null
   * @param environment the process environment
   */
  public static Home locate(@Nullable String argument, Map<String, String> environment) {
    if (argument != null && !argument.isBlank()) {
      return new Home(Path.of(argument));
    }
    String fromEnvironment = environment.get("CONCORDAT_HOME");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      return new Home(Path.of(fromEnvironment));
    }
    // systemd names the state folder of a service; a person has none and lives under XDG.
    if (environment.containsKey("STATE_DIRECTORY") || environment.containsKey("INVOCATION_ID")) {
      return new Home(Path.of("/var/lib/concordat"));
    }
    String data = environment.get("XDG_DATA_HOME");
    Path base =
        data == null || data.isBlank()
            ? Path.of(environment.getOrDefault("HOME", "."), ".local", "share")
            : Path.of(data);
    return new Home(base.resolve("concordat"));
  }

  /**
   * Makes the folders, the secret ones closed to others from the first moment. Keeps what is there.
   */
  public void create() throws IOException {
    Files.createDirectories(root);
    for (Path open : List.of(config(), log())) {
      Files.createDirectories(open);
    }
    for (Path closed : List.of(keys(), db(), blobs())) {
      SecretFile.createFolder(closed);
      // A folder that was there before may be too wide.
      Files.setPosixFilePermissions(closed, OWNER_ONLY_DIRECTORY);
    }
  }

  /**
   * Everything that is wrong with this home, in sentences; empty when the service may start.
   *
   * @throws IOException if the disk does not answer
   */
  public List<String> findings() throws IOException {
    List<String> findings = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return List.of(
          root
              + " does not exist: run `concordat <aggregator or silo> init --home "
              + root
              + "` first");
    }
    for (Path folder : List.of(config(), keys(), db(), blobs(), log())) {
      if (!Files.isDirectory(folder)) {
        findings.add(
            folder
                + " is missing: run `concordat <aggregator or silo> init --home "
                + root
                + "`, which keeps what is there");
      }
    }
    for (Path closed : List.of(keys(), db(), blobs())) {
      checkOwnerOnly(closed, findings);
    }
    if (Files.isDirectory(keys())) {
      try (Stream<Path> files = Files.list(keys())) {
        for (Path file : files.sorted().toList()) {
          checkOwnerOnly(file, findings);
        }
      }
    }
    return List.copyOf(findings);
  }

  private static void checkOwnerOnly(Path path, List<String> findings) {
    try {
      SecretFile.requireOwnerOnly(path);
    } catch (NoSuchFileException missing) {
      // Reported once already, as a missing folder.
    } catch (IOException tooOpen) {
      findings.add(String.valueOf(tooOpen.getMessage()));
    }
  }

  public Path config() {
    return root.resolve("config");
  }

  public Path keys() {
    return root.resolve("keys");
  }

  public Path db() {
    return root.resolve("db");
  }

  public Path blobs() {
    return root.resolve("blobs");
  }

  public Path log() {
    return root.resolve("log");
  }

  public Path settingsFile() {
    return config().resolve("application.yaml");
  }

  public Path policyFile() {
    return config().resolve("policy.yaml");
  }

  public Path policySignaturesFile() {
    return config().resolve("policy.yaml.sig");
  }

  public Path tlsKeyStoreFile() {
    return keys().resolve("tls.p12");
  }

  public Path tlsPasswordFile() {
    return keys().resolve("tls.password");
  }

  /** Certificates whose key a hardware token holds; there instead of {@link #tlsKeyStoreFile}. */
  public Path tlsHeldFile() {
    return keys().resolve("tls.pem");
  }

  /** Password of the institution's proxy, if that asks for one. */
  public Path proxyPasswordFile() {
    return keys().resolve("proxy.password");
  }

  public Path authorityFile() {
    return config().resolve("ca.pem");
  }

  public Path endpointFile() {
    return root.resolve("endpoint.json");
  }

  public Path lockFile() {
    return root.resolve("lock");
  }
}
