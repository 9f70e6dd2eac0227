package io.concordat.silonode.records;

import io.concordat.protocol.analysis.FeatureSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Rows that satisfy a schema, grouped by patient. Immutable; patients in order of their first row.
 */
public final class RecordTable {
  private final RecordSchema schema;
  private final Map<String, Integer> positions;
  private final List<StoredRow> rows;
  private final Map<String, int[]> patients;
  private final int[][] rowsOfPatients;

  RecordTable(RecordSchema schema, List<StoredRow> rows) {
    this.schema = schema;
    this.rows = List.copyOf(rows);
    this.positions = new LinkedHashMap<>();
    for (int c = 0; c < schema.columns().size(); c++) {
      positions.put(schema.columns().get(c).name(), c);
    }
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int r = 0; r < rows.size(); r++) {
      groups.computeIfAbsent(rows.get(r).person(), _ -> new ArrayList<>()).add(r);
    }
    this.patients = new LinkedHashMap<>();
    groups.forEach(
        (person, own) -> patients.put(person, own.stream().mapToInt(Integer::intValue).toArray()));
    this.rowsOfPatients = patients.values().toArray(new int[0][]);
  }

  /** An empty table. */
  public static RecordTable empty(RecordSchema schema) {
    return new RecordTable(schema, List.of());
  }

  /**
   * One row: numbers as they are, levels as their index in the schema.
   *
   * @param values one for each column of the schema
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record StoredRow(String person, double[] values) {}

  public RecordSchema schema() {
    return schema;
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

  boolean hasPerson(String person) {
    return patients.containsKey(person);
  }

  /** The table without the patients that a test does not keep. */
  RecordTable keep(Predicate<String> person) {
    return new RecordTable(schema, rows.stream().filter(row -> person.test(row.person())).toList());
  }

  /** A row under the names of the schema's columns. */
  public FeatureSpace.Row row(int row) {
    double[] values = rows.get(row).values();
    return new FeatureSpace.Row() {
      @Override
      public double number(String column) {
        return values[position(column)];
      }

      @Override
      public String level(String column) {
        return switch (schema.columns().get(position(column))) {
          case RecordSchema.ColumnRule.Category category ->
              category.levels().get((int) values[position(column)]);
          case RecordSchema.ColumnRule.Number _ ->
              throw new IllegalArgumentException(column + " is a number, not a category");
        };
      }
    };
  }

  private int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("the schema has no column " + column);
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
    return "RecordTable[" + Arrays.asList(rows(), patients()) + "]";
  }
}
