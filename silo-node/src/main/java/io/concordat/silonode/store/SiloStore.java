package io.concordat.silonode.store;

import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The machines' rows, small blobs and the readers' tables in one database, one transaction a step.
 *
 * <p>The database must flush each commit (SQLite: {@code synchronous=FULL}). If a crash comes
 * before the commit nothing was sent and the step is taken again from the old rows; if it comes
 * after, the rows say what is still to be sent.
 */
public final class SiloStore implements Store {
  private static final int MAX_WORDS = 1024;
  private static final int MAX_SUBJECT = 256;

  private final DataSource database;
  private final NamedBlobs blobs;

  public SiloStore(DataSource database, NamedBlobs blobs) {
    this.database = database;
    this.blobs = blobs;
  }

  @Override
  public SortedMap<String, byte[]> scan(String prefix) {
    // Compared as a prefix and sorted here: databases disagree on the order of strings.
    return read(
        "select row_key, value from core_rows where substr(row_key, 1, ?) = ?",
        select -> {
          select.setInt(1, prefix.length());
          select.setString(2, prefix);
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
    return List.of();
  }

  @Override
  public void commit(List<Write> writes) {
    commit(writes, List.of(), Instant.EPOCH);
  }

  /**
   * All of these writes and remarks or none, on the disk when this returns.
   *
   * @throws UncheckedIOException if it could not be done
   */
  public void commit(List<Write> writes, List<Remark> remarks, Instant now) {
    Map<String, Optional<byte[]>> small = blobs.unwritten();
    if (writes.isEmpty() && remarks.isEmpty() && small.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        writeRows(connection, writes);
        blobs.write(connection, small);
        for (Remark remark : remarks) {
          write(connection, remark, now.toEpochMilli());
        }
        connection.commit();
      } catch (SQLException | RuntimeException failed) {
        undo(connection, failed);
        throw failed;
      }
      connection.setAutoCommit(true);
    } catch (SQLException failed) {
      throw new UncheckedIOException(
          new IOException(
              "the transaction could not be committed: " + failed.getMessage(), failed));
    }
    blobs.written(small);
  }

  /**
   * On a full disk SQLite has undone the transaction itself, and undoing it again fails; that must
   * not hide from the operator that the disk is full.
   */
  private static void undo(Connection connection, Exception failed) {
    try {
      connection.rollback();
    } catch (SQLException already) {
      failed.addSuppressed(already);
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException already) {
      failed.addSuppressed(already);
    }
  }

  private static void writeRows(Connection connection, List<Write> writes) throws SQLException {
    // Of several writes to one key in a transaction only the last can ever be seen.
    Map<String, byte @Nullable []> rows = new LinkedHashMap<>();
    for (Write write : writes) {
      switch (write) {
        case Write.Put(String key, byte[] value) -> rows.put(key, value);
        case Write.Delete(String key) -> rows.put(key, null);
        case Write.Append append ->
            throw new IllegalStateException(
                "a node keeps no log, yet was given leaf " + append.index());
      }
    }
    try (PreparedStatement put =
            connection.prepareStatement(
                "insert into core_rows (row_key, value) values (?, ?)"
                    + " on conflict (row_key) do update set value = excluded.value");
        PreparedStatement delete =
            connection.prepareStatement("delete from core_rows where row_key = ?")) {
      for (Map.Entry<String, byte @Nullable []> row : rows.entrySet()) {
        byte[] value = row.getValue();
        PreparedStatement statement = value == null ? delete : put;
        statement.setString(1, row.getKey());
        if (value != null) {
          statement.setBytes(2, value);
        }
        statement.executeUpdate();
      }
    }
  }

  private static void write(Connection connection, Remark remark, long now) throws SQLException {
    switch (remark) {
      case Remark.Charge charge ->
          execute(
              connection,
              "insert into budget_charges (contribution, ctx, job, dataset, round, rho_units,"
                  + " sealed_at) values (?, ?, ?, ?, ?, ?, ?) on conflict (contribution) do nothing",
              charge.contribution().hex(),
              charge.ctx(),
              charge.job().hex(),
              charge.dataset(),
              (long) charge.round(),
              charge.rhoUnits(),
              now);
      case Remark.OpeningRecord(var manifest, int position) ->
          execute(
              connection,
              "insert into opening_records (manifest, position, recorded_at) values (?, ?, ?)"
                  + " on conflict (manifest) do nothing",
              manifest.hex(),
              (long) position,
              now);
      case Remark.Deed(String kind, String subject, String code, String words) ->
          execute(
              connection,
              "insert into local_audit (id, happened_at, kind, subject, code, words)"
                  + " select coalesce(max(id), 0) + 1, ?, ?, ?, ?, ? from local_audit",
              now,
              kind,
              shorten(subject, MAX_SUBJECT),
              code.isEmpty() ? null : code,
              shorten(words, MAX_WORDS));
    }
  }

  private static String shorten(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }

  private static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
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
