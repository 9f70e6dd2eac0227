package io.concordat.client.http;

/** The server could not be reached, or did not answer as an aggregator does. */
public final class UnreachableException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
