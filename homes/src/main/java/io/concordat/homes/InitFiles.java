package io.concordat.homes;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What making an aggregator's home and making a silo's have in common. */
final class InitFiles {
  /** A policy is below 1 MiB; a thousand pairs of signatures with their keys take 8. */
  private static final int MAX_FILE_BYTES = 8 << 20;

  private InitFiles() {}

  static void policy(Home home, Path file, Path signatures) throws IOException {
    Durable.publish(home.policyFile(), read(file));
    Durable.publish(home.policySignaturesFile(), read(signatures));
  }

  static void certificate(Home home, Path keyStore, String password, Path authority)
      throws IOException {
    if (Files.exists(home.tlsPasswordFile()) && Files.exists(home.tlsKeyStoreFile())) {
      // A running service knows the password it started with, and reads the key store again.
      char[] kept = PasswordFile.read(home, home.tlsPasswordFile());
      try {
        TlsIdentity.load(keyStore, password.toCharArray()).save(home.tlsKeyStoreFile(), kept);
      } catch (DecodeException bad) {
        throw new IOException(bad.getMessage(), bad);
      } finally {
        Arrays.fill(kept, '\0');
      }
    } else {
      SecretFile.write(home.tlsKeyStoreFile(), read(keyStore));
      SecretFile.write(home.tlsPasswordFile(), password.getBytes(StandardCharsets.UTF_8));
    }
    // From now on the file given counts, not a key in a token.
    Files.deleteIfExists(home.tlsHeldFile());
    Durable.publish(home.authorityFile(), read(authority));
  }

  static void settings(Home home, Map<String, String> settings) throws IOException {
    if (Files.exists(home.settingsFile())) {
      return;
    }
    StringBuilder text = new StringBuilder("# How this one node runs. The policy is elsewhere.\n");
    new TreeMap<>(settings)
        .forEach((key, value) ->
            text.append(key)
                .append(": \"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"\n"));
    Durable.publish(home.settingsFile(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(file + " has " + size + " bytes; at most 8 MiB are expected");
    }
    return Files.readAllBytes(file);
  }
}
