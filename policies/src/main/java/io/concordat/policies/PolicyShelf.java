package io.concordat.policies;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The versions of the policy that one process holds checked copies of, for a log that runs on.
 *
 * <p>It begins with the process's own copy. A later version is taken by the two-threshold rule
 * ({@link PolicyChain}) and never because somebody sent it; an earlier one because the version
 * after it names its digest. What is taken is never replaced. Safe for use by several threads.
 */
public final class PolicyShelf implements PolicyBook {
  private record Held(SignedPolicy signed, FederationRules rules) {}

  private final ConcurrentSkipListMap<Integer, Held> held = new ConcurrentSkipListMap<>();
  private PolicyChain chain;

  private PolicyShelf(PolicyChain chain, FederationRules rules) {
    this.chain = chain;
    held.put(chain.newest().policy().version(), new Held(chain.newest(), rules));
  }

  /** A shelf that trusts this file as the process's own copy; its own threshold has signed it. */
  public static Outcome<PolicyShelf> of(SignedPolicy own) {
    return PolicyChain.start(own, own.policy().digest())
        .then(chain ->
            rulesOf(own.policy()).then(rules -> Outcome.accepted(new PolicyShelf(chain, rules))));
  }

  /** A version as a process finds it among its files. */
  public record Filed(int version, String name, byte[] file, byte[] signatures) {}

  /** The own copy and every other version found beside it, whatever their order. */
  public static Outcome<PolicyShelf> of(SignedPolicy own, List<Filed> others) {
    int first = own.policy().version();
    Outcome<PolicyShelf> shelf = of(own);
    for (Filed filed :
        others.stream()
            .sorted(
                Comparator.comparing((Filed f) -> f.version() > first)
                    .thenComparing(f -> f.version() > first ? f.version() : -f.version()))
            .toList()) {
      shelf =
          shelf.then(s ->
              s.take(filed.name(), filed.file(), filed.signatures())
                  .then(taken -> Outcome.accepted(s)));
    }
    return shelf;
  }

  /**
   * Takes a version. The very bytes that are here already are accepted again.
   *
   * @return the policy as read, or every reason why this is not the next version
   */
  public synchronized Outcome<Policy> take(String name, byte[] file, byte[] signatures) {
    PolicySignatures read;
    try {
      read = PolicySignatures.read(signatures);
    } catch (DecodeException e) {
      return Outcome.refused(
          Refusal.of(Code.POLICY_SIGNATURES, "the signatures do not read: " + e.getMessage()));
    }
    return SignedPolicy.read(name, file, read).then(this::take);
  }

  private Outcome<Policy> take(SignedPolicy signed) {
    Policy policy = signed.policy();
    Held same = held.get(policy.version());
    if (same != null) {
      return same.signed().policy().digest().equals(policy.digest())
          ? Outcome.accepted(same.signed().policy())
          : Outcome.refused(
              Refusal.of(
                  Code.POLICY_VERSION,
                  "version "
                      + policy.version()
                      + " is here already as "
                      + same.signed().policy().digest()));
    }
    if (policy.version() < held.firstKey()) {
      return earlier(signed);
    }
    return chain
        .next(signed)
        .then(longer ->
            rulesOf(policy)
                .then(rules -> {
                  chain = longer;
                  held.put(policy.version(), new Held(signed, rules));
                  return Outcome.accepted(policy);
                }));
  }

  /** History: the version after it, which is trusted, says which file it replaced. */
  private Outcome<Policy> earlier(SignedPolicy signed) {
    Policy policy = signed.policy();
    Policy oldest = held.firstEntry().getValue().signed().policy();
    if (policy.version() != oldest.version() - 1
        || !oldest.previous().equals(Optional.of(policy.digest()))) {
      return Outcome.refused(
          Refusal.of(
              Code.POLICY_VERSION,
              "not the version that version " + oldest.version() + " names as the one before it"));
    }
    return rulesOf(policy)
        .then(rules -> {
          held.put(policy.version(), new Held(signed, rules));
          return Outcome.accepted(policy);
        });
  }

  private static Outcome<FederationRules> rulesOf(Policy policy) {
    try {
      return Outcome.accepted(RulesOfPolicy.of(policy));
    } catch (RefusedException e) {
      return Outcome.refused(e.reasons());
    }
  }

  /** The oldest version here: the one that a log can begin with. */
  public SignedPolicy oldest() {
    return held.firstEntry().getValue().signed();
  }

  /** The newest version here, in force or not. */
  public SignedPolicy newest() {
    return held.lastEntry().getValue().signed();
  }

  /** The rules of the oldest version. */
  public FederationRules first() {
    return held.firstEntry().getValue().rules();
  }

  /** The rules of the newest version. */
  public FederationRules newestRules() {
    return held.lastEntry().getValue().rules();
  }

  /** All versions, oldest first. */
  public List<SignedPolicy> versions() {
    return held.values().stream().map(Held::signed).toList();
  }

  /** The version of this number. */
  public Optional<SignedPolicy> version(long version) {
    return held.values().stream()
        .map(Held::signed)
        .filter(s -> s.policy().version() == version)
        .findFirst();
  }

  /** The policy whose file has this digest. */
  public Optional<Policy> byDigest(Digest digest) {
    return held.values().stream()
        .map(h -> h.signed().policy())
        .filter(p -> p.digest().equals(digest))
        .findFirst();
  }

  /** Reads and prices jobs under the version that each is pinned to. */
  public PinnedJobReader jobs() {
    return new PinnedJobReader(this::byDigest);
  }

  @Override
  public Optional<FederationRules> rules(long version, Digest policy) {
    return held.values().stream()
        .map(Held::rules)
        .filter(r -> r.version() == version && r.policy().equals(policy))
        .findFirst();
  }

  @Override
  public boolean endsRunningJobs(FederationRules from, FederationRules to) {
    Optional<Policy> before = byDigest(from.policy());
    Optional<Policy> after = byDigest(to.policy());
    return before.isEmpty()
        || after.isEmpty()
        || PolicyDiff.endsRunningJobs(before.get(), after.get());
  }
}
