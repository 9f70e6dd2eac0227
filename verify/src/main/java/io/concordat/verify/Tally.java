package io.concordat.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * One check over many things, such as the rounds of a job. One that differs fails the check, one
 * that could not be compared leaves it open, and the first few are named.
 */
final class Tally {
  private static final int NAMED = 3;

  private final String name;
  private final List<String> faults = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private int agreed;

  Tally(String name) {
    this.name = name;
  }

  void agree() {
    agreed++;
  }

  void fault(String where, String what) {
    faults.add(where + ": " + what);
  }

  void skip(String where, String why) {
    skipped.add(where + ": " + why);
  }

  /** Whether anything failed or could not be compared. */
  boolean open() {
    return !faults.isEmpty() || !skipped.isEmpty();
  }

  int agreed() {
    return agreed;
  }

  /** The check; {@code compared} says in words what agreed. */
  Check check(String compared) {
    if (!faults.isEmpty()) {
      return Check.failed(name, first(faults));
    }
    if (!skipped.isEmpty()) {
      return new Check(name, Check.Outcome.NOT_CHECKED, "not checked: " + first(skipped));
    }
    return Check.passed(name, compared);
  }

  private static String first(List<String> all) {
    String named = String.join("; ", all.subList(0, Math.min(NAMED, all.size())));
    return all.size() > NAMED ? named + "; and " + (all.size() - NAMED) + " more" : named;
  }
}
