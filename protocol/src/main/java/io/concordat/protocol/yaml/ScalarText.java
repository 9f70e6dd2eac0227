package io.concordat.protocol.yaml;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a scalar's text may be taken for, and how findings show it. */
final class ScalarText {
  private ScalarText() {}

  static Optional<Long> integer(YamlNode.Scalar s) {
    return s.plain() && s.text().matches("0|-?[1-9][0-9]{0,15}")
        ? Optional.of(Long.parseLong(s.text()))
        : Optional.empty();
  }

  /** What some YAML reader would take for a number, a truth value or nothing. */
  static boolean looksTyped(String text) {
    return text.matches(
        "[-+]?(0[xob][0-9a-fA-F_]+|\\.?[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|\\.(inf|nan))"
            + "|~|(?i:null|true|false|yes|no|on|off|nan)");
  }

  static String shown(YamlNode.Scalar s) {
    String text = StrictYaml.printable(s.text());
    return s.plain() ? text : "\"" + text + "\"";
  }

  static <E extends Enum<E>> String oneOf(E[] all, Function<E, String> text) {
    return Arrays.stream(all).map(text).collect(Collectors.joining(", ", "one of ", ""));
  }
}
