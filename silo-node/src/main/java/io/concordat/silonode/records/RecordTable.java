package io.concordat.silonode.records;

import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rows that satisfy a schema, grouped by patient. Immutable; patients in order of their first row.
 */
public final class RecordTable {
  private final Dataset dataset;
  private final Map<String, Integer> positions;
  private final List<StoredRow> rows;
  private final int[][] rowsOfPatients;

  RecordTable(Dataset dataset, List<StoredRow> rows) {
    this.dataset = dataset;
    this.rows = List.copyOf(rows);
    this.positions = new LinkedHashMap<>();
    for (int c = 0; c < dataset.columns().size(); c++) {
      positions.put(dataset.columns().get(c).name(), c);
    }
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int r = 0; r < rows.size(); r++) {
      groups.computeIfAbsent(rows.get(r).person(), _ -> new ArrayList<>()).add(r);
    }
    this.rowsOfPatients =
        groups.values().stream()
            .map(own -> own.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  /** An empty table. */
  public static RecordTable empty(Dataset dataset) {
    return new RecordTable(dataset, List.of());
  }

  /**
   * One row: numbers as they are, categories as the place of their value, the identifier as 0.
   *
   * @param values one for each column of the dataset
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record StoredRow(String person, double[] values) {}

  public Dataset dataset() {
    return dataset;
  }

  /** Number of rows. */
  public int rows() {
    return rows.size();
  }

  /** Number of patients. */
  public int patients() {
    return rowsOfPatients.length;
  }

  /** Rows of one patient, ascending. */
  public int[] rowsOf(int patient) {
    return rowsOfPatients[patient].clone();
  }

  /** The table without the patients that a test does not keep. */
  RecordTable keep(Predicate<String> person) {
    return new RecordTable(
        dataset, rows.stream().filter(row -> person.test(row.person())).toList());
  }

  /** Persons of whom at least one row satisfies a test. */
  Set<String> personsWith(Predicate<FeatureSpace.Row> test) {
    Set<String> persons = new HashSet<>();
    for (int r = 0; r < rows.size(); r++) {
      if (test.test(row(r))) {
        persons.add(rows.get(r).person());
      }
    }
    return persons;
  }

  /** A row under the names of the dataset's columns. */
  public FeatureSpace.Row row(int row) {
    double[] values = rows.get(row).values();
    return new FeatureSpace.Row() {
      @Override
      public double number(String column) {
        return values[position(column)];
      }

      @Override
      public String level(String column) {
        return switch (dataset.columns().get(position(column))) {
          case Column.Category category -> category.values().get((int) values[position(column)]);
          case Column.Number _, Column.Identifier _ ->
              throw new IllegalArgumentException(column + " is no category");
        };
      }
    };
  }

  private int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("the dataset has no column " + column);
    }
    return position;
  }

  /**
   * SHA-256 over persons and values in row order: what a contribution's noise seed is bound to, so
   * that a machine cloned between two rounds does not put the same noise on other records.
   */
  public byte[] sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      for (StoredRow row : rows) {
        byte[] person = row.person().getBytes(StandardCharsets.UTF_8);
        digest.update(number.putLong(0, person.length).array());
        digest.update(person);
        for (double value : row.values()) {
          digest.update(number.putLong(0, Double.doubleToRawLongBits(value)).array());
        }
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Sizes only: a table's text must be fit for a log. */
  @Override
  public String toString() {
    return "RecordTable[" + rows() + " rows, " + patients() + " patients]";
  }
}
