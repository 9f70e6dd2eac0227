package io.concordat.silonode.console;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** What people send to the console, made fit for statements; and the answer where it is not. */
final class Asked {
  private static final int MAX_TEXT = 500;

  private Asked() {}

  /** Without control characters and of bounded length, as a statement wants it. */
  static String text(@Nullable String value) {
    if (value == null) {
      return "";
    }
    String plain = value.strip().replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= MAX_TEXT ? plain : plain.substring(0, MAX_TEXT);
  }

  static Response malformed(String detail) {
    return Problem.answer(400, Refusal.of(Code.REQUEST_MALFORMED, detail));
  }
}
