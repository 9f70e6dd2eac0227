package io.concordat.e2e.simulation;

/**
 * How rough the world is. Rates are probabilities per message or per commit.
 *
 * @param drop a message is lost
 * @param twice a message arrives twice
 * @param delayMillis longest delay of a message; different delays reorder
 * @param killBefore a process dies before a commit
 * @param killAfter a process dies after a commit, before anything is sent
 * @param failedSync a commit fails, and may be on the disk all the same
 * @param full a commit fails because the disk is full, for a while
 * @param setBack a process that died comes back on an old snapshot (nodes only)
 * @param clockJump a clock jumps by up to an hour, per tick
 * @param cutOff a node is cut off from the network for a while, per tick
 */
record Trouble(
    double drop,
    double twice,
    long delayMillis,
    double killBefore,
    double killAfter,
    double failedSync,
    double full,
    double setBack,
    double clockJump,
    double cutOff) {
  /** Nothing goes wrong. */
  static final Trouble NONE = new Trouble(0, 0, 3, 0, 0, 0, 0, 0, 0, 0);

  /** Everything goes wrong now and then. */
  static final Trouble ROUGH =
      new Trouble(0.03, 0.05, 200, 0.01, 0.01, 0.005, 0.005, 0.3, 0.002, 0.002);
}
