package io.concordat.aggregator.round;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.log.JobFacts;
import io.concordat.aggregator.log.LogIndex;
import io.concordat.aggregator.log.TilePublisher;
import io.concordat.aggregator.people.FirstTokens;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AggregatorHome;
import io.concordat.homes.AggregatorInit;
import io.concordat.homes.Home;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.policies.PolicyChain;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.AggregatorSetup;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.opening.AggregatorWorker;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.StatementSigner;
import io.quarkus.arc.DefaultBean;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Puts the loop together at the start and takes it apart at the end. */
@ApplicationScoped
public class Wiring {
  @Produces
  @Singleton
  @DefaultBean
  Federation federation(Home home, InstantSource clock) throws IOException, RefusedException {
    byte[] file = Files.readAllBytes(home.policyFile());
    byte[] signatures = Files.readAllBytes(home.policySignaturesFile());
    Policy policy;
    try {
      SignedPolicy signed =
          SignedPolicy.read(home.policyFile().toString(), file, PolicySignatures.read(signatures))
              .orThrow();
      // The aggregator has no stake in the policy; nodes pin its digest. What it checks here only
      // keeps it from
      // serving a file that every node would refuse.
      policy =
          PolicyChain.start(signed, signed.policy().digest())
              .orThrow()
              .inForce(clock.instant())
              .orThrow();
    } catch (DecodeException bad) {
      throw new IOException(home.policySignaturesFile() + ": " + bad.getMessage(), bad);
    }
    return federation(policy, file, signatures);
  }

  /** Everything that follows from a checked policy. */
  static Federation federation(Policy policy, byte[] file, byte[] signatures)
      throws RefusedException {
    FederationRules rules = RulesOfPolicy.of(policy);
    return new Federation(
        policy,
        file,
        signatures,
        rules,
        PolicyBook.of(rules),
        new PinnedJobReader(
            wanted -> wanted.equals(policy.digest()) ? Optional.of(policy) : Optional.empty()));
  }

  @Produces
  @Singleton
  NamedBlobs blobs(Home home, DataSource database) {
    return new NamedBlobs(home.blobs(), database);
  }

  @Produces
  @Singleton
  LateStore store(DataSource database, NamedBlobs blobs, Federation federation) {
    return new LateStore(
        new DatabaseStore(database, blobs, new LogIndex(file -> facts(federation, file))));
  }

  private static JobFacts facts(Federation federation, byte[] file) {
    JobPlan plan;
    try {
      plan = federation.plan(file);
    } catch (RefusedException refused) {
      throw new InvariantViolation("the log took a job that the policy does not allow", refused);
    }
    return new JobFacts(
        plan.specification().name(),
        plan.specification().dataset(),
        switch (plan.specification().analysis()) {
          case AnalysisSpec.Statistics statistics -> statistics.kind();
          case AnalysisSpec.Train train -> train.strategy().kind();
        },
        plan.terms().steps(),
        plan.specification().privacy().map(terms -> terms.epsilon().toString()).orElse(null),
        plan.specification().privacy().map(terms -> terms.delta().toString()).orElse(null));
  }

  @Produces
  @Singleton
  RoundDriver driver(
      AggregatorHome home,
      Federation federation,
      LateStore store,
      NamedBlobs blobs,
      InstantSource clock,
      AggregatorSettings settings,
      TilePublisher tiles)
      throws IOException {
    SigningKey key = AggregatorInit.readLogKey(home);
    if (!key.verifyingKey().equals(federation.rules().aggregator())) {
      throw new IllegalStateException(
          "the policy names another log key than "
              + home.logKeyFile()
              + ": put the line of "
              + home.logKeyLineFile()
              + " into the policy's log.keys");
    }
    AggregatorSetup setup =
        new AggregatorSetup(
            federation.rules(),
            federation.policies(),
            federation.jobs(),
            StatementSigner.of(key),
            new AggregatorSetup.Times(
                settings.rounds().collecting(),
                settings.rounds().acceptanceGrace(),
                settings.rounds().opening()));
    Logger.getLogger(Wiring.class).info(RingKernels.description());
    AtomicReference<RoundDriver> self = new AtomicReference<>();
    AggregatorWorker worker =
        new AggregatorWorker(
            blobs,
            store,
            RingKernels.best(),
            job -> jobOf(Objects.requireNonNull(self.get()), job));
    RoundDriver driver =
        new RoundDriver(
            () -> AggregatorCore.open(setup, store),
            store,
            worker::run,
            clock,
            writes -> tiles.wake());
    self.set(driver);
    return driver;
  }

  private static JobRecord jobOf(RoundDriver driver, Digest job) {
    return driver.look(core ->
        core.ledger()
            .job(job)
            .orElseThrow(() -> new InvariantViolation("a command for an unknown job")));
  }

  @Produces
  @Singleton
  TilePublisher tiles(Home home, Store store) {
    return new TilePublisher(home, store);
  }

  void start(
      @Observes @Priority(100) StartupEvent started,
      AggregatorHome home,
      Federation federation,
      InstantSource clock,
      RoundDriver driver,
      TilePublisher tiles,
      Housekeeping housekeeping)
      throws IOException {
    QuarkusTransaction.requiringNew()
        .call(() -> {
          FirstTokens.takeIn(home, clock.millis());
          return true;
        });
    Files.deleteIfExists(home.firstTokensFile());
    driver.start();
    tiles.start(() -> driver.look(AggregatorCore::checkpoint));
    housekeeping.start();
  }

  /** Which policies this log was run under, for exports. */
  private static void takeIn(Federation federation, long nowMillis) {
    Panache.getEntityManager()
        .createNativeQuery(
            "insert into policies (version, sha256, file, signatures, taken_at)"
                + " values (?1, ?2, ?3, ?4, ?5) on conflict (version) do nothing")
        .setParameter(1, federation.policy().version())
        .setParameter(2, federation.policy().digest().hex())
        .setParameter(3, federation.file())
        .setParameter(4, federation.signatures())
        .setParameter(5, nowMillis)
        .executeUpdate();
  }

  void stop(
      @Observes ShutdownEvent stopped,
      RoundDriver driver,
      TilePublisher tiles,
      Housekeeping housekeeping) {
    housekeeping.close();
    driver.close();
    tiles.close();
  }
}
