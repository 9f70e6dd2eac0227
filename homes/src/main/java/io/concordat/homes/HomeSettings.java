package io.concordat.homes;

import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads {@code config/application.yaml} into flat configuration keys ({@code concordat.port: 8443}
 * and the nested spelling mean the same).
 *
 * <p>Bounds: 256 KiB, no aliases, no duplicate keys. The file is the operator's own, so the bounds
 * are against slips rather than attackers.
 */
public final class HomeSettings {
  private static final int MAX_BYTES = 256 * 1024;

  private HomeSettings() {}

  /** Flat keys and values; empty when the file is missing or empty. */
  public static Map<String, String> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(MAX_BYTES)
            .build();
    Object tree;
    try {
      tree = new Load(settings).loadFromString(Files.readString(file, StandardCharsets.UTF_8));
    } catch (YamlEngineException bad) {
      throw new IOException(file + ": " + bad.getMessage(), bad);
    }
    Map<String, String> flat = new LinkedHashMap<>();
    if (tree != null) {
      if (!(tree instanceof Map<?, ?>)) {
        throw new IOException(file + ": expected keys and values, found " + tree);
      }
      flatten(file, "", tree, flat);
    }
    return flat;
  }

  /**
   * What a service is configured with: its home's file, the home itself, and our keys under the
   * names that the framework knows them by.
   *
   * <p>The environment and system properties override the file for our names, so they must for the
   * framework's too.
   *
   * @param theirs the framework's name by ours
   */
  public static Map<String, String> ofService(Home home, Map<String, String> theirs)
      throws IOException {
    Map<String, String> flat = new LinkedHashMap<>(read(home.settingsFile()));
    flat.put("concordat.home", home.root().toString());
    theirs.forEach((ours, name) -> {
      String environment = System.getenv(ours.toUpperCase(Locale.ROOT).replace('.', '_'));
      String value = System.getProperty(ours, environment != null ? environment : flat.get(ours));
      if (value != null) {
        flat.put(name, value);
      }
    });
    return flat;
  }

  /**
   * Adds a key store for TLS to a service's settings, once it is there with its password, plain or
   * wrapped by the home's token.
   */
  public static void keyStore(
      Map<String, String> flat, String name, Home home, Path store, Path password)
      throws IOException {
    if (Files.exists(store) && Files.exists(password)) {
      String prefix = "quarkus.tls." + name + ".key-store.p12.";
      flat.put(prefix + "path", store.toString());
      // A setting is text; the framework keeps it as long as the service runs.
      flat.put(prefix + "password", new String(PasswordFile.read(home, password)));
    }
  }

  private static void flatten(
      Path file, String prefix, @Nullable Object node, Map<String, String> into)
      throws IOException {
    switch (node) {
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          String key = String.valueOf(entry.getKey());
          flatten(file, prefix.isEmpty() ? key : prefix + "." + key, entry.getValue(), into);
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          flatten(file, prefix + "[" + i + "]", list.get(i), into);
        }
      }
      case null -> throw new IOException(file + ": " + prefix + " has no value");
      default -> {
        if (into.putIfAbsent(prefix, node.toString()) != null) {
          throw new IOException(file + ": " + prefix + " is set twice");
        }
      }
    }
  }
}
