package io.concordat.silonode.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Write;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

class SiloStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final Digest ANY = Digests.sha256(new byte[] {1});

  @TempDir Path folder;

  private DataSource database;
  private NamedBlobs blobs;
  private SiloStore store;

  @BeforeEach
  void open() throws Exception {
    database = SiloDatabase.in(folder);
    blobs = new NamedBlobs(folder.resolve("blobs"), database);
    store = new SiloStore(database, blobs);
  }

  @Test
  void keepsTheLastOfSeveralWritesToARow() {
    store.commit(List.of(put("a", "1"), put("b", "1"), put("a", "2"), new Write.Delete("b")));
    assertThat(text("a")).isEqualTo("2");
    assertThat(store.get("b")).isEmpty();
  }

  @Test
  void findsRowsByPrefixInTheOrderOfTheirKeys() {
    store.commit(List.of(put("x/2", "b"), put("x/10", "a"), put("y/1", "c"), put("x%", "d")));
    assertThat(store.scan("x/").keySet()).containsExactly("x/10", "x/2");
    assertThat(store.scan("x%").keySet()).containsExactly("x%");
  }

  @Test
  void writesReadersTablesInTheSameTransaction() throws Exception {
    List<Remark> remarks =
        List.of(
            new Remark.Charge(ANY, "sha512:00", ANY, "heart", 3, 77),
            new Remark.OpeningRecord(ANY, 2),
            new Remark.Deed("signed", "x", "", "Signed."));
    store.commit(List.of(put("a", "1")), remarks, NOW);
    assertThat(count("budget_charges where rho_units = 77")).isOne();
    assertThat(count("opening_records where position = 2")).isOne();
    assertThat(count("local_audit where id = 1 and code is null")).isOne();
    // Given again after a crash, a charge and a record stand once.
    store.commit(List.of(), remarks, NOW);
    assertThat(count("budget_charges")).isOne();
    assertThat(count("opening_records")).isOne();
  }

  @Test
  void writesNothingOfAStepThatFails() throws Exception {
    List<Write> step = List.of(put("a", "1"), new Write.Append(0, new byte[0]));
    assertThatThrownBy(() -> store.commit(step, List.of(new Remark.OpeningRecord(ANY, 1)), NOW))
        .isInstanceOf(RuntimeException.class);
    assertThat(store.get("a")).isEmpty();
    assertThat(count("opening_records")).isZero();
  }

  @Test
  void saysThatTheDiskIsFullAndTakesTheStepLater() throws Exception {
    try (OutputStream out = blobs.create("state/1")) {
      out.write(new byte[] {5});
    }
    byte[] large = new byte[2_000_000];
    SiloStore narrow = new SiloStore(narrow(), blobs);
    assertThatThrownBy(() -> narrow.commit(List.of(put("a", "1"), new Write.Put("b", large))))
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("SQLITE_FULL");
    assertThat(store.get("a")).isEmpty();
    // There is room again: rows and the small blob that waited with them.
    store.commit(List.of(put("a", "1"), new Write.Put("b", large)));
    assertThat(text("a")).isEqualTo("1");
    NamedBlobs reopened = new NamedBlobs(folder.resolve("blobs"), database);
    assertThat(reopened.length("state/1")).isOne();
  }

  /** The same file, with hardly any room left. */
  private DataSource narrow() {
    SQLiteDataSource source =
        new SQLiteDataSource() {
          @Override
          public SQLiteConnection getConnection(String user, String password)
              throws java.sql.SQLException {
            SQLiteConnection connection = super.getConnection(user, password);
            try (Statement statement = connection.createStatement()) {
              statement.execute("pragma max_page_count = 60");
            }
            return connection;
          }
        };
    source.setUrl("jdbc:sqlite:" + folder.resolve("silo.sqlite") + "?journal_mode=WAL");
    return source;
  }

  @Test
  void losesNoAcknowledgedStepWhenTheProcessIsKilled() throws Exception {
    Path other = folder.resolve("killed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CommittingProcess.class.getName(),
                other.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int acknowledged = -1;
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line;
      while ((line = said.readLine()) != null) {
        acknowledged = Integer.parseInt(line);
        if (acknowledged == 40) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    assertThat(acknowledged).isGreaterThanOrEqualTo(40);
    DataSource reopened = SiloDatabase.in(other);
    NamedBlobs kept = new NamedBlobs(other.resolve("blobs"), reopened);
    Map<String, byte[]> rows = new SiloStore(reopened, kept).scan("row/");
    for (int i = 0; i <= acknowledged; i++) {
      assertThat(rows).containsKey("row/" + i);
      try (InputStream blob = kept.open("state/" + i)) {
        assertThat(blob.readAllBytes()).asString().isEqualTo(Integer.toString(i));
      }
    }
    // What was not acknowledged is there as a whole or not at all.
    byte[] newest = new SiloStore(reopened, kept).get("newest").orElseThrow();
    assertThat(rows).hasSize(Integer.parseInt(new String(newest, StandardCharsets.US_ASCII)) + 1);
  }

  private static Write put(String key, String value) {
    return Write.put(key, value);
  }

  private String text(String key) {
    return new String(store.get(key).orElseThrow(), StandardCharsets.UTF_8);
  }

  private long count(String from) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + from)) {
      row.next();
      return row.getLong(1);
    }
  }
}
