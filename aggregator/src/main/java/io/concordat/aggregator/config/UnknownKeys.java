package io.concordat.aggregator.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys below {@code concordat.} that exist. A misspelt key would otherwise be a setting that
 * somebody believes in and nobody reads.
 */
public final class UnknownKeys {
  private static final String PREFIX = "concordat.";
  private static final Set<String> KNOWN =
      Set.of(
          "concordat.home",
          "concordat.host",
          "concordat.port",
          "concordat.listen",
          "concordat.kernel",
          "concordat.database.url",
          "concordat.database.user",
          "concordat.management.port",
          "concordat.management.listen",
          "concordat.intake.unfinished-bytes-per-silo",
          "concordat.intake.concurrent-chunks",
          "concordat.rounds.collecting",
          "concordat.rounds.acceptance-grace",
          "concordat.rounds.opening",
          "concordat.node.longest-wait",
          "concordat.node.clock-tolerance",
          "concordat.node.inspected",
          "concordat.oidc.issuer",
          "concordat.oidc.audience",
          "concordat.oidc.groups-claim");

  private UnknownKeys() {}

  /** Keys of ours that nothing reads, sorted; keys of others are none of our business. */
  public static List<String> among(Iterable<String> keys) {
    TreeSet<String> unknown = new TreeSet<>();
    for (String key : keys) {
      if (key.startsWith(PREFIX) && !KNOWN.contains(key)) {
        unknown.add(key);
      }
    }
    return List.copyOf(unknown);
  }
}
