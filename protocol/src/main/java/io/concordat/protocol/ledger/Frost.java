package io.concordat.protocol.ledger;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The freeze that holds.
 *
 * @param institution whose freeze is the newest
 * @param index its place in the log, which a thaw has to name
 * @param thaws institutions that agreed to end it
 */
public record Frost(String institution, long index, String reason, SortedSet<String> thaws) {
  public Frost {
    thaws = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(thaws));
  }

  Frost with(String agreeing) {
    TreeSet<String> more = new TreeSet<>(thaws);
    more.add(agreeing);
    return new Frost(institution, index, reason, more);
  }
}
