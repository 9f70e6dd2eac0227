package io.concordat.e2e.simulation;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.SignedStatement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/** Sees everything that really happens and compares it with what the log says. */
final class Oracle {
  private final List<String> violations = new ArrayList<>();
  private final Map<Digest, Set<Integer>> answers = new HashMap<>();
  private final Map<String, Set<Digest>> answeredByRound = new HashMap<>();
  private final Map<String, Set<Digest>> seals = new HashMap<>();
  private final List<SignedStatement> acknowledged = new ArrayList<>();
  private final Set<String> setBack = new HashSet<>();
  private long sumsOpened;

  void violation(String what) {
    violations.add(what);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  long sumsOpened() {
    return sumsOpened;
  }

  void opened(SortedSet<String> cohort, long[] sum) {
    if (cohort.isEmpty() || sum.length == 0) {
      violation("an opening of nothing");
    }
    sumsOpened++;
  }

  /** A machine was set back to an old snapshot: it may seal afresh what it has forgotten. */
  void wasSetBack(String institution) {
    setBack.add(institution);
  }

  /** A statement left a node for the wire. */
  void sent(SignedStatement signed) {
    switch (signed.statement()) {
      case KeySumStated k ->
          answers.computeIfAbsent(k.manifest(), m -> new HashSet<>()).add(k.position());
      case ContributionHeader h -> {
        Set<Digest> sealed = seals.computeIfAbsent(h.silo() + " " + h.ctx(), k -> new HashSet<>());
        sealed.add(signed.digest());
        if (sealed.size() > 1 && !setBack.contains(h.silo())) {
          violation("second seal by " + h.silo() + " for " + h.ctx());
        }
      }
      default -> {
        // Nothing to compare.
      }
    }
  }

  /** The aggregator told a node that its entry is taken. */
  void acknowledged(SignedStatement signed) {
    if (signed.type().logged()) {
      acknowledged.add(signed);
    }
  }

  /** Manifests for which some holder answered, by round, whatever log they stand in. */
  Map<String, Set<Digest>> answeredManifests() {
    return Map.copyOf(answeredByRound);
  }

  /** A node answered for a manifest of this round. */
  void answered(String round, Digest manifest) {
    answeredByRound.computeIfAbsent(round, r -> new HashSet<>()).add(manifest);
  }

  /** Everything that must hold of the final log. */
  void checkLog(FederationLedger ledger) {
    for (SignedStatement signed : acknowledged) {
      if (ledger.place(signed).isEmpty()) {
        violation("lost log entry: " + signed);
      }
    }
    Map<RoundContext, Digest> answeredManifest = new HashMap<>();
    for (Map.Entry<Digest, Set<Integer>> answer : answers.entrySet()) {
      Optional<RoundRecord> round = ledger.roundOf(answer.getKey());
      if (round.isEmpty()) {
        violation("answers for a manifest that is not the first of its round");
        continue;
      }
      Digest before = answeredManifest.put(round.get().ctx(), answer.getKey());
      if (before != null) {
        violation("second opening of " + round.get());
      }
      checkCharge(round.get(), answer.getValue());
    }
    for (JobRecord job : ledger.jobs()) {
      checkBudget(ledger, job);
    }
  }

  private void checkCharge(RoundRecord round, Set<Integer> positions) {
    FederationRules rules = round.job().rules();
    if (positions.size() >= rules.threshold() - rules.maxCorrupt() && !round.charged()) {
      violation(round + " was answered by " + positions + " and is not charged");
    }
    if (!round.records().keySet().containsAll(positions)) {
      violation(round + ": answers of " + positions + ", records of " + round.records().keySet());
    }
  }

  private void checkBudget(FederationLedger ledger, JobRecord job) {
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    if (dataset == null || dataset.capUnits().isEmpty()) {
      return;
    }
    TreeMap<String, Long> spent = new TreeMap<>();
    for (JobRecord other : ledger.jobs()) {
      if (other.terms().dataset().equals(job.terms().dataset())) {
        for (RoundRecord round : other.rounds()) {
          round
              .validManifest()
              .filter(m -> openable(round, m.digest()))
              .ifPresent(
                  m -> m.fixed().silos().forEach(s -> spent.merge(s, round.price(), Long::sum)));
        }
      }
    }
    spent.forEach((silo, units) -> {
      if (units > dataset.capUnits().getAsLong()) {
        violation(silo + " spent " + units + " of " + dataset.capUnits());
      }
      if (units > ledger.budgets().committed(silo, dataset.scope())) {
        violation(silo + " spent " + units + ", the log says less");
      }
    });
  }

  /** Whether enough holders have answered that corrupt ones could complete the opening. */
  private boolean openable(RoundRecord round, Digest manifest) {
    return answers.getOrDefault(manifest, Set.of()).size()
        >= round.job().rules().threshold() - round.job().rules().maxCorrupt();
  }
}
