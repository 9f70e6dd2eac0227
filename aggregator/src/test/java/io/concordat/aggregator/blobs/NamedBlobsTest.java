package io.concordat.aggregator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.homes.Home;
import io.concordat.homes.blobs.NamedBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class NamedBlobsTest {
  @TempDir Path folder;
  private final SQLiteDataSource database = new SQLiteDataSource();
  private NamedBlobs blobs = new NamedBlobs(new Home(Path.of(".")).blobs(), database);

  @BeforeEach
  void openHome() throws Exception {
    Home home = new Home(folder.resolve("home"));
    home.create();
    database.setUrl("jdbc:sqlite:" + folder.resolve("db"));
    try (Connection connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table blobs (name varchar(512) primary key, bytes blob not null)");
    }
    blobs = new NamedBlobs(home.blobs(), database);
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (OutputStream out = blobs.create(name)) {
      out.write(bytes, 0, bytes.length / 2);
      out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
    }
  }

  private byte[] read(String name, long offset) throws IOException {
    try (InputStream in = blobs.open(name, offset)) {
      return in.readAllBytes();
    }
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  @Test
  void givesBackWhatWasWrittenAtAnySizeAndOffset() throws IOException {
    for (int length :
        new int[] {0, 1, NamedBlobs.INLINE_BYTES, NamedBlobs.INLINE_BYTES + 1, 1_000_000}) {
      byte[] bytes = pattern(length);
      write("sum/" + length, bytes);
      assertThat(blobs.exists("sum/" + length)).isTrue();
      assertThat(blobs.length("sum/" + length)).isEqualTo(length);
      assertThat(read("sum/" + length, 0)).isEqualTo(bytes);
      int middle = length / 3;
      assertThat(read("sum/" + length, middle))
          .isEqualTo(Arrays.copyOfRange(bytes, middle, length));
    }
  }

  @Test
  void aSmallBlobOutlivesTheProcessOnceItsTransactionCommitted() throws Exception {
    write("state/a", pattern(100));
    Map<String, Optional<byte[]>> unwritten = blobs.unwritten();
    assertThat(unwritten).containsOnlyKeys("state/a");
    try (Connection connection = database.getConnection()) {
      blobs.write(connection, unwritten);
    }
    blobs.written(unwritten);
    assertThat(blobs.unwritten()).isEmpty();
    NamedBlobs afterRestart = new NamedBlobs(new Home(folder.resolve("home")).blobs(), database);
    try (InputStream in = afterRestart.open("state/a")) {
      assertThat(in.readAllBytes()).isEqualTo(pattern(100));
    }
  }

  @Test
  void aDeletedBlobIsGoneWhereverItStood() throws IOException {
    write("contribution/small", pattern(10));
    write("contribution/large", pattern(500_000));
    blobs.delete("contribution/small");
    blobs.delete("contribution/large");
    blobs.delete("contribution/never-was");
    assertThat(blobs.exists("contribution/small")).isFalse();
    assertThat(blobs.exists("contribution/large")).isFalse();
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    for (String name : new String[] {"../keys/log.key", "/etc/passwd", "a//b", "A", "a/../b", ""}) {
      assertThatThrownBy(() -> blobs.create(name)).as(name).isInstanceOf(IOException.class);
    }
  }
}
