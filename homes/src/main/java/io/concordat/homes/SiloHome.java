package io.concordat.homes;

import java.nio.file.Path;

/**
 * The folder one silo node lives in: what every home has, and
 *
 * <pre>
 * keys/node.p12        the node key, whose public half the policy names
 * keys/node.secret     32 bytes that hedge randomness and key the hold-out hash
 * keys/console.p12     the console's own TLS key; config/console-ca.pem is what its callers trust
 * keys/console.sha256  digest of the console's bearer token
 * boxes/               secrets of box keys, one file an epoch; never part of a backup
 * freezes/             signed freezes and thaws handed to this node; it takes them and obeys
 * config/overlay.yaml  what the institution forbids beyond the policy
 * db/silo.sqlite       the embedded database: budget book, sealed contributions, opening records
 * </pre>
 */
public record SiloHome(Home home) {
  public SiloHome(Path root) {
    this(new Home(root));
  }

  public Path nodeKeyFile() {
    return home.keys().resolve("node.p12");
  }

  public Path nodePasswordFile() {
    return home.keys().resolve("node.password");
  }

  public Path nodeSecretFile() {
    return home.keys().resolve("node.secret");
  }

  /**
   * Where a holder keeps the secret of each epoch's box key. It lies outside the database, so that
   * no backup of the database opens a kept contribution; a backup of the machine must leave this
   * folder out.
   */
  public Path boxes() {
    return home.root().resolve("boxes");
  }

  public Path consoleKeyStoreFile() {
    return home.keys().resolve("console.p12");
  }

  public Path consolePasswordFile() {
    return home.keys().resolve("console.password");
  }

  /** The certificate that a caller of the console trusts. */
  public Path consoleAuthorityFile() {
    return home.config().resolve("console-ca.pem");
  }

  /** Digest of the console's token; without it nobody may call the console. */
  public Path consoleTokenFile() {
    return home.keys().resolve("console.sha256");
  }

  /** Where signed freezes and thaws are put for the node to find. */
  public Path freezes() {
    return home.root().resolve("freezes");
  }

  /** What the institution forbids beyond the policy; absent where it forbids nothing more. */
  public Path overlayFile() {
    return home.config().resolve("overlay.yaml");
  }

  public Path databaseFile() {
    return home.db().resolve("silo.sqlite");
  }
}
