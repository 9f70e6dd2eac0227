package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.PolicyFolder;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.request.RequestSigner;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.silonode.boxes.SecretFiles;
import io.concordat.silonode.config.SiloSettings;
import io.concordat.silonode.datasets.LoadedDatasets;
import io.concordat.silonode.datasets.RoundVectors;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.Dialler;
import io.concordat.silonode.store.SiloStore;
import io.concordat.silonode.training.Contributions;
import io.concordat.silonode.training.PyTorch;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Puts the node together and starts it: the only place that knows all of its rooms. */
@Singleton
public class NodeService {
  private static final Logger LOG = Logger.getLogger(NodeService.class);

  private final SiloSettings settings;
  private final Membership membership;
  private final SigningKey nodeKey;
  private final byte[] nodeSecret;
  private final Dialler dialler;
  private final AggregatorLink link;
  private final CertificateRenewal renewal;
  private final Outbox outbox;
  private final NodeDriver driver;
  private final WorkPoll poll;
  private final FreezeFolder freezes;
  private final OverlayWatch overlay;
  private final ConcurrentMap<Digest, LoadedDatasets> records = new ConcurrentHashMap<>();
  private final CompletableFuture<LoadedDatasets> datasets = new CompletableFuture<>();
  private final InstantSource clock;
  private volatile boolean started;

  NodeService(
      SiloSettings settings,
      SiloHome silo,
      DataSource database,
      Randomness randomness,
      InstantSource clock)
      throws IOException, DecodeException {
    this.settings = settings;
    this.clock = clock;
    nodeKey = SiloInit.readNodeKey(silo);
    nodeSecret = SiloInit.readNodeSecret(silo);
    membership = Membership.read(silo.home(), settings.institution(), nodeKey.verifyingKey());
    overlay = new OverlayWatch(silo.overlayFile());
    NodeTls tls = new NodeTls(silo, settings, randomness);
    dialler = new Dialler(tls.context(), tls.proxy());
    link = link(randomness);
    EarlierVersions.fetch(membership.policies(), PolicyFolder.of(silo.home()), link);
    renewal =
        new CertificateRenewal(
            silo,
            membership.institution(),
            tls,
            dialler,
            link,
            nodeKey,
            randomness,
            clock,
            settings.renewalCheck());
    NamedBlobs blobs = new NamedBlobs(silo.home().blobs(), database);
    SiloStore store = new SiloStore(database, blobs);
    LateStore rows = new LateStore(store);
    LOG.info(RingKernels.description());
    NodeWorker worker =
        new NodeWorker(
            new NodeWorker.Means(
                membership.institution(),
                blobs,
                rows,
                new SecretFiles(silo.boxes()),
                new RoundVectors(
                    digest -> new Contributions(pinned(digest), randomness, nodeSecret),
                    this::recordsUnder),
                link,
                randomness,
                nodeSecret,
                RingKernels.best(),
                clock));
    NodeSetup setup =
        new NodeSetup(
            membership.institution(),
            membership.rules(),
            membership.policies(),
            membership.jobs(),
            membership.site(),
            StatementSigner.of(nodeKey),
            randomness);
    Boarding boarding = new Boarding();
    outbox = new Outbox(link, rows, blobs, boarding, System::nanoTime, this::answered);
    driver =
        new NodeDriver(
            () -> NodeCore.open(setup, rows),
            store,
            rows,
            worker::run,
            outbox::send,
            clock,
            new MachineWatch(MachineWatch.ofThisMachine(clock)),
            boarding,
            this::opened);
    freezes = new FreezeFolder(silo.freezes(), driver);
    poll =
        new WorkPoll(
            outbox,
            driver,
            new PolicyArrivals(
                membership.policies(), PolicyFolder.of(silo.home()), link, this::policyCame),
            this::caughtUp);
    PyTorch.configure(PyTorch.folder(System.getenv(), silo.home().root()));
  }

  private AggregatorLink link(Randomness randomness) {
    return new AggregatorLink(
        settings.aggregator(),
        dialler,
        new RequestSigner(
            membership.rules().federation(),
            nodeKey.verifyingKey(),
            nodeKey::signForeign,
            randomness),
        clock);
  }

  /** Begins to work: reads the records, polls, sends what was left to be sent. */
  public void start() throws IOException, DecodeException {
    renewal.start();
    Thread.ofPlatform().name("records").daemon().start(this::readDatasets);
    driver.start();
    freezes.start();
    poll.start();
    started = true;
  }

  private void readDatasets() {
    try {
      LoadedDatasets loaded = recordsUnder(membership.policy().digest());
      loaded
          .states()
          .forEach((id, state) -> {
            state.findings().forEach(sentence -> LOG.warnf("%s", sentence));
            LOG.infof("Dataset %s: %s", id, words(state));
          });
      datasets.complete(loaded);
      offerDatasets(loaded);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.error("The records could not be read", bug);
      datasets.completeExceptionally(bug);
    }
  }

  private Policy pinned(Digest policy) {
    return membership
        .policies()
        .byDigest(policy)
        .orElseThrow(() -> new InvariantViolation("a job is pinned to a policy not held here"));
  }

  /** The records as a version of the policy describes them, read once for each version. */
  private LoadedDatasets recordsUnder(Digest policy) {
    return records.computeIfAbsent(
        policy,
        digest -> {
          Map<String, List<Path>> files = new TreeMap<>();
          settings.datasets().forEach((id, dataset) -> files.put(id, dataset.files()));
          return LoadedDatasets.read(files, pinned(digest), nodeSecret);
        });
  }

  static String words(LoadedDatasets.State state) {
    return switch (state) {
      case LoadedDatasets.State.Loaded loaded ->
          loaded.records().patients() + " patients, " + loaded.leftOut() + " rows left out";
      case LoadedDatasets.State.Unusable _ -> "cannot be used";
    };
  }

  private void offerDatasets(LoadedDatasets loaded) throws InterruptedException {
    for (Map.Entry<String, LoadedDatasets.State> dataset : loaded.states().entrySet()) {
      if (dataset.getValue() instanceof LoadedDatasets.State.Loaded usable) {
        driver.take(new NodeEvent.DatasetReady(dataset.getKey(), usable.records().patients()));
      }
    }
  }

  /** The records are read as the new version describes them, beside the work that goes on. */
  private void policyCame() {
    if (started) {
      Thread.ofPlatform().name("records").daemon().start(this::readAgain);
    }
  }

  private void readAgain() {
    try {
      offerDatasets(recordsUnder(membership.policy().digest()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.error("The records could not be read under the new policy", bug);
    }
  }

  private void answered(NodeEvent event) throws InterruptedException {
    driver.take(event);
  }

  private void opened(int times) {
    if (times > 1) {
      poll.startOver();
    }
  }

  /** What the core is told again after each replay: it remembers nothing of this itself. */
  private void caughtUp() {
    long entries = driver.look(core -> core.ledger().size());
    LOG.infof("The log is replayed: %d entries", entries);
    try {
      if (datasets.isDone() && !datasets.isCompletedExceptionally()) {
        offerDatasets(datasets.join());
      }
      for (Map.Entry<String, String> person : settings.endorse().entrySet()) {
        VerifyingKey key = VerifyingKey.parse(person.getValue());
        if (driver.look(core -> core.ledger().endorsement(key)).isEmpty()) {
          driver.take(new NodeEvent.Endorse(key, person.getKey()));
        }
      }
    } catch (DecodeException bad) {
      LOG.errorf("concordat.endorse: %s", bad.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  public Membership membership() {
    return membership;
  }

  /** The policy in force, as the log says it. */
  public Policy policy() {
    return pinned(driver.look(core -> core.ledger().rules().policy()));
  }

  public NodeDriver driver() {
    return driver;
  }

  /** The records, once they are read. */
  public Optional<LoadedDatasets> datasets() {
    return datasets.isDone() && !datasets.isCompletedExceptionally()
        ? Optional.of(datasets.join())
        : Optional.empty();
  }

  /** How the connection to the aggregator stands, in a sentence. */
  public String connection() {
    return poll.words();
  }

  public boolean connected() {
    return poll.connected();
  }

  /** Whether the log was replayed to its end since the core was opened. */
  public boolean replayed() {
    return started && poll.replayed();
  }

  /** What keeps this node from its work, in sentences; empty if nothing does. */
  public List<String> troubles() {
    java.util.ArrayList<String> troubles = new java.util.ArrayList<>();
    driver.storageTrouble().ifPresent(troubles::add);
    driver.look(NodeCore::trouble).map(Refusal::toString).ifPresent(troubles::add);
    renewal.trouble().ifPresent(troubles::add);
    overlay.trouble().ifPresent(troubles::add);
    if (!policy().inForceAt(clock.instant())) {
      troubles.add("The policy is not in force today; ask for the next version.");
    }
    if (datasets.isCompletedExceptionally()) {
      troubles.add("The records could not be read; the log of this service says why.");
    }
    return List.copyOf(troubles);
  }

  @PreDestroy
  void stop() {
    renewal.close();
    poll.close();
    freezes.close();
    outbox.close();
    driver.close();
    link.close();
    nodeKey.destroy();
    Arrays.fill(nodeSecret, (byte) 0);
  }
}
