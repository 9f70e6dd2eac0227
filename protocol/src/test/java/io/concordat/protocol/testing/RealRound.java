package io.concordat.protocol.testing;

import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.ExactVector;
import io.concordat.protocol.contribution.BoxSecrets;
import io.concordat.protocol.contribution.Fetcher;
import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.contributor.ContributorMachine;
import io.concordat.protocol.contributor.ContributorState;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.opening.AggregatorWorker;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.round.RoundEvent.Attempt;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** One round with real ciphertexts, made with the workers of the services, step by step. */
public final class RealRound {
  public final Handmade log;
  public final RoundRecord round;
  public final MemoryFiles blobs = new MemoryFiles();
  public final MemoryRows rows = new MemoryRows();
  public final Map<String, SignedStatement> headers = new TreeMap<>();
  public final Map<String, ContributorEvent.Prepared> prepared = new TreeMap<>();
  private final AggregatorWorker aggregator;

  public RealRound(Handmade log, JobRecord job) {
    this.log = log;
    round = log.announce(job);
    aggregator = new AggregatorWorker(blobs, rows, RingKernels.best(), d -> job);
    for (String silo : log.silos) {
      contribute(silo);
    }
  }

  private void contribute(String silo) {
    if (!(run(
            silo,
            new NodeCommand.Contribute(
                new ContributorCommand.Prepare(round, ContributorMachine.boxKeys(round), 1)))
        instanceof NodeEvent.Contributed(ContributorEvent.Prepared p))) {
      throw new AssertionError("nothing was prepared at " + silo);
    }
    prepared.put(silo, p);
    ContributorState sealed =
        new ContributorMachine(silo)
            .seal(ContributorState.of(round.job()), round, p, log.signer(silo));
    SignedStatement header = sealed.seal().orElseThrow().header();
    headers.put(silo, header);
    blobs.files.put(
        Names.ciphertext(header.digest()), blobs.files.get(Names.prepared(round.ctx())));
    p.boxes()
        .forEach((position, box) ->
            rows.commit(List.of(new Write.Put(Names.heldBox(header.digest(), position), box))));
  }

  /** Runs a node's command with the real worker, as after a start. */
  public NodeEvent run(String silo, NodeCommand command) {
    return worker(silo).run(command).orElseThrow();
  }

  /** A node's worker, which remembers nothing yet. */
  public NodeWorker worker(String silo) {
    int index = log.silos.indexOf(silo);
    ExactGrant grant = ExactGrant.from(new Nobodys());
    return new NodeWorker(
        new NodeWorker.Means(
            silo,
            blobs,
            rows,
            new Secrets(index + 1),
            (r, state, counter) -> {
              long[] values = new long[(int) r.announcement().values()];
              Arrays.fill(values, 1L << index);
              return ExactVector.of(values, grant);
            },
            new NoFetcher(),
            new Random(index)::nextBytes,
            new byte[32],
            RingKernels.best(),
            () -> log.time));
  }

  /** The sum of the cohort, made and stored. */
  public RoundEvent.SumReady sum(List<String> cohort) {
    List<ContributionHeader> of =
        cohort.stream().map(s -> (ContributionHeader) headers.get(s).statement()).toList();
    if (aggregator.run(new RoundCommand.SumCohort(round.announcement(), of))
        instanceof AggregatorEvent.WorkDone(RoundEvent.SumReady ready)) {
      return ready;
    }
    throw new AssertionError("no sum");
  }

  public List<Member> members(List<String> cohort) {
    return cohort.stream().map(s -> new Member(s, headers.get(s).digest())).toList();
  }

  /** An honest manifest, in the log. */
  public CohortFixed fix(List<String> cohort) {
    RoundEvent.SumReady sum = sum(cohort);
    CohortFixed manifest =
        new CohortFixed(round.ctx(), members(cohort), log.positions(), sum.root(), sum.length());
    Handmade.good(log.byAggregator(manifest));
    return manifest;
  }

  /** A manifest over a sum object that is somebody's own. */
  public CohortFixed manifestOver(List<String> cohort, byte[] object) {
    return new CohortFixed(
        round.ctx(), members(cohort), log.positions(), DigestTree.of(object), object.length);
  }

  /** What a silo states about its own stored ciphertext. */
  public SignedStatement fingerprint(String silo, CohortFixed manifest) {
    SignedStatement header = headers.get(silo);
    byte[] own = blobs.files.get(Names.ciphertext(header.digest()));
    blobs.files.put(Names.prepared(round.ctx()), own);
    NodeEvent event =
        run(
            silo,
            new NodeCommand.Contribute(
                new ContributorCommand.ComputeFingerprint(
                    round.announcement(),
                    manifest,
                    manifest.digest(),
                    (ContributionHeader) header.statement())));
    if (event instanceof NodeEvent.Contributed(ContributorEvent.FingerprintComputed f)) {
      return SignedStatement.sign(
          new FingerprintStated(manifest.digest(), silo, f.value()), log.signer(silo));
    }
    throw new AssertionError("no fingerprint of " + silo);
  }

  /** A holder's honest answer. */
  public byte[] keySum(int position, CohortFixed manifest) {
    NodeEvent event =
        run(
            log.silos.get(position - 1),
            new NodeCommand.Hold(
                new HolderCommand.SumShares(
                    round.announcement(), manifest, manifest.digest(), position)));
    if (event instanceof NodeEvent.Held(HolderEvent.SharesSummed s)) {
      return s.object();
    }
    throw new AssertionError("no answer of " + position + ": " + event);
  }

  /** The aggregator's search over answers. */
  public Attempt tryOpening(CohortFixed manifest, TreeMap<Integer, byte[]> answers) {
    TreeMap<Integer, Digest> digests = new TreeMap<>();
    answers.forEach((position, object) -> {
      digests.put(position, Digests.sha256(object));
      rows.commit(List.of(new Write.Put(Names.keySum(manifest.digest(), position), object)));
    });
    if (aggregator.run(
            new RoundCommand.TryOpening(
                round.announcement(), manifest, manifest.digest(), log.rules.threshold(), digests))
        instanceof AggregatorEvent.WorkDone(RoundEvent.OpeningTried tried)) {
      return tried.attempt();
    }
    throw new AssertionError("no attempt");
  }

  /** Everything a silo is given to check a round, all of it honest but the sum perhaps. */
  public WorkItem.Opening material(CohortFixed manifest, List<Integer> answers) {
    List<SignedStatement> of = manifest.silos().stream().map(headers::get).toList();
    List<SignedStatement> prints =
        manifest.silos().stream().map(s -> fingerprint(s, manifest)).toList();
    List<SignedStatement> keySums = new ArrayList<>();
    List<byte[]> objects = new ArrayList<>();
    for (int position : answers) {
      byte[] object = keySum(position, manifest);
      objects.add(object);
      keySums.add(
          SignedStatement.sign(
              new KeySumStated(manifest.digest(), position, Digests.sha256(object)),
              log.signer(log.silos.get(position - 1))));
    }
    return new WorkItem.Opening(manifest.digest(), of, prints, keySums, objects, Optional.empty());
  }

  /** The claim that fits this material. */
  public RoundOpened claim(CohortFixed manifest, WorkItem.Opening material, Digest keySum) {
    byte[][] values =
        material.fingerprints().stream()
            .map(f -> ((FingerprintStated) f.statement()).value())
            .toArray(byte[][]::new);
    return new RoundOpened(
        manifest.digest(),
        log.positions().subList(0, log.rules.threshold()),
        Digests.sha256(values),
        keySum,
        Digests.sha256("next"));
  }

  /** The stored sum of a cohort. */
  public byte[] sumObject(List<String> cohort) {
    return blobs.files.get(
        Names.sum(round.ctx(), members(cohort).stream().map(Member::contribution).toList()));
  }

  public static BulkSource source(byte[] object) {
    return BulkSource.of(object);
  }

  /** Powers of two are nobody's secret. */
  private record Nobodys() implements ExactDecision {
    @Override
    public String dataset() {
      return Handmade.OPEN;
    }

    @Override
    public String job() {
      return "test";
    }

    @Override
    public boolean exactSumsAllowed() {
      return true;
    }
  }

  private final class Secrets implements BoxSecrets {
    @Override
    public void store(Digest job, int epoch, byte[] secret) {
      throw new AssertionError("box keys were made by hand");
    }

    @Override
    public Optional<byte[]> load(Digest job, int epoch) {
      return Optional.of(log.boxSecrets.get(position).clone());
    }

    @Override
    public void erase(Digest job, int throughEpoch) {
      // The next loads find it again: what a worker still holds itself is what tests ask for.
    }

    private final int position;

    Secrets(int position) {
      this.position = position;
    }
  }

  private static final class NoFetcher implements Fetcher {
    @Override
    public InputStream sum(Digest manifest) throws IOException {
      throw new IOException("nothing to fetch");
    }

    @Override
    public WorkItem.Opening opening(Digest manifest) throws IOException {
      throw new IOException("nothing to fetch");
    }

    @Override
    public InputStream ciphertext(Digest contribution) throws IOException {
      throw new IOException("nothing to fetch");
    }
  }
}
