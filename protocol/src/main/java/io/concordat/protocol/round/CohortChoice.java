package io.concordat.protocol.round;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.statement.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which contributions one opening can cover, and which holders can open it.
 *
 * @param cohort sorted by silo
 * @param openers positions of the holders that accepted every one of them, ascending
 */
record CohortChoice(List<Member> cohort, List<Integer> openers) {
  /**
   * Leaves out as few contributions as needed for enough holders to have accepted all the others:
   * those with the fewest acceptances first, of equals the one with the greater digest.
   *
   * <p>Enough is t, and t + 1 as soon as so many holders sent a list at all: then one lying answer
   * still leaves a subset that opens, and is found out.
   */
  static Optional<CohortChoice> of(RoundState state) {
    List<Member> cohort = new ArrayList<>(state.candidates());
    Map<Integer, Set<Member>> lists = new HashMap<>();
    for (int position : state.announcement().positions()) {
      if (state.acceptances().containsKey(position)) {
        lists.put(position, new HashSet<>(state.accepted(position)));
      }
    }
    int threshold = state.terms().threshold();
    int needed = lists.size() > threshold ? threshold + 1 : threshold;
    while (cohort.size() >= state.terms().minContributors()) {
      List<Integer> openers = openers(lists, cohort);
      if (openers.size() >= needed) {
        return Optional.of(new CohortChoice(List.copyOf(cohort), openers))
            .filter(c -> c.allowed(state));
      }
      cohort.remove(weakest(lists, cohort));
    }
    return Optional.empty();
  }

  private boolean allowed(RoundState state) {
    List<String> bound = state.terms().bound();
    return bound.isEmpty() || bound.equals(cohort.stream().map(Member::silo).toList());
  }

  private static List<Integer> openers(Map<Integer, Set<Member>> lists, List<Member> cohort) {
    return lists.entrySet().stream()
        .filter(e -> e.getValue().containsAll(cohort))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static Member weakest(Map<Integer, Set<Member>> lists, List<Member> cohort) {
    return cohort.stream()
        .min(
            Comparator.comparingLong(
                    (Member m) -> lists.values().stream().filter(l -> l.contains(m)).count())
                .thenComparing(Member::contribution, Comparator.<Digest>reverseOrder()))
        .orElseThrow();
  }

  /** Digests of the contributions, in the cohort's order. */
  List<Digest> digests() {
    return cohort.stream().map(Member::contribution).toList();
  }
}
