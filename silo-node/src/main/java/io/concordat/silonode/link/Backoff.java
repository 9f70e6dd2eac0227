package io.concordat.silonode.link;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waiting times after failures: doubling from a fifth of a second to ten seconds, each drawn
 * between half and the whole, so that a hundred nodes do not come back in the same second.
 */
public final class Backoff {
  private static final long FIRST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 10_000;

  private int failures;

  /** After a success the next failure waits shortly again. */
  public void reset() {
    failures = 0;
  }

  /** How long to wait after one more failure. */
  public Duration next() {
    long ceiling = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, 20));
    failures++;
    // Spreading load needs no secret randomness.
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
  }

  /** Waits so long. */
  public void await() throws InterruptedException {
    Thread.sleep(next());
  }
}
