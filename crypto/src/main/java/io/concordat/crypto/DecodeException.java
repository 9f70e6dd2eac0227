package io.concordat.crypto;

/**
 * Bytes from outside did not have the form they must have. Checked, because whoever reads hostile
 * bytes has to say what happens then; the message names the field and what was expected, and never
 * repeats secret input.
 */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    super(message);
  }

  public DecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
