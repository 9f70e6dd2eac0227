package io.concordat.crypto;

/**
 * Bytes from outside are not what the format says. The message names the field and what was
 * expected; it is for this side's own log and is never sent to the peer that sent the bytes.
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
