package io.concordat.protocol.ledger;

import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.SubmitterEndorsed;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who may say what, and what the institutions agreed on apart from jobs. */
final class Agreement {
  private final PolicyBook policies;
  private final Map<String, TreeMap<String, Long>> declared = new HashMap<>();
  private final Map<VerifyingKey, SubmitterEndorsed> endorsed = new HashMap<>();
  private final Map<String, Long> freezeNumbers = new HashMap<>();
  private final Set<String> thaws = new HashSet<>();
  private FederationRules rules;
  private boolean frozen;
  private Optional<Refusal> stalled = Optional.empty();

  Agreement(FederationRules rules, PolicyBook policies) {
    this.rules = rules;
    this.policies = policies;
  }

  FederationRules rules() {
    return rules;
  }

  boolean frozen() {
    return frozen;
  }

  Optional<Refusal> stalled() {
    return stalled;
  }

  long freezeNumber(String institution) {
    return freezeNumbers.getOrDefault(institution, 0L);
  }

  SortedMap<String, Long> declared(String dataset) {
    return Collections.unmodifiableSortedMap(declared.getOrDefault(dataset, new TreeMap<>()));
  }

  Optional<SubmitterEndorsed> endorsement(VerifyingKey submitter) {
    return Optional.ofNullable(endorsed.get(submitter));
  }

  /** What holds for every entry: the log's beginning, federation, policy, and whose key it is. */
  Optional<Refusal> checkFrame(LogEntry entry, long index) {
    if ((index == 0) != (entry.signed().statement() instanceof Genesis)) {
      return refuse(Code.LOG_ENTRY, "federation.genesis is the first entry and only that");
    }
    if (!entry.federation().equals(rules.federation())) {
      return refuse(Code.POLICY_FEDERATION, "entry of federation " + entry.federation());
    }
    if (entry.policyVersion() != rules.version() || !entry.policy().equals(rules.policy())) {
      return refuse(
          Code.POLICY_MISMATCH,
          "entry under version " + entry.policyVersion() + ", in force is " + rules.version());
    }
    return checkSigner(entry);
  }

  private Optional<Refusal> checkSigner(LogEntry entry) {
    return switch (entry.type()) {
      case GENESIS,
          POLICY_ACTIVATED,
          JOB_ENDED,
          ROUND_ANNOUNCED,
          COHORT_FIXED,
          ROUND_OPENED,
          ROUND_OVERFLOW,
          ROUND_SPOILED ->
          byAggregator(entry);
      case NOTICE ->
          entry.actor().equals(LogEntry.AGGREGATOR)
              ? byAggregator(entry)
              : byNode(entry, entry.actor());
      case JOB_SUBMITTED ->
          entry.actor().equals(LogEntry.SUBMITTER)
                  && entry.signed().statement() instanceof JobSubmitted job
                  && job.submitter().equals(entry.signed().signer())
              ? Optional.empty()
              : stranger(entry);
      case DATASET_DECLARED,
          BOX_KEY_PUBLISHED,
          SUBMITTER_ENDORSED,
          JOB_APPROVED,
          JOB_REJECTED,
          OPENING_RECORDED,
          FREEZE,
          THAW ->
          speaker(entry).map(id -> byNode(entry, id)).orElseGet(() -> stranger(entry));
      case CONTRIBUTION, ACCEPTANCE, FINGERPRINT, KEY_SUM, WITNESS_INQUIRY, WITNESS_ANSWER ->
          stranger(entry);
    };
  }

  /** The institution in whose name the statement itself speaks. */
  private Optional<String> speaker(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case DatasetDeclared d -> Optional.of(d.silo());
      case BoxKeyPublished k -> rules.holder(k.position());
      case SubmitterEndorsed s -> Optional.of(s.institution());
      case JobDecision d -> Optional.of(d.institution());
      case OpeningRecorded o -> rules.holder(o.position());
      case Freeze f -> Optional.of(f.institution());
      default -> Optional.empty();
    };
  }

  private Optional<Refusal> byAggregator(LogEntry entry) {
    return entry.actor().equals(LogEntry.AGGREGATOR)
            && entry.signed().signer().equals(rules.aggregator())
        ? Optional.empty()
        : stranger(entry);
  }

  private Optional<Refusal> byNode(LogEntry entry, String institution) {
    return entry.actor().equals(institution)
            && rules
                .institution(institution)
                .filter(i -> i.nodeKey().equals(entry.signed().signer()))
                .isPresent()
        ? Optional.empty()
        : stranger(entry);
  }

  private static Optional<Refusal> stranger(LogEntry entry) {
    return refuse(
        Code.STATEMENT_SIGNER,
        entry.type().wireName() + " by " + entry.signed().signer() + " as " + entry.actor());
  }

  Optional<Refusal> check(LogEntry entry, long index) {
    return switch (entry.signed().statement()) {
      case Genesis g ->
          g.federation().equals(rules.federation())
                  && g.version() == rules.version()
                  && g.policy().equals(rules.policy())
              ? Optional.empty()
              : refuse(Code.POLICY_MISMATCH, "the log begins under another policy");
      case PolicyActivated p ->
          p.version() == rules.version() + 1
              ? Optional.empty()
              : refuse(Code.POLICY_VERSION, "version " + p.version() + " after " + rules.version());
      case DatasetDeclared d ->
          rules.datasets().containsKey(d.dataset())
                  && rules
                      .institution(d.silo())
                      .filter(FederationRules.Institution::silo)
                      .isPresent()
              ? Optional.empty()
              : refuse(Code.JOB_DATASET, "no dataset " + d.dataset() + " of silo " + d.silo());
      case Freeze f ->
          f.number() == freezeNumber(f.institution()) + 1
              ? Optional.empty()
              : refuse(Code.REQUEST_REPLAYED, "freeze or thaw number " + f.number());
      default -> Optional.empty();
    };
  }

  void take(LogEntry entry) {
    switch (entry.signed().statement()) {
      case PolicyActivated p ->
          policies
              .rules(p.version(), p.policy())
              .ifPresentOrElse(
                  next -> rules = next,
                  () ->
                      stalled =
                          refuse(
                              Code.POLICY_MISMATCH,
                              "version " + p.version() + " is in force and not on this node"));
      case DatasetDeclared d ->
          declared.computeIfAbsent(d.dataset(), k -> new TreeMap<>()).put(d.silo(), d.patients());
      case SubmitterEndorsed s -> endorsed.put(s.submitter(), s);
      case Freeze f -> {
        freezeNumbers.put(f.institution(), f.number());
        if (f.kind() == Freeze.Kind.FREEZE) {
          frozen = true;
          thaws.clear();
        } else if (frozen) {
          thaws.add(f.institution());
          frozen = thaws.size() < rules.policyThreshold();
        }
      }
      default -> {
        // Genesis and notices change nothing.
      }
    }
  }

  static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }
}
