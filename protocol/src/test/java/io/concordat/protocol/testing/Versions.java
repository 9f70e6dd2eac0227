package io.concordat.protocol.testing;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The versions of a policy that a handmade federation agreed on. */
final class Versions {
  final TreeMap<Long, FederationRules> made = new TreeMap<>();
  final Set<Long> gentle = new HashSet<>();

  Versions(FederationRules first) {
    made.put(first.version(), first);
  }

  Versions(Versions before) {
    made.putAll(before.made);
    gentle.addAll(before.gentle);
  }

  /** Version 1: everybody is silo, holder and witness. */
  static FederationRules first(
      Instant time,
      SigningKey aggregator,
      SortedMap<String, FederationRules.Institution> institutions,
      List<String> ids,
      int threshold,
      boolean manualApproval,
      boolean manualRelease) {
    return new FederationRules(
        Handmade.FEDERATION,
        1,
        Digests.sha256("a policy"),
        time.minus(Duration.ofDays(30)),
        time.plus(Duration.ofDays(300)),
        aggregator.verifyingKey(),
        "handmade.example/log",
        institutions,
        ids,
        threshold,
        1,
        ids,
        ids.size() - 1,
        ids.size() / 2 + 1,
        3,
        1,
        8,
        manualApproval,
        manualRelease,
        Set.of(),
        Map.of(
            Handmade.OPEN, new FederationRules.DatasetRules("open", OptionalLong.empty()),
            Handmade.ALSO_OPEN, new FederationRules.DatasetRules("open", OptionalLong.empty()),
            Handmade.CAPPED,
                new FederationRules.DatasetRules("capped", OptionalLong.of(Handmade.CAP))),
        new FederationRules.Lasting(Optional.empty(), aggregator.publicKeys().quantum()));
  }

  /** Every version made so far; those in {@link #gentle} end no running job. */
  PolicyBook book() {
    return new PolicyBook() {
      @Override
      public Optional<FederationRules> rules(long version, Digest policy) {
        return Optional.ofNullable(made.get(version)).filter(r -> r.policy().equals(policy));
      }

      @Override
      public boolean endsRunningJobs(FederationRules from, FederationRules to) {
        return !gentle.contains(to.version());
      }
    };
  }

  /** The next version: these holders, this cap and these uploaded graphs, all else as it was. */
  FederationRules next(List<String> holders, long cap, Set<Digest> templates) {
    FederationRules last = made.lastEntry().getValue();
    FederationRules next =
        new FederationRules(
            Handmade.FEDERATION,
            last.version() + 1,
            Digests.sha256("policy " + (last.version() + 1) + holders + cap + templates),
            last.notBefore(),
            last.expires(),
            last.aggregator(),
            last.origin(),
            last.institutions(),
            holders,
            last.threshold(),
            last.maxCorrupt(),
            last.witnesses(),
            last.witnessQuorum(),
            last.policyThreshold(),
            last.minContributors(),
            last.maxColluding(),
            last.maxCohort(),
            last.manualApproval(),
            last.manualRelease(),
            templates,
            Map.of(
                Handmade.OPEN, new FederationRules.DatasetRules("open", OptionalLong.empty()),
                Handmade.ALSO_OPEN, new FederationRules.DatasetRules("open", OptionalLong.empty()),
                Handmade.CAPPED, new FederationRules.DatasetRules("capped", OptionalLong.of(cap))),
            last.lasting());
    made.put(next.version(), next);
    return next;
  }
}
