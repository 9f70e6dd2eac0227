package io.concordat.silonode.config;

import io.concordat.homes.database.DatabaseSetting;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.util.Collection;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;

/** Runs the scripts of the database that was chosen; the build packs those of both. */
@Singleton
final class Migrations implements FlywayConfigurationCustomizer {
  private final String url;

  Migrations(@ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
    this.url = url;
  }

  @Override
  public void customize(FluentConfiguration configuration) {
    // Quarkus has found the files of all locations by now; changing the locations would change
    // nothing.
    configuration.resourceProvider(new OfThisDatabase(configuration.getResourceProvider(), url));
  }

  private record OfThisDatabase(ResourceProvider all, String url) implements ResourceProvider {
    @Override
    public LoadableResource getResource(String name) {
      return all.getResource(name);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String... suffixes) {
      return all.getResources(prefix, suffixes).stream()
          .filter(script -> DatabaseSetting.runs(url, script.getAbsolutePath()))
          .toList();
    }
  }
}
