package io.concordat.silonode.node;

import io.concordat.protocol.core.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages that the next poll takes along. Between a poll's reply and the next poll lies the work
 * that the reply gave, and what comes out of it travels with that poll: one request where there
 * would be two or three.
 *
 * <p>A message that comes while a poll is on its way waits a moment for the next one; if there is
 * none, its sender takes it back and sends it alone.
 */
final class Boarding {
  private static final int MAX_MESSAGES = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Outgoing> aboard = new ArrayList<>();
  private boolean open;
  private int events;
  private int commands;

  /** A poll came back. */
  void open() {
    change(() -> open = true);
  }

  /** What becomes of a message that was offered. */
  enum Place {
    /** A poll is about to leave and takes it along. */
    TAKEN,
    /** A poll may come; the message can be taken {@link #back}. */
    WAITS,
    /** It has to go alone. */
    NONE
  }

  Place offer(Outgoing message) {
    lock.lock();
    try {
      if (message instanceof Outgoing.Upload || aboard.size() == MAX_MESSAGES) {
        return Place.NONE;
      }
      aboard.add(message);
      changed.signalAll();
      return open ? Place.TAKEN : Place.WAITS;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no poll has come for this message: it is the caller's again. */
  boolean back(Outgoing message) {
    lock.lock();
    try {
      return !open && aboard.remove(message);
    } finally {
      lock.unlock();
    }
  }

  /** An event waits for its step. */
  void eventWaits() {
    change(() -> events++);
  }

  /** So many events have had their step, and what follows from it was sent or started. */
  void stepped(int many) {
    change(() -> events -= many);
  }

  /** Work of the core's begins. */
  void commandBegins() {
    change(() -> commands++);
  }

  /** Work has ended and its result, if it has one, waits for its step. */
  void commandEnds() {
    change(() -> commands--);
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is a message and no step that could bring another one at once, or until
   * nothing is under way, but no longer than {@code longest}: work may take minutes. Then boarding
   * is over.
   */
  List<Outgoing> close(Duration longest) throws InterruptedException {
    long nanos = longest.toNanos();
    lock.lock();
    try {
      while ((events > 0 || aboard.isEmpty() && commands > 0) && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return List.copyOf(aboard);
    } finally {
      aboard.clear();
      open = false;
      lock.unlock();
    }
  }
}
