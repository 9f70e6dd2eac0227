package io.concordat.protocol.request;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The nonces that were seen while a request could still be fresh. Thread-safe.
 *
 * <p>A request is fresh if its creation lies within the tolerance of this clock, on either side; so
 * each nonce is kept until its creation lies further back than that, and nothing older is accepted.
 * The window lives in memory. What was created before the window began is therefore not accepted
 * either: it may have been seen by the process before this one. What is left is a request of a node
 * whose clock runs ahead, seen just before a restart: it may be accepted once more within the
 * tolerance. Every request of the node interface may be repeated without effect, so that a second
 * acceptance gives away nothing but the answer.
 */
public final class ReplayWindow {
  /**
   * Most nonces of one key at a time: 500 requests a second for the four minutes of the usual
   * window, about 12 MiB.
   */
  private static final int MAX_PER_KEY = 120_000;

  private final Duration tolerance;
  private final Instant began;
  private final TreeMap<Long, Map<String, Set<String>>> bySecond = new TreeMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** What became of a nonce. */
  public enum Verdict {
    FRESH,
    SEEN,
    TOO_OLD,
    TOO_NEW,
    BEFORE_START,
    TOO_MANY
  }

  /**
   * @param tolerance how far two clocks may differ
   * @param began when this window began to remember
   */
  public ReplayWindow(Duration tolerance, Instant began) {
    if (tolerance.toSeconds() < 1) {
      throw new IllegalArgumentException("a tolerance of at least a second, not " + tolerance);
    }
    this.tolerance = tolerance;
    this.began = began;
  }

  public Duration tolerance() {
    return tolerance;
  }

  /** Whether a creation time is acceptable at all; remembers nothing. */
  public Verdict time(long createdSecond, Instant now) {
    Instant created = Instant.ofEpochSecond(createdSecond);
    if (created.isBefore(now.minus(tolerance))) {
      return Verdict.TOO_OLD;
    }
    if (created.isAfter(now.plus(tolerance))) {
      return Verdict.TOO_NEW;
    }
    // Whole seconds: what was made in the second of the start may be of before or after it.
    return createdSecond <= began.getEpochSecond() ? Verdict.BEFORE_START : Verdict.FRESH;
  }

  /**
   * Takes a nonce whose signature was verified; an unsigned one would let strangers fill the
   * window.
   */
  public synchronized Verdict take(String key, String nonce, long createdSecond, Instant now) {
    forget(now);
    Verdict verdict = time(createdSecond, now);
    if (verdict != Verdict.FRESH) {
      return verdict;
    }
    int count = counts.getOrDefault(key, 0);
    if (count >= MAX_PER_KEY) {
      return Verdict.TOO_MANY;
    }
    // The creation time is signed: the same nonce at another second is another request.
    boolean added =
        bySecond
            .computeIfAbsent(createdSecond, s -> new HashMap<>())
            .computeIfAbsent(key, k -> new HashSet<>())
            .add(nonce);
    if (!added) {
      return Verdict.SEEN;
    }
    counts.put(key, count + 1);
    return Verdict.FRESH;
  }

  private void forget(Instant now) {
    long oldest = now.minus(tolerance).getEpochSecond();
    while (!bySecond.isEmpty() && bySecond.firstKey() < oldest) {
      bySecond
          .pollFirstEntry()
          .getValue()
          .forEach((key, nonces) -> counts.merge(key, -nonces.size(), Integer::sum));
    }
    counts.values().removeIf(count -> count == 0);
  }

  /** Nonces remembered now. */
  synchronized int size() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
