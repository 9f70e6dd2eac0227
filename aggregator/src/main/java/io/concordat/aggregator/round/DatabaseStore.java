package io.concordat.aggregator.round;

import io.concordat.aggregator.log.LogIndex;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The machines' rows and leaves in the database; small blobs and the readers' indexes go in the
 * same transaction.
 *
 * <p>Order inside the transaction: writes first. A SQLite transaction that begins with a read and
 * writes later fails at once when another writer was between; one that begins with a write waits
 * its turn.
 */
final class DatabaseStore implements Store {
  private final DataSource database;
  private final NamedBlobs blobs;
  private final LogIndex index;
  private final RecentWrites recent = new RecentWrites();

  DatabaseStore(DataSource database, NamedBlobs blobs, LogIndex index) {
    this.database = database;
    this.blobs = blobs;
    this.index = index;
  }

  @Override
  public SortedMap<String, byte[]> scan(String prefix) {
    // A range of the primary key. Keys are ASCII; U+FFFF is above all of them in any byte order.
    return read(
        "select row_key, value from core_rows where row_key >= ? and row_key < ?",
        select -> {
          select.setString(1, prefix);
          select.setString(2, prefix + Character.MAX_VALUE);
          try (ResultSet rows = select.executeQuery()) {
            SortedMap<String, byte[]> found = new TreeMap<>();
            while (rows.next()) {
              found.put(rows.getString(1), rows.getBytes(2));
            }
            return found;
          }
        });
  }

  @Override
  public Optional<byte[]> get(String key) {
    Optional<byte[]> known = recent.row(key);
    return known.isPresent() ? known : stored(key);
  }

  private Optional<byte[]> stored(String key) {
    return read(
        "select value from core_rows where row_key = ?",
        select -> {
          select.setString(1, key);
          try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
          }
        });
  }

  @Override
  public List<byte[]> leaves(long from, int limit) {
    return recent.leaves(from, limit).orElseGet(() -> storedLeaves(from, limit));
  }

  private List<byte[]> storedLeaves(long from, int limit) {
    return read(
        "select entry from log_leaves where idx >= ? order by idx limit ?",
        select -> {
          select.setLong(1, from);
          select.setInt(2, limit);
          try (ResultSet rows = select.executeQuery()) {
            List<byte[]> leaves = new ArrayList<>();
            while (rows.next()) {
              leaves.add(rows.getBytes(1));
            }
            return leaves;
          }
        });
  }

  @Override
  public void commit(List<Write> writes) {
    Map<String, Optional<byte[]>> small = blobs.unwritten();
    if (writes.isEmpty() && small.isEmpty()) {
      return;
    }
    try {
      QuarkusTransaction.requiringNew().run(() -> writeAll(writes, small));
    } catch (RuntimeException failed) {
      recent.clear();
      throw new UncheckedIOException(
          new IOException("the transaction could not be committed", failed));
    }
    blobs.written(small);
    recent.committed(writes);
  }

  private void writeAll(List<Write> writes, Map<String, Optional<byte[]>> small) {
    List<Write.Append> appended = new ArrayList<>();
    // Of several writes to one key in a transaction only the last can ever be seen.
    Map<String, byte @Nullable []> rows = new LinkedHashMap<>();
    for (Write write : writes) {
      switch (write) {
        case Write.Put(String key, byte[] value) -> rows.put(key, value);
        case Write.Delete(String key) -> rows.put(key, null);
        case Write.Append append -> appended.add(append);
      }
    }
    try (Connection connection = database.getConnection()) {
      writeRows(connection, rows);
      blobs.write(connection, small);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    index.append(appended);
  }

  private static void writeRows(Connection connection, Map<String, byte @Nullable []> rows)
      throws SQLException {
    try (PreparedStatement put =
            connection.prepareStatement(
                "insert into core_rows (row_key, value) values (?, ?)"
                    + " on conflict (row_key) do update set value = excluded.value");
        PreparedStatement delete =
            connection.prepareStatement("delete from core_rows where row_key = ?")) {
      boolean puts = false;
      boolean deletes = false;
      for (Map.Entry<String, byte @Nullable []> row : rows.entrySet()) {
        byte[] value = row.getValue();
        if (value == null) {
          delete.setString(1, row.getKey());
          delete.addBatch();
          deletes = true;
        } else {
          put.setString(1, row.getKey());
          put.setBytes(2, value);
          put.addBatch();
          puts = true;
        }
      }
      if (puts) {
        put.executeBatch();
      }
      if (deletes) {
        delete.executeBatch();
      }
    }
  }

  private interface Reading<T> {
    T of(PreparedStatement select) throws SQLException;
  }

  private <T> T read(String sql, Reading<T> reading) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      return reading.of(select);
    } catch (SQLException failed) {
      throw new UncheckedIOException(new IOException("the database did not answer", failed));
    }
  }
}
