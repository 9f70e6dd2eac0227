package io.concordat.bench.round;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A round's steps as the log's own times tell them. An entry's time is that of the aggregator's
 * step which wrote it, so a step's time includes everything that happened at the nodes until then.
 */
final class RoundTimes {
  /** What lies between two entries, in the order of a round. */
  enum Step {
    CONTRIBUTIONS("announcement, its quorum, noise, sealing, upload, boxes, acceptances"),
    RECORDS("manifest, fingerprints, opening records"),
    OPENING("their quorum, key sums, decryption, next state, next announcement");

    private final String words;

    Step(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private final List<Double> whole = new ArrayList<>();
  private final Map<Step, List<Double>> steps = new EnumMap<>(Step.class);

  private RoundTimes() {
    for (Step step : Step.values()) {
      steps.put(step, new ArrayList<>());
    }
  }

  /**
   * Reads the rounds of one job.
   *
   * @param entries the log's entries in order
   * @param job the job's digest as the entries write it
   * @param warmup rounds to leave out at the beginning
   */
  static RoundTimes of(List<JsonNode> entries, String job, int warmup) {
    RoundTimes times = new RoundTimes();
    Instant announced = null;
    Instant fixed = null;
    Instant recorded = null;
    int rounds = 0;
    boolean own = false;
    for (JsonNode item : entries) {
      JsonNode entry = item.path("entry");
      Instant time = Instant.parse(item.path("time").asText());
      switch (item.path("type").asText()) {
        case "round.announced" -> {
          if (own && announced != null && fixed != null && recorded != null && rounds > warmup) {
            times.whole.add(millis(announced, time));
            times.add(Step.CONTRIBUTIONS, announced, fixed);
            times.add(Step.RECORDS, fixed, recorded);
            times.add(Step.OPENING, recorded, time);
          }
          own = entry.path("statement").path("job").asText().equals(job);
          rounds += own ? 1 : 0;
          announced = time;
          fixed = null;
          recorded = null;
        }
        case "cohort.fixed" -> fixed = time;
        case "opening.recorded" -> recorded = time;
        default -> {}
      }
    }
    return times;
  }

  private void add(Step step, Instant from, Instant to) {
    steps.getOrDefault(step, new ArrayList<>()).add(millis(from, to));
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  /** Whole rounds, announcement to announcement, milliseconds. */
  List<Double> whole() {
    return List.copyOf(whole);
  }

  List<Double> of(Step step) {
    return List.copyOf(steps.getOrDefault(step, List.of()));
  }

  /** The value below which {@code share} of all lie. */
  static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
  }
}
