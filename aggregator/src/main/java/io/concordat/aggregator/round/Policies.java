package io.concordat.aggregator.round;

import io.concordat.aggregator.log.LogSigner;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.DecodeException;
import io.concordat.homes.Home;
import io.concordat.homes.PolicyFolder;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Versions of the policy on this machine's disk, and the way a new one comes into force.
 *
 * <p>Order of effects: the file is checked, kept in the home, and only then named in the log. A
 * crash after the first two leaves a file that is not in force and can be sent again.
 */
@Singleton
public class Policies {
  private final Home home;
  private final Federation federation;
  private final RoundDriver driver;
  private final InstantSource clock;
  private final LogSigner signer;

  Policies(
      Home home, Federation federation, RoundDriver driver, InstantSource clock, LogSigner signer) {
    this.signer = signer;
    this.home = home;
    this.federation = federation;
    this.driver = driver;
    this.clock = clock;
  }

  /** Every version in the home besides the one it was started with. */
  static List<PolicyShelf.Filed> filed(Home home) throws IOException {
    List<PolicyShelf.Filed> out = new ArrayList<>();
    for (PolicyFolder.Version version : PolicyFolder.of(home).versions()) {
      out.add(
          new PolicyShelf.Filed(
              version.number(),
              "policies/" + version.number() + ".yaml",
              version.file(),
              version.signatures()));
    }
    return out;
  }

  /** What activating a version came to. */
  public record Activated(Policy policy, long entry, boolean endsRunningJobs) {}

  /**
   * Puts the next version into force.
   *
   * @throws ProblemException if it is not the next version, not signed by both thresholds, or not
   *     of this log
   */
  public synchronized Activated activate(byte[] file, byte[] signatures)
      throws IOException, InterruptedException {
    Policy policy = checked(file, signatures);
    FederationRules before = driver.look(core -> core.ledger().rules());
    PolicyFolder.of(home).keep(policy.version(), file, signatures);
    SignedPolicy kept = federation.policies().version(policy.version()).orElseThrow();
    QuarkusTransaction.requiringNew().run(() -> row(kept, clock.millis()));
    driver.take(new AggregatorEvent.PolicyArrived(policy.version(), policy.digest()));
    FederationRules now = driver.look(core -> core.ledger().rules());
    federation.follow(now);
    return new Activated(
        policy,
        driver.look(core -> core.ledger().activatedAt()),
        federation.policies().endsRunningJobs(before, now));
  }

  /** Refused before it is taken, since what a shelf has taken it keeps. */
  private Policy checked(byte[] file, byte[] signatures) {
    Outcome<SignedPolicy> read;
    try {
      read = SignedPolicy.read("policy.yaml", file, PolicySignatures.read(signatures));
    } catch (DecodeException e) {
      throw new ProblemException(Code.POLICY_SIGNATURES, String.valueOf(e.getMessage()));
    }
    Policy policy = accepted(read).policy();
    Optional<Refusal> early = PolicyReader.inForce(policy, clock.instant());
    if (early.isPresent()) {
      throw new ProblemException(early.get());
    }
    try {
      FederationRules next = RulesOfPolicy.of(policy);
      FederationRules first = federation.rules();
      if (!next.origin().equals(first.origin()) || !next.aggregator().equals(first.aggregator())) {
        throw new ProblemException(
            Code.POLICY_MISMATCH, "log.origin and log.keys must stay: another log begins anew");
      }
      Optional<String> misfit = signer.misfit(next);
      if (misfit.isPresent()) {
        throw new ProblemException(Code.POLICY_MISMATCH, misfit.get());
      }
    } catch (RefusedException e) {
      throw new ProblemException(e.reasons().getFirst());
    }
    return accepted(federation.policies().take("policy.yaml", file, signatures));
  }

  private static <T> T accepted(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Accepted<T>(T value) -> value;
      case Outcome.Refused<T>(List<Refusal> reasons) ->
          throw new ProblemException(reasons.getFirst());
    };
  }

  /** Which policies this log was run under, for those who read the database. */
  static void row(SignedPolicy version, long nowMillis) {
    Panache.getEntityManager()
        .createNativeQuery(
            "insert into policies (version, sha256, file, signatures, taken_at)"
                + " values (?1, ?2, ?3, ?4, ?5) on conflict (version) do nothing")
        .setParameter(1, version.policy().version())
        .setParameter(2, version.policy().digest().hex())
        .setParameter(3, version.file())
        .setParameter(4, version.signatures().write())
        .setParameter(5, nowMillis)
        .executeUpdate();
  }
}
