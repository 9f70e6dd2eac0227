package io.concordat.homes;

import java.nio.file.Path;

/**
 * The folder one aggregator lives in: what every home has, and
 *
 * <pre>
 * keys/log.key             the log's signing key
 * keys/first-tokens.tsv    digests of the first people's tokens
 * config/log.pub           the log's public keys, one a line, as the policy names them
 * db/aggregator.sqlite     the embedded database
 * </pre>
 */
public record AggregatorHome(Home home) {
  public AggregatorHome(Path root) {
    this(new Home(root));
  }

  /** The Ed25519 seed that signs checkpoints, 32 raw bytes. */
  public Path logKeyFile() {
    return home.keys().resolve("log.key");
  }

  /** The public halves, Ed25519 first; kept beside the seed so that they can be shown. */
  public Path logKeyLineFile() {
    return home.config().resolve("log.pub");
  }

  /** Digests of the tokens made by init; the first start takes them into the database. */
  public Path firstTokensFile() {
    return home.keys().resolve("first-tokens.tsv");
  }

  public Path databaseFile() {
    return home.db().resolve("aggregator.sqlite");
  }
}
