package io.concordat.crypto.ring.kernel;

/** This machine or this start of the program lacks what a kernel needs; the message says what. */
public final class KernelUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public KernelUnavailableException(String message) {
    super(message);
  }

  public KernelUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
