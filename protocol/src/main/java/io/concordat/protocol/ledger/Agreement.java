package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
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
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.protocol.statement.Thaw;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Who may say what, and what the institutions agreed on apart from jobs. */
final class Agreement {
  private final PolicyBook policies;
  private final Function<Statement, Optional<FederationRules>> pinned;
  private final Map<String, TreeMap<String, Long>> declared = new HashMap<>();
  private final Map<VerifyingKey, SubmitterEndorsed> endorsed = new HashMap<>();
  private final Map<String, Long> freezeNumbers = new HashMap<>();
  private final Map<String, Long> lastFreezes = new HashMap<>();
  private final Map<String, SiteDeclared> sites = new HashMap<>();
  private final TemplateBook templates = new TemplateBook();
  private final TreeMap<Long, FederationRules> history = new TreeMap<>();
  private FederationRules rules;
  private Optional<Frost> frost = Optional.empty();
  private Optional<Refusal> stalled = Optional.empty();

  /**
   * @param pinned the rules of the job that a statement about a position belongs to
   */
  Agreement(
      FederationRules rules,
      PolicyBook policies,
      Function<Statement, Optional<FederationRules>> pinned) {
    this.rules = rules;
    this.pinned = pinned;
    this.policies = policies;
    history.put(0L, rules);
  }

  FederationRules rules() {
    return rules;
  }

  /** The rules by which a head of this size is judged: those that its newest entry stands under. */
  FederationRules rulesAt(long size) {
    return history.floorEntry(size).getValue();
  }

  long activatedAt() {
    return Math.max(0, history.lastKey() - 2);
  }

  Optional<Frost> frost() {
    return frost;
  }

  /** Number of the institution's newest freeze in the log, 0 if there is none. */
  long lastFreeze(String institution) {
    return lastFreezes.getOrDefault(institution, 0L);
  }

  Optional<SiteDeclared> site(String institution) {
    return Optional.ofNullable(sites.get(institution));
  }

  /** Institutions that reviewed a template and are still in the policy. */
  SortedSet<String> reviewers(Digest template) {
    return templates.reviewers(template, rules);
  }

  TemplateBook templates() {
    return templates;
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
      case RELEASE_PUBLISHED ->
          byAggregator(entry).or(() -> checkLasting(entry, rules.lasting().releases()));
      case NOTICE ->
          entry.actor().equals(LogEntry.AGGREGATOR)
              ? byAggregator(entry)
              : byNode(entry, entry.actor());
      case JOB_SUBMITTED, TEMPLATE_SUBMITTED ->
          entry.actor().equals(LogEntry.SUBMITTER)
                  && submitter(entry).equals(Optional.of(entry.signed().signer()))
              ? Optional.empty()
              : stranger(entry);
      case DATASET_DECLARED,
          BOX_KEY_PUBLISHED,
          SITE_DECLARED,
          JOB_APPROVED,
          JOB_REJECTED,
          RELEASE_APPROVED,
          RELEASE_REJECTED,
          OPENING_RECORDED ->
          speaker(entry).map(id -> byNode(entry, id)).orElseGet(() -> stranger(entry));
      case SUBMITTER_ENDORSED, TEMPLATE_APPROVED ->
          speaker(entry)
              .map(id -> byNode(entry, id).or(() -> checkLasting(entry, nodeQuantum(id))))
              .orElseGet(() -> stranger(entry));
      case FREEZE, THAW ->
          speaker(entry)
                  .filter(
                      id -> entry.actor().equals(id) && rules.speaks(id, entry.signed().signer()))
                  .isPresent()
              ? Optional.empty()
              : stranger(entry);
      case CONTRIBUTION, ACCEPTANCE, FINGERPRINT, KEY_SUM, WITNESS_INQUIRY, WITNESS_ANSWER ->
          stranger(entry);
    };
  }

  /**
   * The institution in whose name the statement itself speaks. A position is a place in the policy
   * that the job is pinned to; whose key that institution has now, the policy in force says, so a
   * key that a newer version took away signs nothing any more.
   */
  private Optional<String> speaker(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case DatasetDeclared d -> Optional.of(d.silo());
      case BoxKeyPublished k -> pinned.apply(k).orElse(rules).holder(k.position());
      case SiteDeclared d -> Optional.of(d.institution());
      case TemplateApproved t -> Optional.of(t.institution());
      case ReleaseDecision d -> Optional.of(d.institution());
      case SubmitterEndorsed s -> Optional.of(s.institution());
      case JobDecision d -> Optional.of(d.institution());
      case OpeningRecorded o -> pinned.apply(o).orElse(rules).holder(o.position());
      case Freeze f -> Optional.of(f.institution());
      case Thaw t -> Optional.of(t.institution());
      default -> Optional.empty();
    };
  }

  /** The person in whose name the statement itself speaks. */
  private static Optional<VerifyingKey> submitter(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case JobSubmitted job -> Optional.of(job.submitter());
      case TemplateSubmitted template -> Optional.of(template.submitter());
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

  private Optional<Digest> nodeQuantum(String institution) {
    return rules.institution(institution).flatMap(FederationRules.Institution::nodeQuantum);
  }

  /**
   * Where the policy names an ML-DSA key beside the one that signed, its signature has to stand
   * there too. That both hold was checked when the entry was read; here it is asked whose they are,
   * for anybody can make a key.
   */
  private static Optional<Refusal> checkLasting(LogEntry entry, Optional<Digest> named) {
    Optional<Digest> found = entry.signed().lasting().map(s -> s.key().fingerprint());
    return named.isEmpty() || named.equals(found)
        ? Optional.empty()
        : refuse(
            Code.STATEMENT_SIGNER,
            entry.type().wireName()
                + (found.isEmpty()
                    ? " without the ML-DSA signature that the policy asks for"
                    : " with an ML-DSA signature by a key that the policy does not name"));
  }

  private static Optional<Refusal> stranger(LogEntry entry) {
    return refuse(
        Code.STATEMENT_SIGNER,
        entry.type().wireName() + " by " + entry.signed().signer() + " as " + entry.actor());
  }

  Optional<Refusal> check(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case Genesis g ->
          g.federation().equals(rules.federation())
                  && g.version() == rules.version()
                  && g.policy().equals(rules.policy())
              ? Optional.empty()
              : refuse(Code.POLICY_MISMATCH, "the log begins under another policy");
      case PolicyActivated p -> checkActivation(entry, p);
      case DatasetDeclared d ->
          rules.datasets().containsKey(d.dataset())
                  && rules
                      .institution(d.silo())
                      .filter(FederationRules.Institution::silo)
                      .isPresent()
              ? Optional.empty()
              : refuse(Code.JOB_DATASET, "no dataset " + d.dataset() + " of silo " + d.silo());
      case TemplateSubmitted t ->
          endorsement(t.submitter()).isEmpty()
              ? refuse(Code.JOB_SUBMITTER, "no institution endorsed " + t.submitter())
              : templates.check(t);
      case TemplateApproved t -> templates.check(t);
      case Freeze f -> checkNumber(f.institution(), f.number());
      case Thaw t -> checkNumber(t.institution(), t.number()).or(() -> checkThaw(t));
      default -> Optional.empty();
    };
  }

  private Optional<Refusal> checkActivation(LogEntry entry, PolicyActivated p) {
    if (p.version() != rules.version() + 1) {
      return refuse(Code.POLICY_VERSION, "version " + p.version() + " after " + rules.version());
    }
    Optional<FederationRules> found = policies.rules(p.version(), p.policy());
    if (found.isEmpty()) {
      // Not a fault of the entry: whoever lacks the file stops when it is taken.
      return Optional.empty();
    }
    FederationRules next = found.get();
    if (!next.federation().equals(rules.federation())) {
      return refuse(Code.POLICY_FEDERATION, next.federation());
    }
    if (!next.origin().equals(rules.origin()) || !next.aggregator().equals(rules.aggregator())) {
      return refuse(
          Code.POLICY_MISMATCH, "another log or another key of it: that begins a new log");
    }
    if (entry.time().isBefore(next.notBefore())) {
      return refuse(Code.POLICY_NOT_YET, next.notBefore().toString());
    }
    if (!entry.time().isBefore(next.expires())) {
      return refuse(Code.POLICY_EXPIRED, next.expires().toString());
    }
    // What the first version names nobody can have reviewed in this log before it began; a job that
    // runs such a graph waits for its reviewers. Later ones have them before they are named.
    return next.templates().stream()
        .filter(t -> !rules.templates().contains(t) && !templates.reviewed(t, rules))
        .findFirst()
        .flatMap(t -> refuse(Code.POLICY_TEMPLATE, t + " was reviewed by " + reviewers(t)));
  }

  private Optional<Refusal> checkNumber(String institution, long number) {
    long last = freezeNumber(institution);
    return number > last
        ? Optional.empty()
        : refuse(Code.REQUEST_REPLAYED, "freeze or thaw number " + number + " after " + last);
  }

  private Optional<Refusal> checkThaw(Thaw t) {
    if (frost.isEmpty()) {
      return refuse(Code.POLICY_NOT_FROZEN, "nothing to thaw");
    }
    return frost.get().index() == t.freeze()
        ? Optional.empty()
        : refuse(
            Code.POLICY_NOT_FROZEN,
            "the newest freeze is entry " + frost.get().index() + ", not " + t.freeze());
  }

  void take(LogEntry entry, long index) {
    switch (entry.signed().statement()) {
      case PolicyActivated p ->
          policies
              .rules(p.version(), p.policy())
              .ifPresentOrElse(
                  next -> {
                    rules = next;
                    // A head whose newest entry is the activation itself stands under the old one.
                    history.put(index + 2, next);
                  },
                  () ->
                      stalled =
                          refuse(
                              Code.POLICY_MISMATCH,
                              "version " + p.version() + " is in force and not on this node"));
      case DatasetDeclared d ->
          declared.computeIfAbsent(d.dataset(), k -> new TreeMap<>()).put(d.silo(), d.patients());
      case SubmitterEndorsed s -> endorsed.put(s.submitter(), s);
      case SiteDeclared d -> sites.put(d.institution(), d);
      case TemplateSubmitted t -> templates.take(t);
      case TemplateApproved t -> templates.take(t);
      case Freeze f -> {
        freezeNumbers.put(f.institution(), f.number());
        lastFreezes.put(f.institution(), f.number());
        // Thaws given for an earlier freeze are used up: the new one needs the threshold afresh.
        frost = Optional.of(new Frost(f.institution(), index, f.reason(), new TreeSet<>()));
      }
      case Thaw t -> {
        freezeNumbers.put(t.institution(), t.number());
        frost = frost.map(f -> f.with(t.institution())).filter(f -> !thawed(f));
      }
      default -> {
        // Genesis and notices change nothing.
      }
    }
  }

  /** Counted by the policy in force: a voice that a newer version took away does not count. */
  private boolean thawed(Frost f) {
    return f.thaws().stream().filter(rules.institutions()::containsKey).count()
        >= rules.policyThreshold();
  }

  static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }
}
