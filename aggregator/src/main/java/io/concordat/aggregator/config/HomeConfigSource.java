package io.concordat.aggregator.config;

import io.concordat.homes.Home;
import io.concordat.homes.HomeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The home's settings file and its key store as a configuration source.
 *
 * <p>Above application.properties (250), below environment (300) and system properties (400), as
 * the ecosystem has it.
 */
public final class HomeConfigSource implements ConfigSource {
  private static final int ORDINAL = 270;

  private final Map<String, String> properties;

  public HomeConfigSource() {
    String root = System.getProperty("concordat.home", System.getenv("CONCORDAT_HOME"));
    this.properties = root == null || root.isBlank() ? Map.of() : read(new Home(Path.of(root)));
  }

  private static Map<String, String> read(Home home) {
    try {
      Map<String, String> flat = new LinkedHashMap<>(HomeSettings.read(home.settingsFile()));
      flat.put("concordat.home", home.root().toString());
      alias(flat, "concordat.port", "quarkus.http.ssl-port");
      alias(flat, "concordat.listen", "quarkus.http.host");
      alias(flat, "concordat.management.port", "quarkus.management.port");
      alias(flat, "concordat.management.listen", "quarkus.management.host");
      alias(flat, "concordat.oidc.issuer", "quarkus.oidc.auth-server-url");
      alias(flat, "concordat.oidc.audience", "quarkus.oidc.token.audience");
      if (flat.containsKey("quarkus.oidc.auth-server-url")) {
        flat.put("quarkus.oidc.tenant-enabled", "true");
      }
      if (Files.exists(home.tlsKeyStoreFile()) && Files.exists(home.tlsPasswordFile())) {
        String password =
            Files.readString(home.tlsPasswordFile(), StandardCharsets.US_ASCII).strip();
        flat.put("quarkus.tls.concordat.key-store.p12.path", home.tlsKeyStoreFile().toString());
        flat.put("quarkus.tls.concordat.key-store.p12.password", password);
      }
      return Map.copyOf(flat);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable.getMessage(), unreadable);
    }
  }

  /**
   * Environment and system properties override the settings file for our names, so they must for
   * Quarkus' too.
   */
  private static void alias(Map<String, String> flat, String ours, String theirs) {
    String environment = System.getenv(ours.toUpperCase(java.util.Locale.ROOT).replace('.', '_'));
    String value = System.getProperty(ours, environment != null ? environment : flat.get(ours));
    if (value != null) {
      flat.put(theirs, value);
    }
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  @Override
  public Set<String> getPropertyNames() {
    return properties.keySet();
  }

  @Override
  public Map<String, String> getProperties() {
    return properties;
  }

  @Override
  public @Nullable String getValue(String name) {
    return properties.get(name);
  }

  @Override
  public String getName() {
    return "concordat home";
  }
}
