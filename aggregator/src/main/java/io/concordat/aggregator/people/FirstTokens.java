package io.concordat.aggregator.people;

import io.concordat.homes.AggregatorHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Takes the digests that init wrote into the database.
 *
 * <p>The file is deleted after the commit. A crash between leaves both; the next start finds each
 * digest already there.
 */
public final class FirstTokens {
  private FirstTokens() {}

  /** Runs within the caller's transaction. */
  public static void takeIn(AggregatorHome home, long nowMillis) throws IOException {
    Path file = home.firstTokensFile();
    if (!Files.exists(file)) {
      return;
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String[] columns = lines.get(i).split("\t", -1);
      if (columns.length != 3
          || !Roles.OF_PEOPLE.contains(columns[1])
          || !columns[2].matches("[0-9a-f]{64}")) {
        throw new IOException(
            file + " line " + (i + 1) + ": expected name, role and digest between tabs");
      }
      if (TokenEntity.count("sha256", columns[2]) > 0) {
        continue;
      }
      TokenEntity token = new TokenEntity();
      token.id = UUID.nameUUIDFromBytes(columns[2].getBytes(StandardCharsets.UTF_8)).toString();
      token.sha256 = columns[2];
      token.name = columns[0];
      token.role = columns[1];
      token.createdAt = nowMillis;
      token.persist();
    }
  }
}
