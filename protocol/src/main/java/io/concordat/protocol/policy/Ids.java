package io.concordat.protocol.policy;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The spelling of ids, and the small checks that several records share. */
public final class Ids {
  /** Longest id of a federation, institution or dataset. */
  public static final int MAX_LENGTH = 64;

  private Ids() {}

  /** Whether the text is 1 to 64 characters of a-z, 0-9 and dash. */
  public static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && text.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
  }

  /**
   * Whether the text can name a column: a letter, then letters, digits and underscore, at most 64
   * in all. Such a name needs no quoting in a CSV head, in SQL or in a chart.
   */
  public static boolean isColumnName(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || !isLetter(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isLetter(c) || c >= '0' && c <= '9' || c == '_');
  }

  static String checkId(String what, String id) {
    check(isId(id), what + " must be 1 to 64 characters a-z, 0-9, -");
    return id;
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  static void checkDistinct(String what, Collection<?> values) {
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      check(seen.add(value), what + " stands twice: " + value);
    }
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
