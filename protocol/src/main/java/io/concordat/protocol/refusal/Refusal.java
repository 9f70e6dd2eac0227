package io.concordat.protocol.refusal;

import java.util.Optional;

/**
 * A designed "no".
 *
 * @param detail what exactly was found and expected here; no personal data, no secrets
 * @param where the place in a file, if the reason lies in one
 */
public record Refusal(Code code, String detail, Optional<Where> where) {

  public static Refusal of(Code code, String detail) {
    return new Refusal(code, detail, Optional.empty());
  }

  public static Refusal at(Where where, Code code, String detail) {
    return new Refusal(code, detail, Optional.of(where));
  }

  /** The same refusal at a place that the caller has learnt of since. */
  public Refusal locatedAt(Where place) {
    return new Refusal(code, detail, Optional.of(place));
  }

  /** One line: place, code, detail. */
  @Override
  public String toString() {
    return where.map(w -> w + ": ").orElse("") + code.text() + ": " + detail;
  }
}
