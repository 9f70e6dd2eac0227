package io.concordat.verify;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.Thaw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Freezes and decisions by hand, counted again from the entries themselves, and the versions that
 * were in force. Replay has judged each entry by the rules already; this says what came of them.
 */
final class AgreementStage {
  static final String VERSIONS = "Each version of the policy came into force after the one before";
  static final String FROZEN = "Nothing was opened while the federation was frozen";
  static final String DECIDED =
      "Institutions that decide by hand agreed before anything could be known";

  private record Decision(Digest job, String institution) {}

  private final Tally versions = new Tally(VERSIONS);
  private final Tally frozen = new Tally(FROZEN);
  private final List<String> inForce = new ArrayList<>();
  private final Map<Decision, Long> jobs = new HashMap<>();
  private final Map<Decision, Long> releases = new HashMap<>();
  private final Set<String> thaws = new TreeSet<>();
  private boolean ice;
  private int freezes;
  private long version;

  /** Takes an entry that replay found valid, with the ledger as it was after it. */
  void take(LogEntry entry, long index, FederationLedger ledger) {
    switch (entry.signed().statement()) {
      case PolicyActivated p -> {
        if (version != 0 && p.version() != version + 1) {
          versions.fault("entry " + index, "version " + p.version() + " after " + version);
        }
        version = p.version();
        versions.agree();
        inForce.add("version " + p.version() + " from entry " + index);
      }
      case Freeze f -> {
        ice = true;
        freezes++;
        thaws.clear();
      }
      case Thaw t -> {
        thaws.add(t.institution());
        thaws.retainAll(ledger.rules().institutions().keySet());
        ice &= thaws.size() < ledger.rules().policyThreshold();
      }
      case OpeningRecorded o -> {
        if (ice) {
          frozen.fault("entry " + index, "an opening record of " + entry.actor());
        } else {
          frozen.agree();
        }
      }
      case JobDecision d -> {
        Decision key = new Decision(d.job(), d.institution());
        if (d.kind() == JobDecision.Kind.APPROVED) {
          jobs.putIfAbsent(key, index);
        } else {
          jobs.remove(key);
        }
      }
      case ReleaseDecision d -> {
        if (d.kind() == ReleaseDecision.Kind.APPROVED) {
          releases.putIfAbsent(new Decision(d.job(), d.institution()), index);
        }
      }
      default -> {
        // Nothing that these checks are about.
      }
    }
  }

  void checks(FederationLedger ledger, List<Check> checks) {
    checks.add(
        versions.check(
            inForce.isEmpty()
                ? "one version from the first entry to the last"
                : String.join(", ", inForce)));
    checks.add(
        frozen.check(
            freezes
                + " freezes; "
                + frozen.agreed()
                + " opening records, all outside of them"
                + (ice ? "; it is frozen at the log's end" : "")));
    Tally decided = new Tally(DECIDED);
    for (JobRecord job : ledger.jobs()) {
      for (RoundRecord round : job.rounds()) {
        if (round.charged()) {
          round(job, round, decided);
        }
      }
    }
    checks.add(decided.check(decided.agreed() + " decisions stand before the rounds they are for"));
  }

  private void round(JobRecord job, RoundRecord round, Tally decided) {
    boolean last = round.step() == job.terms().steps() - 1;
    for (String silo : round.validManifest().orElseThrow().fixed().silos()) {
      if (job.decidesByHand(silo)) {
        before(jobs, job, silo, round, "no approval of the job", decided);
      }
      if (last && job.decidesReleaseByHand(silo)) {
        before(releases, job, silo, round, "no approval of the release", decided);
      }
    }
  }

  private static void before(
      Map<Decision, Long> decisions,
      JobRecord job,
      String silo,
      RoundRecord round,
      String missing,
      Tally decided) {
    Long at = decisions.get(new Decision(job.digest(), silo));
    if (at == null || at >= round.index()) {
      decided.fault(JobStage.name(job) + ", round " + round.number(), missing + " by " + silo);
    } else {
      decided.agree();
    }
  }
}
