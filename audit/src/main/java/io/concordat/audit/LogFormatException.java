package io.concordat.audit;

import java.io.IOException;

/**
 * Bytes from elsewhere are not what the format demands. The message names the part and what was
 * expected; it never repeats the hostile bytes at length, so it is safe to log.
 *
 * <p>An {@link IOException}, so that a reader of stored tiles has one thing to declare; catch this
 * type first where "broken bytes" and "cannot read at the moment" need different answers.
 */
public final class LogFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public LogFormatException(String message) {
    super(message);
  }
}
