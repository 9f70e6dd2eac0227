package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/** Free text of bounded length, without control characters, so that it can be shown anywhere. */
final class Texts {
  private static final int MAX_CHARACTERS = 500;

  private Texts() {}

  static String sentence(JsonObject o, String name) throws DecodeException {
    String text = o.string(name);
    if (text.length() > MAX_CHARACTERS || text.chars().anyMatch(Character::isISOControl)) {
      throw o.fault(
          name, "expected at most " + MAX_CHARACTERS + " characters, none of them control");
    }
    return text;
  }

  /** A stable code: lower case, digits, dots and dashes. */
  static String code(JsonObject o, String name) throws DecodeException {
    String text = o.string(name);
    if (text.isEmpty()
        || text.length() > 64
        || !text.chars()
            .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-')) {
      throw o.fault(name, "expected a code of a-z, 0-9, dots and dashes");
    }
    return text;
  }
}
