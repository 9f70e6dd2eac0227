package io.concordat.silonode.node;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How the connection to the aggregator stands, and what is worth a line in the log.
 *
 * <p>Each reason is told once until the connection is back. Telling only the first would hide what
 * matters: an aggregator that is being restarted refuses connections for a moment, and it is the
 * reason after that which somebody has to mend.
 *
 * <p>Written by the poll's thread alone, read by any.
 */
final class Connection {
  /** Reasons remembered in one outage; beyond them each is told again, which is no harm. */
  private static final int MAX_REASONS = 32;

  private static final String LOST = "No connection to the aggregator: ";

  private final Set<String> told = new HashSet<>();
  private volatile boolean up;
  private volatile String words = "Not connected yet.";

  /**
   * A poll was answered.
   *
   * @return the line for the log; empty if the connection was there before
   */
  Optional<String> answered() {
    boolean news = !up;
    up = true;
    words = "Connected.";
    told.clear();
    return news ? Optional.of("Connected to the aggregator") : Optional.empty();
  }

  /**
   * A poll was not answered.
   *
   * @return the line for the log; empty if this reason stands there since the last answer
   */
  Optional<String> lost(String reason) {
    up = false;
    words = LOST + reason;
    if (told.contains(reason)) {
      return Optional.empty();
    }
    if (told.size() < MAX_REASONS) {
      told.add(reason);
    }
    return Optional.of(words);
  }

  /** The node itself failed over an answer; whether the connection is there this does not say. */
  void failed(String reason) {
    words = "A poll failed: " + reason;
  }

  boolean up() {
    return up;
  }

  /** A sentence for people. */
  String words() {
    return words;
  }
}
