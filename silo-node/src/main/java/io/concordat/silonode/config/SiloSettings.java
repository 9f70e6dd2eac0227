package io.concordat.silonode.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How this one node runs. What institutions agreed on is the policy and cannot be set here. */
@ConfigMapping(prefix = "concordat")
public interface SiloSettings {
  /** The folder of this node; set by {@code --home}, never in the settings file. */
  Path home();

  /** Whose node this is, as the policy names the institution. */
  String institution();

  /** Where the aggregator is, such as {@code https://concordat.example:8443}. */
  URI aggregator();

  /** {@code host:port} of the hospital's HTTP proxy, if connections go through one. */
  Optional<String> proxy();

  /** User for the proxy's basic authentication; the password is in {@code keys/proxy.password}. */
  Optional<String> proxyUser();

  /**
   * PEM file of roots beside the federation's that may certify what stands in the aggregator's
   * place: the root of a proxy that opens TLS.
   */
  Optional<Path> caBundle();

  /** How often the node looks whether its TLS certificate is to be renewed, or was replaced. */
  @WithDefault("PT10M")
  Duration renewalCheck();

  /** The ring kernel to take; the best one without it. */
  Optional<String> kernel();

  Database database();

  Console console();

  Management management();

  /** This silo's record files by dataset. */
  Map<String, DatasetFiles> datasets();

  /** Keys of people whose jobs this institution vouches for, by the person's name. */
  Map<String, String> endorse();

  /** The institution's own pages and scripts. */
  interface Console {
    /** HTTPS port; 0 takes a free one. */
    @WithDefault("8444")
    int port();

    @WithDefault("127.0.0.1")
    String listen();

    /** Name in {@code endpoint.json}. */
    @WithDefault("localhost")
    String host();
  }

  /** A PostgreSQL in the place of the home's SQLite file. */
  interface Database {
    /** {@code jdbc:postgresql://HOST/DATABASE}. */
    Optional<String> url();

    /** Who signs in there; the password is in {@code keys/database.password}. */
    Optional<String> user();
  }

  /** Health and metrics. */
  interface Management {
    @WithDefault("9001")
    int port();

    @WithDefault("127.0.0.1")
    String listen();
  }

  /** Where a dataset's records are. */
  interface DatasetFiles {
    /** CSV files with a header. */
    List<Path> files();
  }
}
