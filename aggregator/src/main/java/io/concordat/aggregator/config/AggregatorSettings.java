package io.concordat.aggregator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How this one node runs. What institutions agreed on is the policy and cannot be set here. */
@ConfigMapping(prefix = "concordat")
public interface AggregatorSettings {
  /** The folder of interfaces.md; set by {@code --home}, never in the settings file. */
  Path home();

  /** Name or address that nodes and people dial; written into {@code endpoint.json}. */
  @WithDefault("localhost")
  String host();

  /** HTTPS port; 0 takes a free one. */
  @WithDefault("8443")
  int port();

  /** Address to listen on. */
  @WithDefault("0.0.0.0")
  String listen();

  /** The ring kernel to take; the best one without it. */
  Optional<String> kernel();

  Database database();

  Management management();

  Intake intake();

  Rounds rounds();

  Node node();

  Oidc oidc();

  /** Signing people in by the institutions' identity provider, beside personal tokens. */
  interface Oidc {
    /** The provider's address, as its discovery document gives it; without it there is none. */
    Optional<String> issuer();

    /** What a token's {@code aud} must name. */
    @WithDefault("concordat")
    String audience();

    /** The claim with a person's groups; a slash leads into an object. */
    @WithDefault("groups")
    String groupsClaim();
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
    @WithDefault("9000")
    int port();

    @WithDefault("127.0.0.1")
    String listen();
  }

  /** What a stranger's upload may cost. */
  interface Intake {
    /** Bytes of unfinished contributions that one silo may have here at once. */
    @WithDefault("17179869184")
    long unfinishedBytesPerSilo();

    /** Chunks being received at once, over all silos: the bound on memory is this times 4 MiB. */
    @WithDefault("32")
    int concurrentChunks();
  }

  /** Pace of rounds. */
  interface Rounds {
    /** From an announcement to the moment when the cohort is fixed without the missing. */
    @WithDefault("PT10M")
    Duration collecting();

    /** From the last contribution to fixing the cohort without holders that have not answered. */
    @WithDefault("PT5S")
    Duration acceptanceGrace();

    /** From the manifest to the moment when a round without enough answers ends. */
    @WithDefault("PT10M")
    Duration opening();
  }

  /** The nodes' long poll. */
  interface Node {
    /** Longest wait of one poll. */
    @WithDefault("PT25S")
    Duration longestWait();

    /** How far a node's clock may be from this one. */
    @WithDefault("PT2M")
    Duration clockTolerance();

    /**
     * Institutions whose requests may come without a client certificate, because a proxy opens TLS
     * on their way; the signature on each request tells who they are.
     */
    Optional<List<String>> inspected();
  }
}
