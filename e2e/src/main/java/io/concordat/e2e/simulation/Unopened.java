package io.concordat.e2e.simulation;

import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** How far rounds came that ended without an opening, from what the aggregator has stored. */
final class Unopened {
  private Unopened() {}

  /** One short phrase a round, in the order of the log. */
  static List<String> of(AggregatorCore aggregator) {
    List<String> out = new ArrayList<>();
    for (JobRecord job : aggregator.ledger().jobs()) {
      for (RoundRecord round : job.rounds()) {
        if (round.outcome() != RoundRecord.Outcome.OPENED) {
          out.add((job.terms().noised() ? "noised: " : "exact: ") + why(aggregator, round));
        }
      }
    }
    return out;
  }

  private static String why(AggregatorCore aggregator, RoundRecord round) {
    if (round.fault().isPresent()) {
      return "announcement refused with " + round.fault().get().code().text();
    }
    if (round.outcome() != RoundRecord.Outcome.PENDING) {
      return round.outcome().toString().toLowerCase(java.util.Locale.ROOT);
    }
    SortedMap<String, byte[]> rows = aggregator.rows(round.ctx());
    int silos = round.announcement().roster().size();
    int holders = round.announcement().boxKeys().size();
    int threshold = round.job().rules().threshold();
    if (round.manifest().isEmpty()) {
      long headers = count(rows, "/header/");
      return headers < silos
          ? headers + " of " + silos + " contributed"
          : "lists of "
              + count(rows, "/acceptance/")
              + " of "
              + holders
              + " holders, t="
              + threshold;
    }
    if (round.manifest().get().fault().isPresent()) {
      return "manifest refused with " + round.manifest().get().fault().get().code().text();
    }
    int openers = round.manifest().get().fixed().openers().size();
    return round.records().size() < threshold
        ? "records of " + round.records().size() + " of " + openers + ", t=" + threshold
        : "answers of " + count(rows, "/key-sum/") + " of " + openers + ", t=" + threshold;
  }

  private static long count(SortedMap<String, byte[]> rows, String kind) {
    return rows.keySet().stream().filter(k -> k.contains(kind)).count();
  }
}
