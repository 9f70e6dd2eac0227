package io.concordat.e2e.simulation;

import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/** Time and messages: what happens next, and whether a message gets there at all. */
final class Network {
  private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final Chance chance;
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final Set<String> cutOff = new HashSet<>();
  private Trouble trouble;
  private long now;
  private long sequence;
  private long messages;
  private long faults;

  Network(Chance chance, Trouble trouble) {
    this.chance = chance;
    this.trouble = trouble;
  }

  Trouble trouble() {
    return trouble;
  }

  void heal() {
    trouble = Trouble.NONE;
    cutOff.clear();
  }

  /** Milliseconds since the beginning. */
  long now() {
    return now;
  }

  long messages() {
    return messages;
  }

  long faults() {
    return faults;
  }

  void fault() {
    faults++;
  }

  void after(long millis, Runnable action) {
    queue.add(new Event(now + millis, sequence++, action));
  }

  void cutOff(String node, long millis) {
    if (cutOff.add(node)) {
      faults++;
      after(millis, () -> cutOff.remove(node));
    }
  }

  /** Sends something between a node and the aggregator, in either direction. */
  void send(String node, Runnable arrival) {
    messages++;
    if (cutOff.contains(node) || chance.once(trouble.drop())) {
      faults++;
      return;
    }
    after(delay(), arrival);
    if (chance.once(trouble.twice())) {
      faults++;
      after(delay(), arrival);
    }
  }

  private long delay() {
    return 1 + chance.between(0, trouble.delayMillis());
  }

  /** Does the next thing; false if there is none. */
  boolean step() {
    Event next = queue.poll();
    if (next == null) {
      return false;
    }
    now = next.at;
    next.action.run();
    return true;
  }
}
