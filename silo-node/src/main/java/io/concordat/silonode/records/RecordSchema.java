package io.concordat.silonode.records;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a row must look like.
 *
 * @param person the column whose equal values are one patient
 * @param columns the columns that are read; a file may have others, they are not looked at
 */
public record RecordSchema(String person, List<ColumnRule> columns) {

  public RecordSchema {
    columns = List.copyOf(columns);
    Set<String> names = new HashSet<>();
    for (ColumnRule column : columns) {
      if (!names.add(column.name()) || column.name().equals(person)) {
        throw new IllegalArgumentException("column " + column.name() + " is named twice");
      }
    }
  }

  /** What to do with a row whose value is missing. */
  public enum Missing {
    /** The file is not used at all until it is repaired. */
    REFUSE,
    /** The row is left out and counted. */
    DROP_ROW
  }

  /** One column of the schema. */
  public sealed interface ColumnRule {
    String name();

    Missing missing();

    /** What a value must be, for people. */
    String expected();

    /** A number within bounds, ends included. */
    record Number(String name, double min, double max, Missing missing) implements ColumnRule {
      public Number {
        Objects.requireNonNull(missing);
        if (!(min < max)) {
          throw new IllegalArgumentException(name + ": min must lie below max");
        }
      }

      @Override
      public String expected() {
        return "a number from " + plain(min) + " to " + plain(max);
      }

      private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
            ? Long.toString((long) bound)
            : Double.toString(bound);
      }
    }

    /** One of a list of levels. */
    record Category(String name, List<String> levels, Missing missing) implements ColumnRule {
      public Category {
        Objects.requireNonNull(missing);
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
          throw new IllegalArgumentException(name + ": a category has at least one level");
        }
      }

      @Override
      public String expected() {
        return "one of " + String.join(", ", levels);
      }
    }
  }

  /** The rule of a column. */
  public ColumnRule column(String name) {
    for (ColumnRule column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException("the schema has no column " + name);
  }
}
