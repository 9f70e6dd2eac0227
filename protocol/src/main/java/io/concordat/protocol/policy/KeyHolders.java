package io.concordat.protocol.policy;

import java.util.List;
import java.util.OptionalInt;

/**
 * The holders of round keys.
 *
 * <p>INV-01: {@code 0 <= f < t <= n} and {@code 2t - n > f} for n members, threshold t and f
 * corruptible members. Two sets of t members share at least 2t - n; as that exceeds f, one member
 * in common is honest, and an honest holder answers for one cohort of a round only. So no round is
 * ever opened for two cohorts. {@code f < t} keeps the corrupt from opening alone.
 *
 * @param members institution ids; a holder's position is its place in this list, counted from 1,
 *     and is the point at which its share is taken
 */
public record KeyHolders(List<String> members, int threshold, int maxCorrupt) {
  /** Shares are points 1..n of polynomials; the vectors and figures hold to 32. */
  public static final int MAX_MEMBERS = 32;

  public KeyHolders {
    members = List.copyOf(members);
    members.forEach(m -> Ids.checkId("holder", m));
    Ids.checkDistinct("holder", members);
    Ids.check(members.size() <= MAX_MEMBERS, "at most " + MAX_MEMBERS + " holders");
    Ids.check(
        isQuorum(members.size(), threshold, maxCorrupt),
        "holders need f < t <= n and 2t - n > f: n="
            + members.size()
            + " t="
            + threshold
            + " f="
            + maxCorrupt);
  }

  /** Whether INV-01 holds. In long, so that no hostile int overflows into a pass. */
  public static boolean isQuorum(long holders, long threshold, long corrupt) {
    return corrupt >= 0
        && corrupt < threshold
        && threshold <= holders
        && 2 * threshold - holders > corrupt;
  }

  public int count() {
    return members.size();
  }

  /** The position of an institution, from 1, or empty. */
  public OptionalInt positionOf(String institution) {
    int index = members.indexOf(institution);
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
  }

  /** The institution at a position from 1 to n. */
  public String at(int position) {
    return members.get(position - 1);
  }
}
