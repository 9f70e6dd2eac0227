package io.concordat.client.command;

/** The exit statuses that scripts can rely on. */
public final class ExitStatus {
  public static final int DONE = 0;

  /** A rule said no: a policy, a budget, a state. */
  public static final int REFUSED = 1;

  /** Wrong arguments, or a file that is not what it should be. */
  public static final int INVALID = 2;

  /** Not reached, or the machine lacks something. */
  public static final int ENVIRONMENT = 3;

  /** A verification failed. */
  public static final int NOT_VERIFIED = 4;

  public static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
