package io.concordat.silonode.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** The node's database with its real tables and its real settings, without the service. */
public final class SiloDatabase {
  private SiloDatabase() {}

  /** Opens {@code silo.sqlite} in the folder; makes its tables the first time. */
  public static DataSource in(Path folder) throws IOException, SQLException {
    Files.createDirectories(folder.resolve("blobs"));
    Path file = folder.resolve("silo.sqlite");
    boolean fresh = !Files.exists(file);
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000");
    if (fresh) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        for (String sql : script().replaceAll("(?m)^--.*$", "").split(";")) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
      }
    }
    return source;
  }

  private static String script() throws IOException {
    try (InputStream in =
        SiloDatabase.class.getResourceAsStream("/db/migration/V1__first_tables.sql")) {
      if (in == null) {
        throw new IOException("the migration is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
