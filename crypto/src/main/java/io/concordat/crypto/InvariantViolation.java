package io.concordat.crypto;

/** A bug of ours: a state that the code argues cannot occur has occurred. Never caught to go on. */
public final class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvariantViolation(String message) {
    super(message);
  }

  public InvariantViolation(String message, Throwable cause) {
    super(message, cause);
  }
}
