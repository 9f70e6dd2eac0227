package io.concordat.aggregator.round;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those that wait for something new. Holds no content: whoever is woken looks again, so a
 * lost wake-up costs one poll's waiting time and another replica needs none of this.
 */
public final class News {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long edition;
  private boolean closed;

  /** A number that grows with each announcement; read it before looking. */
  public long edition() {
    lock.lock();
    try {
      return edition;
    } finally {
      lock.unlock();
    }
  }

  public void announce() {
    lock.lock();
    try {
      edition++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody for good: the service stops. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the edition is another one than {@code seen}; false if the time passed first or the
   * service stops.
   */
  public boolean awaitOtherThan(long seen, Duration longest) throws InterruptedException {
    long nanos = longest.toNanos();
    lock.lock();
    try {
      while (edition == seen && !closed) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      if (closed) {
        throw new InterruptedException("the service stops");
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds form of a poll's deadline, for callers that wait in several steps. */
  public static long deadline(Duration longest) {
    return System.nanoTime() + TimeUnit.NANOSECONDS.convert(longest);
  }
}
