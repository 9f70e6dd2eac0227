package io.concordat.verify;

import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.tile.DirectoryLogFiles;
import io.concordat.audit.tile.TileReader;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.policies.PolicyDiff;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.ledger.Verdict;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.RoundOpened;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The whole log, entry by entry, under the reader's policies. */
final class ReplayStage {
  static final String SIGNERS = "Every entry of the log is signed by a key that the policy names";
  static final String RULES = "Every entry of the log keeps the rules of the protocol";
  static final String IN_FORCE = "The policy was in force when it was used";

  private static final int AT_ONCE = 256;

  private ReplayStage() {}

  /**
   * What the log comes to.
   *
   * @param openedAt where the log says that a manifest's round opened
   */
  record Replayed(
      FederationLedger ledger, Map<Digest, Long> openedAt, Map<Digest, Policy> policies) {}

  static Optional<Replayed> run(
      PackFiles pack, Checkpoint head, TreeMap<Integer, Policy> versions, List<Check> checks)
      throws IOException {
    Map<Digest, Policy> policies = new HashMap<>();
    versions.values().forEach(p -> policies.put(p.digest(), p));
    TileReader reader = new TileReader(DirectoryLogFiles.rebuildable(pack.root()), head.size());
    Tally signers = new Tally(SIGNERS);
    Tally rules = new Tally(RULES);
    Tally inForce = new Tally(IN_FORCE);
    Map<Digest, Long> openedAt = new HashMap<>();
    Map<String, Integer> kinds = new TreeMap<>();
    AgreementStage agreement = new AgreementStage();
    FederationLedger ledger;
    try {
      if (head.size() == 0) {
        throw new DecodeException("the log is empty");
      }
      ledger = begin(reader.entry(0), policies);
      for (long from = 0; from < head.size(); from += AT_ONCE) {
        long to = Math.min(head.size(), from + AT_ONCE);
        for (byte[] leaf : reader.entries(from, to)) {
          take(
              ledger,
              leaf,
              whole(pack, leaf, ledger.size()),
              policies,
              new Tally[] {signers, rules, inForce},
              openedAt,
              kinds,
              agreement);
        }
      }
    } catch (DecodeException | IOException | RefusedException e) {
      checks.add(Check.failed(RULES, "the log cannot be replayed: " + e.getMessage()));
      return Optional.empty();
    }
    ledger.stalled().ifPresent(r -> rules.fault("policy", r.toString()));
    if (!ledger.frontier().root().equals(head.root())) {
      rules.fault("log", "the entries replayed are not those of the signed head");
    }
    checks.add(signers.check(signers.agreed() + " entries: " + counted(kinds)));
    checks.add(rules.check(rules.agreed() + " entries replayed in order, none refused"));
    checks.add(
        inForce.check(
            inForce.agreed()
                + " submissions, announcements, manifests and opening records fall between"
                + " notBefore and expires of the version they name"));
    agreement.checks(ledger, checks);
    return Optional.of(new Replayed(ledger, openedAt, policies));
  }

  private static FederationLedger begin(byte[] first, Map<Digest, Policy> policies)
      throws DecodeException, RefusedException {
    LogEntry genesis = LogEntry.read(first);
    Policy policy = policies.get(genesis.policy());
    if (policy == null) {
      throw new DecodeException(
          "it begins under policy version "
              + genesis.policyVersion()
              + " ("
              + genesis.policy()
              + "), which neither you nor the pack has in good order");
    }
    Map<Digest, FederationRules> known = new HashMap<>();
    for (Policy version : policies.values()) {
      known.put(version.digest(), RulesOfPolicy.of(version));
    }
    return new FederationLedger(
        RulesOfPolicy.of(policy),
        new Versions(known, policies),
        new PinnedJobReader(digest -> Optional.ofNullable(policies.get(digest))));
  }

  /** The reader's versions, with the rule by which nodes end jobs. */
  private record Versions(Map<Digest, FederationRules> known, Map<Digest, Policy> policies)
      implements PolicyBook {
    @Override
    public Optional<FederationRules> rules(long version, Digest policy) {
      return Optional.ofNullable(known.get(policy)).filter(r -> r.version() == version);
    }

    @Override
    public boolean endsRunningJobs(FederationRules from, FederationRules to) {
      Policy before = policies.get(from.policy());
      Policy after = policies.get(to.policy());
      return before == null || after == null || PolicyDiff.endsRunningJobs(before, after);
    }
  }

  /** Without the manifest that it names nobody knows what the entry said, so nothing follows. */
  private static byte[] whole(PackFiles pack, byte[] leaf, long index)
      throws IOException, DecodeException {
    try {
      return pack.entry(leaf);
    } catch (DecodeException missing) {
      throw new DecodeException("entry " + index + ": " + missing.getMessage());
    }
  }

  private static void take(
      FederationLedger ledger,
      byte[] leaf,
      byte[] bytes,
      Map<Digest, Policy> policies,
      Tally[] tallies,
      Map<Digest, Long> openedAt,
      Map<String, Integer> kinds,
      AgreementStage agreement) {
    long index = ledger.size();
    String where = "entry " + index;
    LogEntry entry;
    try {
      // Verifies the signature as well.
      entry = LogEntry.read(bytes);
    } catch (DecodeException e) {
      ledger.apply(bytes);
      tallies[0].fault(where, String.valueOf(e.getMessage()));
      return;
    }
    kinds.merge(entry.type().wireName(), 1, Integer::sum);
    Verdict verdict = ledger.apply(entry, leaf);
    Optional<Refusal> reason = verdict.reason();
    if (reason.filter(r -> r.code() == Code.STATEMENT_SIGNER).isPresent()) {
      tallies[0].fault(where, reason.get().toString());
    } else {
      tallies[0].agree();
      reason.ifPresentOrElse(
          r -> tallies[1].fault(where + ", " + entry.type().wireName(), r.toString()),
          tallies[1]::agree);
    }
    if (reason.isEmpty()) {
      agreement.take(entry, index, ledger);
    }
    if (reason.isEmpty() && entry.signed().statement() instanceof RoundOpened opened) {
      openedAt.putIfAbsent(opened.manifest(), index);
    }
    boolean uses =
        switch (entry.type()) {
          case JOB_SUBMITTED, ROUND_ANNOUNCED, COHORT_FIXED, OPENING_RECORDED -> true;
          default -> false;
        };
    Policy policy = policies.get(entry.policy());
    if (!uses || policy == null) {
      return;
    }
    if (!policy.inForceAt(entry.time())) {
      tallies[2].fault(
          where,
          entry.time()
              + " is outside of "
              + policy.notBefore()
              + " to "
              + policy.expires()
              + ", version "
              + policy.version());
    } else {
      tallies[2].agree();
    }
  }

  private static String counted(Map<String, Integer> kinds) {
    StringBuilder out = new StringBuilder();
    kinds.forEach((kind, count) ->
        out.append(out.isEmpty() ? "" : ", ").append(count).append(' ').append(kind));
    return out.toString();
  }
}
