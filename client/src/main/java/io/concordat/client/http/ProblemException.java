package io.concordat.client.http;

import org.jspecify.annotations.Nullable;

/** The server said no, with an RFC 9457 problem. */
public final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable String where;
  private final @Nullable String hint;

  public ProblemException(
      int status, String code, String sentence, @Nullable String where, @Nullable String hint) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.where = where;
    this.hint = hint;
  }

  /** The HTTP status, 400 to 599. */
  public int status() {
    return status;
  }

  /** The stable code, such as {@code job.outside-policy}. */
  public String code() {
    return code;
  }

  /** File, line and field the problem points at, if it points anywhere. */
  public @Nullable String where() {
    return where;
  }

  /** What to do about it, if the server knows. */
  public @Nullable String hint() {
    return hint;
  }
}
