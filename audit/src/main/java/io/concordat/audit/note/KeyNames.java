package io.concordat.audit.note;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What may stand as a key's name; the same rule wherever a name is read or made. */
final class KeyNames {
  /** The ML-DSA message has one byte for the name's length. */
  static final int MAX_BYTES = 255;

  private KeyNames() {}

  /** What is wrong with a name, if anything. */
  static Optional<String> fault(String name) {
    if (name.isEmpty()) {
      return Optional.of("a key name must not be empty");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("a key name has at most " + MAX_BYTES + " bytes");
    }
    boolean plain =
        name.codePoints()
            .noneMatch(c ->
                c == '+'
                    || c < 0x20
                    || c == 0x85
                    || Character.isSpaceChar(c)
                    || Character.isWhitespace(c)
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    return plain
        ? Optional.empty()
        : Optional.of("a key name contains no spaces, control characters or plus signs");
  }
}
