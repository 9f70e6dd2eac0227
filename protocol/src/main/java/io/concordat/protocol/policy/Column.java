package io.concordat.protocol.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One column of a dataset, as the institutions agreed to prepare it. */
public sealed interface Column {

  String name();

  /** What a silo does with a row whose cell is empty here. */
  MissingRule missing();

  /** Rows with empty cells. Filling them from data would be a release, so it is not offered. */
  enum MissingRule {
    /** The file is not accepted. */
    REFUSE("refuse"),
    /** The row is left out and counted. */
    DROP_ROW("drop-row");

    private final String text;

    MissingRule(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<MissingRule> byText(String text) {
      return java.util.Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
    }
  }

  /**
   * A number between public bounds.
   *
   * @param center public constant taken off before training, never computed from records
   * @param scale public constant divided by after that
   * @param unit for people, or empty
   */
  record Number(
      String name,
      BigDecimal min,
      BigDecimal max,
      BigDecimal center,
      BigDecimal scale,
      String unit,
      MissingRule missing)
      implements Column {
    public Number {
      Ids.check(Ids.isColumnName(name), "a column name is a letter, then letters, digits, _");
      Ids.check(min.compareTo(max) < 0, "column " + name + ": min must be below max");
      Ids.check(scale.signum() > 0, "column " + name + ": scale must be above 0");
    }

    /** Whether a value lies within the bounds. False for NaN. */
    public boolean allows(double value) {
      return value >= min.doubleValue() && value <= max.doubleValue();
    }

    /** The value under the policy's public constants. */
    public double scaled(double value) {
      return (value - center.doubleValue()) / scale.doubleValue();
    }
  }

  /**
   * One of a few values. As a feature it becomes one indicator for each value but the first.
   *
   * @param values the spellings, in the order that fixes the indicators' order
   */
  record Category(String name, List<String> values, MissingRule missing) implements Column {
    /** More than this is an identifier in disguise. */
    public static final int MAX_VALUES = 256;

    public Category {
      Ids.check(Ids.isColumnName(name), "a column name is a letter, then letters, digits, _");
      values = List.copyOf(values);
      Ids.check(
          values.size() >= 2 && values.size() <= MAX_VALUES,
          "column " + name + ": a category has 2 to " + MAX_VALUES + " values");
      Ids.checkDistinct("value of column " + name, values);
    }

    /**
     * The place of a cell's value, from 0. A cell matches by its text or, where both are plain
     * decimal numbers, by their value: files write the category 1 as 1, 1.0 or 01.
     */
    public OptionalInt indexOf(String cell) {
      int exact = values.indexOf(cell);
      if (exact >= 0) {
        return OptionalInt.of(exact);
      }
      Optional<BigDecimal> number = Decimals.lenient(cell);
      for (int i = 0; number.isPresent() && i < values.size(); i++) {
        Optional<BigDecimal> value = Decimals.lenient(values.get(i));
        if (value.isPresent() && value.get().compareTo(number.get()) == 0) {
          return OptionalInt.of(i);
        }
      }
      return OptionalInt.empty();
    }
  }

  /** Tells persons apart; never a feature, never leaves the silo. */
  record Identifier(String name) implements Column {
    public Identifier {
      Ids.check(Ids.isColumnName(name), "a column name is a letter, then letters, digits, _");
    }

    /** Rows of nobody cannot be counted. */
    @Override
    public MissingRule missing() {
      return MissingRule.REFUSE;
    }
  }
}
