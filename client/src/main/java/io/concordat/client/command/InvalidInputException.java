package io.concordat.client.command;

/**
 * A file or an argument is not what the command needs; the message names it and says what was
 * expected.
 */
public final class InvalidInputException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
