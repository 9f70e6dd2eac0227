package io.concordat.aggregator.round;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.log.JobFacts;
import io.concordat.aggregator.log.LogIndex;
import io.concordat.aggregator.log.LogSigner;
import io.concordat.aggregator.log.TilePublisher;
import io.concordat.aggregator.people.FirstTokens;
import io.concordat.aggregator.people.NodeRoster;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AggregatorHome;
import io.concordat.homes.AggregatorInit;
import io.concordat.homes.Home;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.AggregatorSetup;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.opening.AggregatorWorker;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.StatementSigner;
import io.quarkus.arc.DefaultBean;
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
    PolicyShelf shelf;
    try {
      SignedPolicy signed =
          SignedPolicy.read(home.policyFile().toString(), file, PolicySignatures.read(signatures))
              .orThrow();
      // The aggregator has no stake in the policy; nodes trust their own copies. What it checks
      // here only keeps it from serving a file that every node would refuse.
      shelf = PolicyShelf.of(signed, Policies.filed(home)).orThrow();
    } catch (DecodeException bad) {
      throw new IOException(home.policySignaturesFile() + ": " + bad.getMessage(), bad);
    }
    // Expiry is asked of the newest only: older versions are history.
    Optional<Refusal> over = PolicyReader.inForce(shelf.newest().policy(), clock.instant());
    if (over.isPresent()) {
      throw new RefusedException(over.get());
    }
    return new Federation(shelf);
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
        new DatabaseStore(
            database, blobs, new LogIndex((file, policy) -> facts(federation, file, policy))));
  }

  private static JobFacts facts(Federation federation, byte[] file, Digest policy) {
    JobPlan plan;
    try {
      plan = federation.plan(file, policy);
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
  LogSigner logSigner(AggregatorHome home) throws IOException {
    return new LogSigner(AggregatorInit.readLogKey(home));
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
      LogSigner signer,
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
    Optional<String> misfit = signer.misfit(federation.policies().newestRules());
    if (misfit.isPresent()) {
      throw new IllegalStateException(
          misfit.get() + ": put the lines of " + home.logKeyLineFile() + " into the policy's log");
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
      Housekeeping housekeeping,
      NodeRoster roster)
      throws IOException {
    roster.reload();
    QuarkusTransaction.requiringNew()
        .call(() -> {
          FirstTokens.takeIn(home, clock.millis());
          return true;
        });
    Files.deleteIfExists(home.firstTokensFile());
    QuarkusTransaction.requiringNew()
        .run(() -> federation.policies().versions().forEach(v -> Policies.row(v, clock.millis())));
    federation.follow(driver.look(core -> core.ledger().rules()));
    driver.start();
    tiles.start(() -> driver.look(AggregatorCore::checkpoint));
    housekeeping.start();
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
