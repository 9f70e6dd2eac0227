package io.concordat.protocol.policy;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decimals as files carry them: in quotes, exact, of bounded size. The bound matters: {@code new
 * BigDecimal("1e999999999")} is small, but the first addition to it fills the memory.
 */
public final class Decimals {
  /** Longest spelling. */
  public static final int MAX_LENGTH = 40;

  private static final Pattern STRICT =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?");
  private static final Pattern PLAIN = Pattern.compile("[+-]?[0-9]+(\\.[0-9]*)?");

  private Decimals() {}

  /** A decimal such as 8.0, 1e-5 or -2.6; empty for anything else. */
  public static Optional<BigDecimal> parse(String text) {
    return text.length() <= MAX_LENGTH && STRICT.matcher(text).matches()
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  /** A cell of a records file: leading zeros and a bare point are common there. */
  static Optional<BigDecimal> lenient(String cell) {
    return cell.length() <= MAX_LENGTH && PLAIN.matcher(cell).matches()
        ? Optional.of(new BigDecimal(cell))
        : Optional.empty();
  }
}
