package io.concordat.silonode.config;

import io.concordat.homes.Home;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.SiloHome;
import io.concordat.homes.database.DatabaseSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The home's settings file and the console's key store as a configuration source.
 *
 * <p>Above application.properties (250), below environment (300) and system properties (400), as
 * the ecosystem has it.
 */
public final class HomeConfigSource implements ConfigSource {
  private static final int ORDINAL = 270;
  private static final Map<String, String> THEIRS =
      Map.of(
          "concordat.console.port",
          "quarkus.http.ssl-port",
          "concordat.console.listen",
          "quarkus.http.host",
          DatabaseSetting.URL,
          "quarkus.datasource.jdbc.url",
          DatabaseSetting.USER,
          "quarkus.datasource.username",
          "concordat.management.port",
          "quarkus.management.port",
          "concordat.management.listen",
          "quarkus.management.host");

  private final Map<String, String> properties;

  public HomeConfigSource() {
    String root = System.getProperty("concordat.home", System.getenv("CONCORDAT_HOME"));
    this.properties =
        root == null || root.isBlank() ? Map.of() : read(new SiloHome(new Home(Path.of(root))));
  }

  private static Map<String, String> read(SiloHome silo) {
    try {
      Map<String, String> flat = HomeSettings.ofService(silo.home(), THEIRS);
      DatabaseSetting.password(silo.home())
          .ifPresent(password -> flat.put("quarkus.datasource.password", password));
      HomeSettings.keyStore(
          flat, "console", silo.home(), silo.consoleKeyStoreFile(), silo.consolePasswordFile());
      return Map.copyOf(flat);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable.getMessage(), unreadable);
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
