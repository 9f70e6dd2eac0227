package io.concordat.homes.database;

import io.concordat.homes.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A home's choice of database: {@code concordat.database.url} names a PostgreSQL, {@code
 * concordat.database.user} who signs in, {@code keys/database.password} holds the password. Without
 * them it is the SQLite file below {@code db/}.
 */
public final class DatabaseSetting {
  public static final String URL = "concordat.database.url";
  public static final String USER = "concordat.database.user";

  private static final String POSTGRESQL = "jdbc:postgresql:";

  /**
   * The folder of migrations that only PostgreSQL must have, before and between the common ones.
   */
  private static final String POSTGRESQL_ONLY = "db/postgresql/";

  private DatabaseSetting() {}

  /** What is wrong with the settings, in a sentence; empty if nothing is. */
  public static Optional<String> wrong(Map<String, String> settings) {
    String url = settings.get(URL);
    if (url != null && !url.startsWith(POSTGRESQL)) {
      return Optional.of(
          URL + ": expected " + POSTGRESQL + "//HOST/DATABASE, or nothing for the SQLite file");
    }
    if (url == null && settings.containsKey(USER)) {
      return Optional.of(USER + " is set, and " + URL + " is not");
    }
    return Optional.empty();
  }

  public static Path passwordFile(Home home) {
    return home.keys().resolve("database.password");
  }

  /** The password, if the home has one. */
  public static Optional<String> password(Home home) throws IOException {
    Path file = passwordFile(home);
    return Files.exists(file)
        ? Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
        : Optional.empty();
  }

  /** Whether the database at this address runs a script: all the common ones, and its own. */
  public static boolean runs(String url, String script) {
    return url.startsWith(POSTGRESQL) || !script.contains(POSTGRESQL_ONLY);
  }
}
